"""Which clocks run for a ticket? Rows as the fold over its timeline last gave them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from bot.store import gathered, later
from bot.store.newborn import at_first, has_none
from bot.store.prepared import Prepared
from bot.store.tables import Clock, metadata


class KnownClock(NamedTuple):
    """A clock as it is read and not changed: every card and receipt asks for it."""

    metric: str
    nth: int
    state: str
    started_at: datetime
    due_at: datetime | None
    breached_at: datetime | None
    rebased: bool
    excused: bool


_CLOCK = metadata.tables["clock"]
_ADD = insert(_CLOCK)
_AT_FIRST = at_first(Clock)
_OF_TICKET = (
    select(Clock).where(col(Clock.ticket_number) == bindparam("number")).order_by(col(Clock.metric), col(Clock.nth))
)
_KNOWN = Prepared(
    columns(*(_CLOCK.c[name] for name in KnownClock._fields))
    .where(_CLOCK.c.ticket_number == bindparam("number"))
    .order_by(_CLOCK.c.metric, _CLOCK.c.nth)
)
_facts_of = attrgetter(*KnownClock._fields)


def add(session: Session, row: Mapping[str, Any]) -> None:
    """Write a new clock by its columns; those that are not given are as the table has them at first."""
    later.write(session, _ADD, {**_AT_FIRST, **row})
    # It waits to be written, and what was read of the ticket's clocks lacks it.
    gathered.forget(later.connection_of(session))


def of_ticket(session: Session, ticket_number: int) -> list[Clock]:
    """A ticket's clocks by metric, then in the order in which they began, for who changes them."""
    found: list[Clock] = gathered.known(session, ticket_number, Clock)
    if found is not gathered.UNKNOWN:
        return list(found)
    if has_none(session, ticket_number, "clock"):
        return []
    return list(session.exec(_OF_TICKET, params={"number": ticket_number}).all())


def gather(session: Session, numbers: Collection[int]) -> None:
    """Read the clocks of many tickets for the work on each of them."""
    statement = select(Clock).where(col(Clock.ticket_number).in_(numbers))
    rows = session.exec(statement.order_by(col(Clock.metric), col(Clock.nth)))
    gathered.keep_rows(session, numbers, Clock, rows)


def known_of(session: Session, ticket_number: int) -> list[KnownClock]:
    """A ticket's clocks in the same order, for who reads them."""
    found: list[Clock] = gathered.known(session, ticket_number, Clock)
    if found is not gathered.UNKNOWN:
        return [KnownClock(*_facts_of(each)) for each in found]
    if has_none(session, ticket_number, "clock"):
        return []
    session.flush()
    return [KnownClock(*row) for row in _KNOWN.all(session, number=ticket_number)]


def one(session: Session, ticket_number: int, metric: str, nth: int) -> Clock | None:
    """The nth clock of a metric, for who changes it."""
    found: list[Clock] = gathered.known(session, ticket_number, Clock)
    if found is not gathered.UNKNOWN:
        return next((each for each in found if (each.metric, each.nth) == (metric, nth)), None)
    if has_none(session, ticket_number, "clock"):
        return None
    return session.get(Clock, (ticket_number, metric, nth))


def known_one(session: Session, ticket_number: int, metric: str, nth: int) -> KnownClock | None:
    """The nth clock of a metric, for who reads it."""
    found = known_of(session, ticket_number)
    return next((each for each in found if (each.metric, each.nth) == (metric, nth)), None)


def of_tickets(session: Session, numbers: Collection[int], *, states: Collection[str]) -> dict[int, list[Clock]]:
    """The clocks in certain states of many tickets, the earliest due first, in one query."""
    found: dict[int, list[Clock]] = {number: [] for number in numbers}
    if not found:
        return found
    statement = select(Clock).where(col(Clock.ticket_number).in_(numbers), col(Clock.state).in_(states))
    for row in session.exec(statement.order_by(col(Clock.due_at), col(Clock.metric), col(Clock.nth))):
        found[row.ticket_number].append(row)
    return found
