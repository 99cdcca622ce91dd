"""Which rows has the desk kept long enough? A little at a time, so that nobody waits."""

from datetime import datetime
from typing import Any

from sqlalchemy import Text, bindparam, cast, delete, func, or_, select, update
from sqlmodel import Session

from bot.domain.ticket import OPEN_STATES
from bot.store.tables import metadata

AT_ONCE = 500
"""Rows a transaction."""

LOOKED_AT = 5_000
"""Messages that a transaction passes over: most of those of a desk that has lived are empty already."""

ON_ITS_WAY = ("pending", "sending")
WORKED_OFF = ("done", "failed")

_BEYOND_ALL = 2**31 - 1
"""No row has a greater number."""

_INBOX = metadata.tables["inbox"]
_OUTBOX = metadata.tables["outbox"]
_TICKET = metadata.tables["ticket"]
_OPEN = [state.value for state in OPEN_STATES]
# They came in the order of their numbers: whoever looks from the first one on passes none that is too young.
_FIRST_YOUNG = (
    select(_INBOX.c.id)
    .where(_INBOX.c.received_at >= bindparam("before"))
    .order_by(_INBOX.c.id)
    .limit(1)
    .scalar_subquery()
)
_OLD_DELIVERIES = (
    select(_INBOX.c.id)
    .where(_INBOX.c.id < func.coalesce(_FIRST_YOUNG, _BEYOND_ALL))
    .where(_INBOX.c.state.in_(WORKED_OFF), _INBOX.c.not_before < bindparam("before"))
    .order_by(_INBOX.c.id)
    .limit(bindparam("most"))
)
_DELETE = delete(_INBOX).where(_INBOX.c.id.in_(bindparam("ids", expanding=True)))
_OLD_BODIES = (
    select(_OUTBOX.c.seq)
    .select_from(_OUTBOX.outerjoin(_TICKET, _TICKET.c.number == _OUTBOX.c.ticket_number))
    .where(_OUTBOX.c.seq > bindparam("after"), _OUTBOX.c.seq <= bindparam("up_to"))
    # By their numbers: asked for those that are settled, SQLite would gather all of them and put them in order first.
    .where(_OUTBOX.c.state.not_in(ON_ITS_WAY))
    .where(_OUTBOX.c.created_at < bindparam("before"), cast(_OUTBOX.c.payload, Text) != "{}")
    .where(or_(_TICKET.c.number.is_(None), _TICKET.c.state.not_in(_OPEN)))
    .order_by(_OUTBOX.c.seq)
    .limit(bindparam("most"))
)
_NEWEST = select(func.max(_OUTBOX.c.seq))
_EMPTY = update(_OUTBOX).where(_OUTBOX.c.seq.in_(bindparam("seqs", expanding=True))).values(payload={})


def drop_deliveries(session: Session, *, before: datetime) -> int:
    """Forget some deliveries that were worked off before that moment, and say how many."""
    ids = list(session.connection().execute(_OLD_DELIVERIES, {"before": before, "most": AT_ONCE}).scalars())
    if ids:
        session.connection().execute(_DELETE, {"ids": ids})
    return len(ids)


def empty_bodies(session: Session, *, after: int, before: datetime) -> int | None:
    """Empty some messages, numbered above `after`, that left before that moment and whose ticket is over.

    Gives the number up to which it has looked; None where that is the end. The rows stay: their keys hold what is said
    only once.
    """
    up_to = after + LOOKED_AT
    given = {"after": after, "up_to": up_to, "before": before, "most": AT_ONCE}
    connection = session.connection()
    seqs = list(connection.execute(_OLD_BODIES, given).scalars())
    if seqs:
        connection.execute(_EMPTY, {"seqs": seqs})
    if len(seqs) == AT_ONCE:
        return int(seqs[-1])
    return up_to if up_to < (connection.execute(_NEWEST).scalar() or 0) else None


def rows(session: Session) -> dict[str, int]:
    """How many rows the growing tables have."""
    found: dict[str, int] = {}
    for name in ("inbox", "outbox", "timeline", "words"):
        table = metadata.tables[name]
        found[name] = session.connection().execute(select(func.count()).select_from(table)).scalar_one()
    return found


def size(session: Session) -> int:
    """How many bytes the database takes."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        return int(connection.execute(select(func.pg_database_size(func.current_database()))).scalar_one())
    pages, each = (_pragma(connection, name) for name in ("page_count", "page_size"))
    return pages * each


def _pragma(connection: Any, name: str) -> int:
    return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
