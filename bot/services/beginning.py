"""What follows from the opening of a ticket: its clocks, who is paged, what everybody reads?

Who types a command waits for Slack's answer. Their ticket is committed with its timeline and confirmed; what follows is
a deadline that is due at once, in a transaction of its own. Whoever gets to the ticket first lets it begin: nobody ever
works on one that has not begun.
"""

from datetime import datetime, timedelta

from bot.domain.events import Opened
from bot.services import alike, announce, customer_news, ladder, paging, room_news, timeline, updates
from bot.services.desk import Work
from bot.store import deadlines, tickets
from bot.store.newborn import born
from bot.store.tables import Ticket

DEADLINE = "begin"

AHEAD_FOR = timedelta(days=1)
"""It may page somebody: it does not wait until all is worked off that fell due in an outage shorter than this."""


def later(work: Work, number: int, *, now: datetime) -> None:
    """Let a ticket that has not begun do so once this transaction has committed."""
    deadlines.arm(
        work.session, kind=DEADLINE, subject=str(number), due_at=now, ticket_number=number, ahead_for=AHEAD_FOR
    )


def due(work: Work, *, number: int, now: datetime) -> None:
    """Let a ticket begin that nobody has come to before."""
    row = tickets.begin(work.session, number)
    if row is not None:
        _go_on(work, row, now=now)


def begin_opened(work: Work, row: Ticket, *, now: datetime) -> None:
    """Let a ticket begin whose opening was committed before; its row is locked."""
    row.begun = True
    _go_on(work, row, now=now)


def begin(work: Work, row: Ticket, event: Opened, *, by: str, now: datetime) -> None:
    """Start the clocks, page whom the handbook pages, let everybody hear of it, and plan the updates."""
    announce.heard(work, row, event, by=by, now=now)
    paging.page_if_due(work, row, by=ladder.BOT, now=now)
    customer_news.question(work, row, now=now)
    updates.plan(work, row, now=now)
    alike.later(work, row, now=now)
    room_news.open_if_asked(work, row, now=now)


def _go_on(work: Work, row: Ticket, *, now: datetime) -> None:
    # Nobody else has had it: what a ticket of this very transaction lacks, it lacks too.
    born(work.session, row.number_known)
    (_, by, event), *_ = timeline.events_of(work, row)
    if not isinstance(event, Opened):
        raise TypeError(f"the timeline of {row.id} does not begin with its opening")
    begin(work, row, event, by=by, now=now)
