"""Which tickets are there? Rows as they stand now; how they came to be so is in the timeline."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, insert, update
from sqlalchemy import select as core_select
from sqlalchemy.orm import object_session
from sqlmodel import Session, col, func, select

from bot.domain.ticket import OPEN_STATES, State
from bot.store import gathered, later
from bot.store.held import held
from bot.store.literal import is_literally
from bot.store.newborn import at_first
from bot.store.prepared import Prepared
from bot.store.tables import Card, Ticket, metadata

_CLOSED = is_literally(col(Ticket.state), State.CLOSED.value)
_OPEN = tuple(sorted(state.value for state in OPEN_STATES))
_NUMBERING = 7_201_999
"""The advisory lock under which PostgreSQL gives out numbers; any number that is ours."""

_LOCK_NUMBERS = core_select(func.pg_advisory_xact_lock(_NUMBERING))
_TICKET = metadata.tables["ticket"]
_ADD = insert(_TICKET)
_BEGIN = Prepared(
    update(_TICKET)
    .where(_TICKET.c.number == bindparam("sought"), ~_TICKET.c.begun)
    .values(begun=True)
    .returning(*_TICKET.c)
)
_WRITTEN = Prepared(core_select(_TICKET).where(_TICKET.c.number == bindparam("sought")))
_ONE = select(Ticket).where(col(Ticket.number) == bindparam("sought"))
_LOCK_ONE = _ONE.with_for_update().execution_options(populate_existing=True)
_AT_FIRST = at_first(Ticket)
_LAST_NUMBER = Prepared(core_select(func.max(_TICKET.c.number)))


def by_id(session: Session, ticket_id: str, *, lock: bool = False) -> Ticket | None:
    """The ticket of that id, `T-1042`, locked until the transaction ends where asked."""
    return _one(session, col(Ticket.id) == ticket_id, lock=lock)


def by_number(session: Session, number: int, *, lock: bool = False) -> Ticket | None:
    """The ticket of that number."""
    found: Ticket | None = gathered.known(session, number, Ticket)
    if found is not gathered.UNKNOWN:
        return found
    return session.exec(_LOCK_ONE if lock else _ONE, params={"sought": number}).first()


def begin(session: Session, number: int) -> Ticket | None:
    """Note that a ticket begins, lock it and give it; None where it has begun, or is not there."""
    row = _BEGIN.first(session, sought=number)
    return held(session, Ticket, row._asdict()) if row else None


def by_numbers(session: Session, numbers: Collection[int]) -> dict[int, Ticket]:
    """The tickets of these numbers by number, in one query."""
    found = session.exec(select(Ticket).where(col(Ticket.number).in_(numbers)))
    return {row.number_known: row for row in found}


def id_of(session: Session, number: int) -> str | None:
    """The id of the ticket of that number, which never changes."""
    row = session.get(Ticket, number)
    return row.id if row else None


def merged_into(row: Ticket) -> str:
    """The id of the ticket that a merged one goes on as, by the session that read it; empty where it goes on itself."""
    session = object_session(row)
    if row.state != State.MERGED or row.followed_by is None or not isinstance(session, Session):
        return ""
    return id_of(session, row.followed_by) or ""


def gather(session: Session, numbers: Collection[int]) -> dict[int, Ticket]:
    """Lock those of these tickets that nobody else is at, and let the work on each of them find it so."""
    statement = select(Ticket).where(col(Ticket.number).in_(numbers)).with_for_update(skip_locked=True)
    rows = session.exec(statement.execution_options(populate_existing=True))
    found = {row.number_known: row for row in rows}
    for number, row in found.items():
        gathered.keep(session, number, Ticket, row)
    return found


def if_free(session: Session, number: int) -> Ticket | None:
    """The ticket of that number, locked; None where another transaction is at it, instead of waiting for it."""
    statement = select(Ticket).where(col(Ticket.number) == number).with_for_update(skip_locked=True)
    return session.exec(statement.execution_options(populate_existing=True)).first()


def by_thread(session: Session, channel: str, thread_ts: str, *, lock: bool = False) -> Ticket | None:
    """The ticket whose conversation is that thread: under the customer's message, or under our own first message."""
    found = _one(session, col(Ticket.channel) == channel, col(Ticket.thread_ts) == thread_ts, lock=lock)
    return found or _one(session, _has_card_at(channel, thread_ts), col(Ticket.channel) == channel, lock=lock)


