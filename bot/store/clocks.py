"""Which clocks run for a ticket? Rows as the fold over its timeline last gave them."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, insert
from sqlmodel import Session, col, select

from bot.store import gathered, later
from bot.store.newborn import at_first, has_none
from bot.store.tables import Clock, metadata

_ADD = insert(metadata.tables["clock"])
_AT_FIRST = at_first(Clock)
_OF_TICKET = (
    select(Clock).where(col(Clock.ticket_number) == bindparam("number")).order_by(col(Clock.metric), col(Clock.nth))
)


def add(session: Session, row: Mapping[str, Any]) -> None:
    """Write a new clock by its columns; those that are not given are as the table has them at first."""
    later.write(session, _ADD, {**_AT_FIRST, **row})
    # It waits to be written, and what was read of the ticket's clocks lacks it.
    gathered.forget(later.connection_of(session))


def of_ticket(session: Session, ticket_number: int) -> list[Clock]:
    """A ticket's clocks by metric, then in the order in which they began."""
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


def one(session: Session, ticket_number: int, metric: str, nth: int) -> Clock | None:
    """The nth clock of a metric."""
    found: list[Clock] = gathered.known(session, ticket_number, Clock)
    if found is not gathered.UNKNOWN:
        return next((each for each in found if (each.metric, each.nth) == (metric, nth)), None)
    if has_none(session, ticket_number, "clock"):
        return None
    return session.get(Clock, (ticket_number, metric, nth))


def of_tickets(session: Session, numbers: Collection[int], *, states: Collection[str]) -> dict[int, list[Clock]]:
    """The clocks in certain states of many tickets, the earliest due first, in one query."""
    found: dict[int, list[Clock]] = {number: [] for number in numbers}
    if not found:
        return found
    statement = select(Clock).where(col(Clock.ticket_number).in_(numbers), col(Clock.state).in_(states))
    for row in session.exec(statement.order_by(col(Clock.due_at), col(Clock.metric), col(Clock.nth))):
        found[row.ticket_number].append(row)
    return found
