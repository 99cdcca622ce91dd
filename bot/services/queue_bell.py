"""When is the queue looked at again: for who could take what, and for whether it is too long or too old?

Both are deadlines of their own, so that no look at many tickets happens inside somebody's click.
"""

from datetime import datetime

from bot.domain.events import (
    Assigned,
    Claimed,
    Closed,
    Declined,
    Event,
    Merged,
    Opened,
    Regraded,
    Released,
    Reopened,
    Resolved,
    StoodDown,
    WaitingEnded,
)
from bot.domain.handbook_queue import Queue
from bot.domain.ticket import Severity
from bot.services.desk import Work
from bot.store import deadlines
from bot.store.tables import Ticket

ASSIGN, QUEUE = "assign", "queue"
"""The kinds of the two deadlines. The first has one row, the second one for each severity."""

FREEING = (
    Assigned, Claimed, Closed, Declined, Merged, Opened, Regraded, Released, Reopened, Resolved, StoodDown,
    WaitingEnded,
)  # fmt: skip
"""After which events somebody may be free, or a ticket nobody's."""

COUNTING = (Closed, Declined, Merged, Opened, Regraded, Reopened, Resolved)
"""After which events the queue may have become longer or shorter."""


def noticed(work: Work, row: Ticket, event: Event, *, now: datetime) -> None:
    """Let the queue be looked at where an event may have changed it."""
    if isinstance(event, FREEING) and work.handbook(row).assignment.automatic:
        wake(work, at=now)
    if isinstance(event, COUNTING):
        count(work, {event.before, event.after} if isinstance(event, Regraded) else {Severity(row.severity)}, now=now)


def wake(work: Work, *, at: datetime) -> None:
    """Let assignments be looked at then."""
    deadlines.arm(work.session, kind=ASSIGN, subject="queue", due_at=at)


def settle(work: Work, *, now: datetime) -> None:
    """Let both be looked at now, at a start and after a change of the rota: rules and people may be others."""
    handbook = work.desk.handbooks.default.handbook
    if handbook.assignment.automatic:
        wake(work, at=now)
    count(work, set(Severity), now=now)


def count(work: Work, severities: set[Severity], *, now: datetime) -> None:
    """Let the queues of these severities be counted now, as far as the desk's own handbook limits them."""
    rules = work.desk.handbooks.default.handbook.queue
    for severity in sorted(severities & limited(rules)):
        deadlines.arm(work.session, kind=QUEUE, subject=severity.value, due_at=now)


def limited(rules: Queue) -> set[Severity]:
    """The severities whose queue has a limit."""
    return {*rules.open_at_most, *rules.oldest_at_most}