def by_room(session: Session, channel: str, thread_ts: str, *, lock: bool = False) -> Ticket | None:
    """The ticket whose internal room is that thread: the one under its card outside the customer's channel."""
    return _one(session, _has_card_at(channel, thread_ts), col(Ticket.channel) != channel, lock=lock)


def opened_by(session: Session, *, workspace: str, user: str, since: datetime, newest: int) -> list[datetime]:
    """When somebody opened their newest tickets after a moment, the newest first; at most so many."""
    statement = (
        select(Ticket.opened_at)
        .where(col(Ticket.requester_slack) == user, col(Ticket.requester_workspace) == workspace)
        .where(col(Ticket.opened_at) > since)
        .order_by(col(Ticket.opened_at).desc())
        .limit(newest)
    )
    return list(session.exec(statement))


def requester_name(session: Session, workspace: str, user: str) -> str | None:
    """The name under which somebody last opened a ticket."""
    statement = select(Ticket.requester_name).where(
        col(Ticket.requester_workspace) == workspace, col(Ticket.requester_slack) == user
    )
    return session.exec(statement.order_by(col(Ticket.number).desc()).limit(1)).first()


def next_number(session: Session) -> int:
    """The number of the next ticket, from 1, without gaps: others wait for this transaction to take theirs."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(_LOCK_NUMBERS)
    return int(_LAST_NUMBER.value(session) or 0) + 1


def add(session: Session, row: Mapping[str, Any]) -> None:
    """Write a new ticket by its columns; those that are not given are as the table has them at first."""
    later.write(session, _ADD, {**_AT_FIRST, **row})


def as_written(session: Session, number: int) -> Ticket:
    """The ticket of that number, which this transaction has written."""
    return held(session, Ticket, _WRITTEN.all(session, sought=number)[0]._asdict())


def queue(session: Session, *, owner: str | None = None, limit: int = 200) -> list[Ticket]:
    """Open tickets, the highest severity first, then the oldest; those of one owner where given."""
    terms: list[ColumnElement[bool]] = [col(Ticket.state).in_(_OPEN)]
    if owner is not None:
        terms.append(col(Ticket.owner) == owner)
    return _many(session, *terms, order=(col(Ticket.severity), col(Ticket.number)), limit=limit)


def open_of_customer(session: Session, customer_id: str, *, limit: int = 200) -> list[Ticket]:
    """A customer's open tickets, the highest severity first, then the oldest."""
    return _many(
        session,
        col(Ticket.customer_id) == customer_id,
        col(Ticket.state).in_(_OPEN),
        order=(col(Ticket.severity), col(Ticket.number)),
        limit=limit,
    )


def recently_closed(
    session: Session, customer_id: str | None = None, *, since: datetime, limit: int = 20
) -> list[Ticket]:
    """Tickets closed since a moment, the last one first; those of one customer where given."""
    terms: list[ColumnElement[bool]] = [_CLOSED, col(Ticket.closed_at) >= since]
    if customer_id is not None:
        terms.append(col(Ticket.customer_id) == customer_id)
    return _many(session, *terms, order=(col(Ticket.closed_at).desc(),), limit=limit)


def every(session: Session) -> Iterator[Ticket]:
    """All tickets by number."""
    yield from session.exec(select(Ticket).order_by(col(Ticket.number)).execution_options(yield_per=500))


def all_open(session: Session) -> list[Ticket]:
    """All open tickets by number."""
    return list(session.exec(select(Ticket).where(col(Ticket.state).in_(_OPEN)).order_by(col(Ticket.number))).all())


def open_by_severity(session: Session) -> dict[str, int]:
    """How many tickets are open at each severity that has any."""
    statement = select(Ticket.severity, func.count()).where(col(Ticket.state).in_(_OPEN)).group_by(col(Ticket.severity))
    return dict(session.exec(statement).all())


def _has_card_at(channel: str, ts: str) -> ColumnElement[bool]:
    cards = select(Card.ticket_number).where(col(Card.channel) == channel, col(Card.ts) == ts)
    return col(Ticket.number).in_(cards)


def _one(session: Session, *terms: ColumnElement[bool], lock: bool) -> Ticket | None:
    statement = select(Ticket).where(*terms)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.exec(statement).first()


def _many(session: Session, *terms: ColumnElement[bool], order: Collection[Any], limit: int) -> list[Ticket]:
    return list(session.exec(select(Ticket).where(*terms).order_by(*order).limit(limit)).all())
