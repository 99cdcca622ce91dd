"""What is done many at a time, and what is read for it at once?

After an hour without the desk, or at the hour itself, the updates of many tickets are due together. They are worked off
one by one, each as if it were alone, but in one transaction, and what that work asks of the database is read before.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from bot.services import customer_news, staff_news, timeline, views
from bot.services.desk import Work
from bot.store import (
    at_commit,
    audience,
    clocks,
    conversation,
    deadlines,
    gathered,
    incidents,
    marks,
    pages,
    people,
    remembered,
    rooms,
    shown,
    standing,
    tickets,
    trail,
)
from bot.store.deadlines import Due
from bot.store.tables import Ticket

KINDS = frozenset({"update"})
"""Deadlines whose work goes through one ticket and touches no other."""

AT_ONCE: Mapping[str, int] = MappingProxyType({"sqlite": 100, "postgresql": 50})
"""How many are worked off in one transaction; on PostgreSQL other processes have their share."""


def more(work: Work, first: Due, *, now: datetime) -> list[Due]:
    """Take what is due right after a deadline and of its kind, and read what the work on all of them needs.

    What others are at, and what failed before, is left where it is.
    """
    most = AT_ONCE[work.session.get_bind().dialect.name] - 1
    following = deadlines.alike_next(work.session, kind=first.kind, most=most, now=now)
    if not following or first.ticket_number is None:
        return []
    # The first one's ticket may have been waited for; those of the others are not.
    tickets.by_number(work.session, first.ticket_number, lock=True)
    held = tickets.gather(work.session, [first.ticket_number, *following.values()])
    free = [known for known, number in following.items() if number in held]
    taken = deadlines.take_these(work.session, free, now=now)
    if taken:
        _read(work, held)
    return taken


def each(work: Work, taken: Sequence[Due], do: Callable[..., None], *, now: datetime) -> None:
    """Do one after the other, each with what was read for its ticket and to its end before the next one begins.

    Where one armed something that is due before the next one, that comes first: the rest is left for later.
    """
    for place, due in enumerate(taken):
        if place and deadlines.is_overtaken(work.session, due):
            deadlines.give_back(work.session, taken[place:])
            return
        with gathered.in_hand(work.session, due.ticket_number or 0):
            do(work, due, now=now)
            at_commit.settle(work.session)


def _read(work: Work, by_number: Mapping[int, Ticket]) -> None:
    """Read everything that posting an update asks for."""
    session, found = work.session, list(by_number.values())
    # Where everybody's lines go is asked once.
    channel = remembered.value(session, staff_news.TRIAGE)
    if channel:
        audience.is_customers(session, channel)
    people.gather(session, by_number, customers={row.customer_id for row in found})
    for room in (pages, clocks, marks, incidents, rooms, conversation):
        room.gather(session, by_number)
    streams = {timeline.stream_of(row): number for number, row in by_number.items()}
    trail.gather(session, streams, kind=views.UPDATED)
    both = (customer_news.receipt_card, staff_news.ticket_card)
    standing.gather(session, {card_of(row): row.number_known for row in found for card_of in both})
    keys = {customer_news.update_key(row, nth=row.updates_sent + 1): number for number, row in by_number.items()}
    shown.gather(session, by_number, keys=keys, asked=staff_news.ASKED, unsent=customer_news.UNWRITTEN)
