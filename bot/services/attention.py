"""Until when may a ticket that somebody has be quiet?

Acknowledging is not the end: every activity of ours postpones the moment at which its owner is paged again, and nothing
but activity does. Tickets that wait or are resolved may be quiet.
"""

from datetime import datetime

from bot.domain.events import (
    Acknowledged,
    Assigned,
    Claimed,
    Event,
    Noted,
    Regraded,
    Reopened,
    Replied,
    Snoozed,
    UpdateWritten,
    WaitingEnded,
    WaitingStarted,
    WorkStarted,
)
from bot.domain.ticket import WORKED_STATES, Severity, State
from bot.services.desk import Work
from bot.store import deadlines
from bot.store.tables import Ticket

KIND = "quiet"

ACTIVITY = (
    Acknowledged, Assigned, Claimed, Noted, Regraded, Reopened, Replied, Snoozed, UpdateWritten, WaitingEnded,
    WaitingStarted, WorkStarted,
)  # fmt: skip
"""What shows that somebody of ours is at it."""


def noticed(work: Work, row: Ticket, event: Event, *, by: str, now: datetime) -> None:
    """Let an activity of ours postpone the moment at which the ticket counts as forgotten."""
    if isinstance(event, ACTIVITY) and not by.startswith("slack:"):
        plan(work, row, now=now)


def plan(work: Work, row: Ticket, *, now: datetime) -> None:
    """Give the ticket the moment at which its owner is paged again, or take it away where it may be quiet."""
    subject = str(row.number_known)
    quiet_for = work.handbook(row).escalation.quiet.get(Severity(row.severity))
    rests = State(row.state) not in WORKED_STATES - {State.WAITING}
    if quiet_for is None or row.owner is None or rests:
        deadlines.cancel(work.session, kind=KIND, subject=subject)
        return
    due_at = max(now + quiet_for, row.snoozed_until or now)
    deadlines.arm(work.session, kind=KIND, subject=subject, due_at=due_at, ticket_number=row.number)
