"""Which marks does a ticket bear?"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from bot.domain.mark import Mark
from bot.store import gathered
from bot.store.mark_tables import MarkRow
from bot.store.newborn import has_none

_OF_TICKET = (
    select(MarkRow)
    .where(col(MarkRow.ticket_number) == bindparam("number"))
    .order_by(col(MarkRow.at), col(MarkRow.mark))
)  # put together once: every card asks


def of_ticket(session: Session, ticket_number: int) -> dict[Mark, MarkRow]:
    """The marks that a ticket bears, by kind, in the order in which they were set."""
    return {mark: row for mark, row in ever_of_ticket(session, ticket_number).items() if row.stands}


def ever_of_ticket(session: Session, ticket_number: int) -> dict[Mark, MarkRow]:
    """The same with those that were taken back."""
    found: list[MarkRow] = gathered.known(session, ticket_number, MarkRow)
    if found is not gathered.UNKNOWN:
        return {Mark(row.mark): row for row in found}
    if has_none(session, ticket_number, "mark"):
        return {}
    return {Mark(row.mark): row for row in session.exec(_OF_TICKET, params={"number": ticket_number})}


def gather(session: Session, numbers: Collection[int]) -> None:
    """Read the marks of many tickets for the work on each of them."""
    statement = select(MarkRow).where(col(MarkRow.ticket_number).in_(numbers))
    rows = session.exec(statement.order_by(col(MarkRow.at), col(MarkRow.mark)))
    gathered.keep_rows(session, numbers, MarkRow, rows)


def put(session: Session, ticket_number: int, mark: Mark, *, by: str, now: datetime) -> MarkRow:
    """Let a ticket bear a mark; one that it bears, or bore, is set anew."""
    row = session.get(MarkRow, (ticket_number, mark.value))
    row = row or MarkRow(ticket_number=ticket_number, mark=mark.value, by=by, at=now)
    row.by, row.at, row.stands = by, now, True
    session.add(row)
    session.flush()
    return row
