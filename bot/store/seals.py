"""Which heads of the trail are not sealed yet, and which seals are there?"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from bot.domain.seal import Point, Signed
from bot.store.insertion import insert_or_change
from bot.store.seal_tables import SealPoint, SealRow
from bot.store.tables import metadata

POINTS_AT_ONCE = 200

_HEAD = metadata.tables["stream_head"]
_TIMELINE = metadata.tables["timeline"]
_POINT = metadata.tables["seal_point"]
_MOVED = (
    select(_HEAD.c.stream, _HEAD.c.seq, _HEAD.c.hash)
    .select_from(_HEAD.outerjoin(_POINT, _POINT.c.stream == _HEAD.c.stream))
    .where(or_(_POINT.c.seq.is_(None), _POINT.c.seq < _HEAD.c.seq))
    .order_by(_HEAD.c.stream)
)
_SET_POINT = insert_or_change(_POINT, "stream", change=("seq", "number"))


def moved(session: Session) -> dict[str, Point]:
    """The heads of the streams that have rows which no seal covers. Locks nothing: work goes on beside it."""
    rows = session.connection().execute(_MOVED)
    return {row.stream: Point(row.seq, row.hash) for row in rows}


def keep(session: Session, signed: Signed, *, number: int, points: Mapping[str, Point], at: datetime) -> None:
    """Keep a seal, and how far it reaches. Two that are made at once collide on their number: one fails."""
    session.add(SealRow(number=number, sealed_at=at, text=signed.text, signature=signed.signature))
    session.flush()
    rows = [{"stream": stream, "seq": point.seq, "number": number} for stream, point in points.items()]
    if rows:
        session.connection().execute(_SET_POINT.on(session), rows)


def last(session: Session) -> SealRow | None:
    """The newest seal."""
    return session.exec(select_rows(SealRow).order_by(col(SealRow.number).desc()).limit(1)).first()


def since(session: Session, number: int) -> list[SealRow]:
    """The seals from a number on, in order."""
    statement = select_rows(SealRow).where(col(SealRow.number) >= number).order_by(col(SealRow.number))
    return list(session.exec(statement).all())


def reach(session: Session) -> dict[str, tuple[int, int]]:
    """How far each stream is sealed as the rows say: its sequence number, and the seal's."""
    return {row.stream: (row.seq, row.number) for row in session.exec(select_rows(SealPoint)).all()}


def hashes(session: Session, points: Mapping[str, Point]) -> dict[str, str]:
    """The hash that the trail has at each of these points, by stream; what is not there is left out."""
    wanted = [(stream, point.seq) for stream, point in points.items()]
    found: dict[str, str] = {}
    for start in range(0, len(wanted), POINTS_AT_ONCE):
        part = wanted[start : start + POINTS_AT_ONCE]
        # Not as pairs in a list, for which SQLite goes through the whole trail.
        places = or_(*(and_(_TIMELINE.c.stream == stream, _TIMELINE.c.seq == seq) for stream, seq in part))
        rows = session.connection().execute(select(_TIMELINE.c.stream, _TIMELINE.c.hash).where(places))
        found.update((row.stream, row.hash) for row in rows)
    return found
