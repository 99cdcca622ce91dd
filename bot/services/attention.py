"""Until when may a ticket that somebody has be quiet?

Acknowledging is not the end: every activity of ours postpones the moment at which its owner is paged again, and nothing
but activity does. Tickets that wait or are resolved may be quiet, and so may those that page in support hours alone
until these begin again.
"""

from datetime import datetime

from bot.domain.events import (
    Absorbed,
    Acknowledged,
    Assigned,
    Claimed,
    Event,
    Noted,
    Regraded,
    Released,
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
    Absorbed, Acknowledged, Assigned, Claimed, Noted, Regraded, Reopened, Replied, Snoozed, UpdateWritten,
    WaitingEnded, WaitingStarted, WorkStarted,
)  # fmt: skip
"""What shows that somebody of ours is at it."""

ENDS_REST = (Absorbed, Acknowledged, Assigned, Claimed, Regraded, Released, Reopened)
"""After these a ticket is no longer the one that somebody let rest: others have it, or it is of another weight."""


def noticed(work: Work, row: Ticket, event: Event, *, by: str, now: datetime) -> None:
    """Let an activity of ours postpone the moment at which the ticket counts as forgotten."""
    if isinstance(event, ENDS_REST):
        row.snoozed_until = None
    if isinstance(event, ACTIVITY) and not by.startswith("slack:"):
        plan(work, row, now=now)


def plan(work: Work, row: Ticket, *, now: datetime) -> None:
    """Give the ticket the moment at which its owner is paged again, or take it away where it may be quiet."""
    subject = str(row.number_known)
    handbook = work.handbook(row)
    quiet_for = handbook.escalation.quiet.get(Severity(row.severity))
    rests = State(row.state) not in WORKED_STATES - {State.WAITING}
    if quiet_for is None or row.owner is None or rests:
        deadlines.cancel(work.session, kind=KIND, subject=subject)
        return
    due_at = max(now + quiet_for, row.snoozed_until or now)
    if not handbook.pages_after_hours(row.tier, row.severity):
        due_at = handbook.calendar(row.tier, row.zone).next_opening(due_at)
    deadlines.arm(work.session, kind=KIND, subject=subject, due_at=due_at, ticket_number=row.number)
