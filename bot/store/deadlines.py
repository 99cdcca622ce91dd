"""What is due, and when is the next thing due? A deadline is a row; firing it deletes it with its work's commit."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from bot.store import later
from bot.store.database import Database
from bot.store.insertion import insert_or_change
from bot.store.prepared import Prepared
from bot.store.tables import Deadline, metadata

LONGEST_WAIT_FOR = timedelta(minutes=5)


class Due(NamedTuple):
    """A deadline that was taken, in the order of `due_at`. A plain tuple, since they come by the thousand."""

    due_at: datetime
    id: int
    kind: str
    subject: str
    ticket_number: int | None
    attempts: int
    planned_for: datetime


_ARMED = "armed"
"""Under which name a transaction remembers the earliest moment for which it armed something."""

_DEADLINE = metadata.tables["deadline"]
_ARM = insert_or_change(_DEADLINE, "kind", "subject", change=("due_at", "planned_for", "ticket_number", "attempts"))
_DUE = (
    select(_DEADLINE.c.id)
    .where(_DEADLINE.c.due_at <= bindparam("now"))
    .order_by(_DEADLINE.c.due_at, _DEADLINE.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
# Put together once and not for each row: PostgreSQL may otherwise look again after each one it took, past the limit.
_FOUND = _DUE.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
_TAKE = Prepared(
    delete(_DEADLINE)
    .where(_DEADLINE.c.id.in_(select(_FOUND.c.id)))
    .returning(*(_DEADLINE.c[name] for name in Due._fields)),
    row=Due._make,
)
_TICKET = metadata.tables["ticket"]
_FIRST = (
    select(_DEADLINE.c.id, _TICKET.c.number)
    .outerjoin(_TICKET, _TICKET.c.number == _DEADLINE.c.ticket_number)
    .where(_DEADLINE.c.due_at <= bindparam("now"))
    .order_by(_DEADLINE.c.due_at, _DEADLINE.c.id)
    .limit(1)
)
_OF_A_FREE_TICKET = (
    select(_DEADLINE.c.id)
    .join(_TICKET, _TICKET.c.number == _DEADLINE.c.ticket_number)
    .where(_DEADLINE.c.due_at <= bindparam("now"))
    .order_by(_DEADLINE.c.due_at, _DEADLINE.c.id)
    .limit(1)
    .with_for_update(of=_TICKET, skip_locked=True)
)
_OF_NO_TICKET = (
    select(_DEADLINE.c.id)
    .where(_DEADLINE.c.due_at <= bindparam("now"), _DEADLINE.c.ticket_number.is_(None))
    .order_by(_DEADLINE.c.due_at, _DEADLINE.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_LOCK_TICKET = select(_TICKET.c.number).where(_TICKET.c.number == bindparam("number")).with_for_update()
_FOLLOWING = (
    select(_DEADLINE.c.id, _DEADLINE.c.kind, _DEADLINE.c.ticket_number, _DEADLINE.c.attempts)
    .where(_DEADLINE.c.due_at <= bindparam("now"))
    .order_by(_DEADLINE.c.due_at, _DEADLINE.c.id)
    .limit(bindparam("most"))
)
_FREE = (
    select(_DEADLINE.c.id)
    .where(_DEADLINE.c.id.in_(bindparam("ids", expanding=True)), _DEADLINE.c.due_at <= bindparam("now"))
    .with_for_update(skip_locked=True)
)
_TAKE_THESE = (
    delete(_DEADLINE)
    .where(_DEADLINE.c.id.in_(bindparam("ids", expanding=True)))
    .returning(*(_DEADLINE.c[name] for name in Due._fields))
)
_CANCEL_ONE = Prepared(
    delete(_DEADLINE)
    .where(_DEADLINE.c.kind == bindparam("of_kind"), _DEADLINE.c.subject == bindparam("of_subject"))
    .returning(_DEADLINE.c.id)
)
_NEXT_AT = Prepared(select(func.min(_DEADLINE.c.due_at)))


def arm(
    session: Session,
    *,
    kind: str,
    subject: str,
    due_at: datetime,
    ticket_number: int | None = None,
    ahead_for: timedelta = timedelta(0),
) -> None:
    """Let something be due at a moment; the same kind and subject is moved, not doubled.

    It comes before everything that is due since less than `ahead_for` before that moment.
    """
    row = {
        "kind": kind,
        "subject": subject,
        "due_at": due_at - ahead_for,
        "planned_for": due_at,
        "ticket_number": ticket_number,
        "attempts": 0,
    }
    later.write(session, _ARM, row)
    session.info[_ARMED] = min(due_at - ahead_for, session.info.get(_ARMED, due_at))


def cancel(
    session: Session,
    *,
    kind: str | None = None,
    subject: str | None = None,
    subject_prefix: str | None = None,
    ticket_number: int | None = None,
) -> int:
    """Forget the deadlines that match everything given, and say how many; at least one must be given."""
    if kind is not None and subject is not None and subject_prefix is None and ticket_number is None:
        return len(_CANCEL_ONE.all(session, of_kind=kind, of_subject=subject))
    terms: list[ColumnElement[bool]] = []
    if kind is not None:
        terms.append(_DEADLINE.c.kind == kind)
    if subject is not None:
        terms.append(_DEADLINE.c.subject == subject)
    if subject_prefix is not None:
        terms.append(_DEADLINE.c.subject.startswith(subject_prefix, autoescape=True))
    if ticket_number is not None:
        terms.append(_DEADLINE.c.ticket_number == ticket_number)
    if not terms:
        raise ValueError("say which deadlines to cancel")
    return session.connection().execute(delete(_DEADLINE).where(*terms)).rowcount


def take_due(session: Session, *, now: datetime) -> Due | None:
    """Take the earliest deadline that is due: its row is gone when this transaction commits, and back if it does not.

    On PostgreSQL its ticket is locked first, as in all other work; deadlines of tickets that others are at are passed
    over, and the earliest of them is waited for where nothing else is due. `planned_for` is when it was due before it
    was ever put off.
    """
    if session.get_bind().dialect.name == "postgresql":
        return _take_with_ticket(session, now=now)
    taken = take_all_due(session, limit=1, now=now)
    return taken[0] if taken else None


def _take_with_ticket(session: Session, *, now: datetime) -> Due | None:
    connection, at = session.connection(), {"now": now}
    while first := connection.execute(_FIRST, at).first():
        if first.number is None and (taken := take_these(session, [first.id], now=now)):
            return taken[0]
        free = connection.execute(_OF_A_FREE_TICKET, at).scalar() or connection.execute(_OF_NO_TICKET, at).scalar()
        if free is None and first.number is None:
            return None
        if free is None:
            connection.execute(_LOCK_TICKET, {"number": first.number})
        # Whoever had the ticket may have moved it, or taken it away.
        if taken := take_these(session, [free or first.id], now=now):
            return taken[0]
    return None


def take_all_due(session: Session, *, limit: int, now: datetime) -> list[Due]:
    """Take up to `limit` deadlines at once, the earliest first, for work that does many in one transaction."""
    return sorted(_TAKE.all(session, now=now, most=limit))


def alike_next(session: Session, *, kind: str, most: int, now: datetime) -> dict[int, int]:
    """The deadlines that are due next, as long as they are of that kind, a ticket's, and never failed: ticket by id.

    Nothing is taken or locked.
    """
    found: dict[int, int] = {}
    for row in session.connection().execute(_FOLLOWING, {"now": now, "most": most}):
        if row.kind != kind or row.attempts or row.ticket_number is None:
            break
        found[row.id] = row.ticket_number
    return found


def take_these(session: Session, ids: Collection[int], *, now: datetime) -> list[Due]:
    """Take those of these deadlines that are still due and that nobody else is at, the earliest first."""
    connection = session.connection()
    free = list(connection.execute(_FREE, {"ids": list(ids), "now": now}).scalars())
    return sorted(Due(*row) for row in connection.execute(_TAKE_THESE, {"ids": free})) if free else []


def is_overtaken(session: Session, due: Due) -> bool:
    """Whether this transaction armed something that is due before one that it took."""
    armed: datetime | None = session.info.get(_ARMED)
    return armed is not None and armed < due.due_at


def give_back(session: Session, rows: Sequence[Due]) -> None:
    """Let deadlines that were taken stay as they were."""
    session.connection().execute(insert(_DEADLINE), [row._asdict() for row in rows])


def put_off(database: Database, deadline_id: int, *, now: datetime) -> None:
    """Try a deadline whose work raised again later, with growing waits, in a transaction of its own.

    Does nothing where it was re-armed or cancelled meanwhile.
    """
    with database.transaction() as session:
        row = session.get(Deadline, deadline_id, with_for_update=True)
        if row is None or row.due_at > now:
            return
        row.attempts += 1
        row.due_at = now + min(timedelta(seconds=2 ** min(row.attempts, 20)), LONGEST_WAIT_FOR)
        session.add(row)


def due_of(session: Session, *, kind: str, subject: str) -> datetime | None:
    """When that is due; None where it is not armed."""
    statement = select_rows(Deadline.due_at).where(col(Deadline.kind) == kind, col(Deadline.subject) == subject)
    return session.exec(statement).first()


def next_at(session: Session) -> datetime | None:
    """When the next deadline is due, which may be past; None where there is none."""
    moment: datetime | None = _NEXT_AT.value(session)
    return moment
