"""Which message leaves next, and what became of it?

A claim is a lease with a fence: who holds it may send, and its result counts only while nobody claimed the row after.
A lane (a channel) has one message in flight, about one a second with short bursts; a thread keeps its order; pages come
first. What may have been sent by a process that died is claimed with `look_up` set.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, exists, func, or_, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from bot.domain.message import Priority
from bot.store import holds, wording
from bot.store.cards import CARD_PREFIX, UNPOSTED, drop_orphans, thread_of
from bot.store.insertion import insert_once, insert_or_change
from bot.store.tables import OutboxRow, metadata

INTERVAL_FOR = timedelta(seconds=1)
"""Slack takes about one message a second in a channel. Source: Slack's rate limits for chat.postMessage."""

BURST = 4
"""How many may leave at once after a pause."""

ROOM = "room"
"""The making of a channel, for which other rows wait."""

PACED = ("post", "ephemeral", "files")
"""What uses up a channel's pace; all else only keeps to it."""

COVERING = ("edit", "view_update", "home")
"""What shows one thing anew: an older one must not be shown after a newer one."""

_LEAD_FOR = INTERVAL_FOR * (BURST - 1)
_OUTBOX = metadata.tables["outbox"]
_CARD = metadata.tables["card"]
_LANE = metadata.tables["lane"]

_NOW = bindparam("now", type_=_OUTBOX.c.not_before.type)
_RETRY_AT = bindparam("retry_at", type_=_OUTBOX.c.not_before.type)
_OTHER = _OUTBOX.alias("other")
_PENDING = _OUTBOX.c.state == "pending"
_LANE_IS_QUIET = ~exists().where(_OTHER.c.lane == _OUTBOX.c.lane, _OTHER.c.state == "sending")
_FIRST_OF_THREAD = or_(
    _OUTBOX.c.thread.is_(None),
    ~exists().where(
        _OTHER.c.thread == _OUTBOX.c.thread,
        _OTHER.c.lane == _OUTBOX.c.lane,
        _OTHER.c.state == "pending",
        _OTHER.c.seq < _OUTBOX.c.seq,
        or_(_OTHER.c.not_before <= _NOW, _OTHER.c.attempts > 0),
    ),
)
_PLACE_IS_KNOWN = and_(
    or_(_OUTBOX.c.thread.is_(None), ~_OUTBOX.c.thread.startswith(CARD_PREFIX)),
    or_(_OUTBOX.c.op != "edit", _OUTBOX.c.ts.is_not(None)),
)
_FREE_AT = func.coalesce(_LANE.c.free_at, _OUTBOX.c.not_before)
_BEFORE_LANES = _OUTBOX.outerjoin(_LANE, _LANE.c.id == _OUTBOX.c.lane)
_UNBLOCKED = and_(_PENDING, _PLACE_IS_KNOWN, _LANE_IS_QUIET, _FIRST_OF_THREAD)
_READY = and_(_UNBLOCKED, _OUTBOX.c.not_before <= _NOW, _FREE_AT <= _NOW)
_LOST = and_(_OUTBOX.c.state == "sending", _OUTBOX.c.lease_until <= _NOW)

_EXPIRED = select(_OUTBOX.c.seq, _OUTBOX.c.card, _OUTBOX.c.op).where(_PENDING, _OUTBOX.c.expires_at <= _NOW)
_EXPIRE = (
    update(_OUTBOX)
    .where(_OUTBOX.c.seq.in_(bindparam("seqs", expanding=True)), _PENDING)
    .values(state="cancelled", error="too late to be said")
)
_CANDIDATES = (
    select(_OUTBOX.c.seq, _OUTBOX.c.lane, _OUTBOX.c.op, _LANE.c.id.label("known"))
    .select_from(_BEFORE_LANES)
    .where(_READY)
    .order_by(_OUTBOX.c.priority, _OUTBOX.c.seq)
    .limit(bindparam("most"))
)
_URGENT = _OUTBOX.c.priority == Priority.PAGE
_LOST_ROWS = select(_OUTBOX.c.seq).where(_LOST).order_by(_OUTBOX.c.priority, _OUTBOX.c.seq).limit(bindparam("most"))
_ADD_LANE = insert_once(_LANE, "id")
_LOCK_LANES = (
    select(_LANE.c.id, _LANE.c.free_at)
    .where(_LANE.c.id.in_(bindparam("lanes", expanding=True)))
    .order_by(_LANE.c.id)
    .with_for_update(skip_locked=True)
)
_LOCK_ROWS = (
    select_rows(OutboxRow)
    .where(col(OutboxRow.seq).in_(bindparam("seqs", expanding=True)))
    .order_by(col(OutboxRow.priority), col(OutboxRow.seq))
    .with_for_update(skip_locked=True)
    .execution_options(populate_existing=True)
)
_LOCK_READY = _LOCK_ROWS.where(_PENDING, _LANE_IS_QUIET)
_LOCK_LOST = _LOCK_ROWS.where(_LOST)
_SET_FREE = update(_LANE).where(_LANE.c.id == bindparam("lane")).values(free_at=bindparam("until"))
_LANE_CHANNEL = select(_LANE.c.id, _LANE.c.channel).where(_LANE.c.id.in_(bindparam("lanes", expanding=True)))

_MINE = and_(_OUTBOX.c.id == bindparam("sought"), _OUTBOX.c.fence == bindparam("held"), _OUTBOX.c.state == "sending")
_SENT = (
    update(_OUTBOX)
    .where(_MINE)
    .values(state="sent", sent_at=_NOW, lease_until=None, error=None, look_up=False)
    .values(ts=func.coalesce(bindparam("given_ts"), _OUTBOX.c.ts))
    .values(channel=func.coalesce(bindparam("given_channel"), _OUTBOX.c.channel))
    .returning(_OUTBOX.c.op, _OUTBOX.c.card, _OUTBOX.c.lane, _OUTBOX.c.ticket_number)
)
_BIND = insert_or_change(_CARD, "key", change=("channel", "ts", "ticket_number"))
_NAME_THREAD = (
    update(_OUTBOX).where(_OUTBOX.c.thread == bindparam("below"), _PENDING).values(thread=bindparam("given_ts"))
)
_PLACE_EDITS = (
    update(_OUTBOX)
    .where(_OUTBOX.c.card == bindparam("sought"), _OUTBOX.c.op == "edit", _PENDING)
    .values(ts=bindparam("given_ts"), channel=bindparam("given_channel"))
)
_MOVE_IN = (
    update(_OUTBOX)
    .where(_OUTBOX.c.thread == bindparam("below"), _PENDING)
    .values(lane=bindparam("given_channel"), thread=None)
)
_REMEMBER_CHANNEL = update(_LANE).where(_LANE.c.id == bindparam("lane")).values(channel=bindparam("given_channel"))
_FAILED = (
    update(_OUTBOX)
    .where(_MINE)
    .values(state=bindparam("becomes"), error=bindparam("why"), lease_until=None, look_up=False)
    .values(not_before=func.coalesce(_RETRY_AT, _OUTBOX.c.not_before))
    .returning(_OUTBOX.c.op, _OUTBOX.c.card, _OUTBOX.c.seq)
)
_DELAY_NEWER = (
    update(_OUTBOX)
    .where(_OUTBOX.c.card == bindparam("shown"), _OUTBOX.c.op == bindparam("again"), _PENDING)
    .where(_OUTBOX.c.seq > bindparam("older"))
    .values(not_before=case((_OUTBOX.c.not_before < _RETRY_AT, _RETRY_AT), else_=_OUTBOX.c.not_before))
)
_COVER = (
    update(_OUTBOX).where(_OUTBOX.c.seq == bindparam("older")).values(state="cancelled", error="covered by a newer")
)
_UNCERTAIN = (
    update(_OUTBOX)
    .where(_MINE)
    .values(look_up=True, lease_until=bindparam("until", type_=_OUTBOX.c.not_before.type))
    .values(error=func.coalesce(bindparam("why", type_=_OUTBOX.c.error.type), _OUTBOX.c.error))
)
_UNSETTLED = exists(_OUTBOX.c.seq).where(
    _OUTBOX.c.lane == bindparam("in_channel"),
    _OUTBOX.c.state.in_(UNPOSTED),
    or_(_OUTBOX.c.state == "sending", _OUTBOX.c.look_up),
    _OUTBOX.c.op == "post",
    _OUTBOX.c.card.is_not(None),
)
_DOUBT = update(_OUTBOX).where(_OUTBOX.c.state.in_(("pending", "sending"))).values(look_up=True)
_NEXT_PENDING = (
    select(
        func.min(case((_OUTBOX.c.not_before < _FREE_AT, _FREE_AT), else_=_OUTBOX.c.not_before)),
    )
    .select_from(_BEFORE_LANES)
    .where(_UNBLOCKED)
)
_NEXT_LEASE = select(func.min(_OUTBOX.c.lease_until)).where(_OUTBOX.c.state == "sending")


def claim(
    session: Session,
    *,
    lease_for: timedelta,
    limit: int,
    word: wording.Word = lambda _: None,
    pages_only: bool = False,
    now: datetime,
) -> list[OutboxRow]:
    """Take up to `limit` messages, at most one for each lane, to send until the lease ends, most urgent first.

    A row's `thread` is a ts, `channel` and `ts` say where an edit goes, and `channel` where a direct message's lane is
    known. `look_up` says that it may have been sent before. What expired is cancelled on the way, and `word` finds the
    words of what has none yet; where it finds none for all that may leave, there may be more. Where Slack asks for a
    pause, only what it does not mean is taken; with `pages_only`, only what goes out at the priority of pages.
    """
    _expire(session, now=now)
    held = holds.of(session, now=now)
    lost, ready = held.only_free(_LOST_ROWS), held.only_free(_CANDIDATES)
    if pages_only:
        lost, ready = lost.where(_URGENT), ready.where(_URGENT)
    taken = _take_lost(session, lost, limit=limit, now=now)
    for row in taken:
        row.look_up = True
    taken += _take_ready(session, ready, word, limit=limit - len(taken), now=now)
    channels = _channels_of(session, [row.lane for row in taken if row.lane.startswith("@") and row.channel is None])
    for row in taken:
        row.channel = row.channel or channels.get(row.lane)
        row.state, row.lease_until = "sending", now + lease_for
        row.fence += 1
        row.attempts += 1
        session.add(row)
    session.flush()
    return taken


def finish(
    session: Session,
    *,
    id: str,  # noqa: A002 - the column's name
    fence: int,
    ts: str | None,
    channel: str | None,
    now: datetime,
) -> bool:
    """Note that a message is in Slack; binds its card and frees what waited for it. False where the fence is stale."""
    given = {"sought": id, "held": fence, "now": now, "given_ts": ts, "given_channel": channel}
    connection = session.connection()
    row = connection.execute(_SENT, given).first()
    if row is None:
        return False
    if row.op == "post" and row.lane.startswith("@") and channel is not None:
        connection.execute(_REMEMBER_CHANNEL, {"lane": row.lane, "given_channel": channel})
    if row.op == "post" and row.card is not None and ts is not None and channel is not None:
        card = {"key": row.card, "channel": channel, "ts": ts, "ticket_number": row.ticket_number}
        connection.execute(_BIND.on(session), card)
        connection.execute(_NAME_THREAD, {"below": thread_of(row.card), "given_ts": ts})
        connection.execute(_PLACE_EDITS, {"sought": row.card, "given_ts": ts, "given_channel": channel})
    if row.op == ROOM and row.card is not None and channel is not None:
        card = {"key": row.card, "channel": channel, "ts": "", "ticket_number": row.ticket_number}
        connection.execute(_BIND.on(session), card)
        connection.execute(_MOVE_IN, {"below": thread_of(row.card), "given_channel": channel})
    return True


def fail(
    session: Session,
    *,
    id: str,  # noqa: A002 - the column's name
    fence: int,
    error: str,
    permanent: bool,
    retry_at: datetime | None,
    now: datetime,
) -> bool:
    """Note that Slack refused: for good, or until `retry_at` (now where not given). False where the fence is stale.

    What waits for a card that can never be posted fails with it. Where a newer edit of the same waits already, that one
    waits instead and this is never tried again. Where it is not known whether Slack took a message, call `uncertain`.
    """
    given = {
        "sought": id,
        "held": fence,
        "why": error,
        "becomes": "failed" if permanent else "pending",
        "retry_at": None if permanent else retry_at or now,
    }
    row = session.connection().execute(_FAILED, given).first()
    if row is not None and permanent and row.op in ("post", ROOM) and row.card is not None:
        drop_orphans(session, [row.card], state="failed", why=f"its card could not be posted: {error}")
    if row is not None and not permanent and row.op in COVERING:
        newer = {"shown": row.card, "again": row.op, "older": row.seq, "retry_at": given["retry_at"]}
        if session.connection().execute(_DELAY_NEWER, newer).rowcount:
            session.connection().execute(_COVER, {"older": row.seq})
    return row is not None


def uncertain(
    session: Session,
    *,
    id: str,  # noqa: A002 - as above
    fence: int,
    look_up_at: datetime,
    error: str | None = None,
) -> bool:
    """Note that a send had no answer: it is claimed again at that moment, to be looked up first.

    `error` says why; without it what was noted before stays.
    """
    given = {"sought": id, "held": fence, "until": look_up_at, "why": error}
    return session.connection().execute(_UNCERTAIN, given).rowcount == 1


def is_unsettled(session: Session, channel: str) -> bool:
    """Whether Slack may show a card in a channel already, of which we do not know yet where it stands."""
    return bool(session.connection().execute(select(_UNSETTLED), {"in_channel": channel}).scalar_one())


def doubt(session: Session) -> int:
    """Let everything that waits be looked up before it is sent, in a database put back from a copy; gives how many."""
    return session.connection().execute(_DOUBT).rowcount


def sendable(session: Session, *, now: datetime) -> bool:
    """Whether a claim would find something now; what is in flight does not count."""
    moment = next_at(session, now=now)
    return moment is not None and moment <= now


def next_at(session: Session, *, now: datetime) -> datetime | None:
    """The earliest moment at which a claim may find something; None while only finishing what is in flight can help."""
    earliest = _earliest(session, _NEXT_PENDING, _NEXT_LEASE, now=now)
    held = holds.of(session, now=now)
    if earliest is None or held.ends_at is None or held.ends_at <= earliest:
        return earliest
    free = _earliest(session, held.only_free(_NEXT_PENDING), held.only_free(_NEXT_LEASE), now=now)
    return held.ends_at if free is None else min(held.ends_at, free)


def _earliest(session: Session, pending: Select[Any], lease: Select[Any], *, now: datetime) -> datetime | None:
    connection = session.connection()
    moments: list[datetime | None] = [
        connection.execute(pending, {"now": now}).scalar_one(),
        connection.execute(lease).scalar_one(),
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def _channels_of(session: Session, lanes: Sequence[str]) -> dict[str, str]:
    if not lanes:
        return {}
    return {row.id: row.channel for row in session.connection().execute(_LANE_CHANNEL, {"lanes": list(lanes)})}


def _expire(session: Session, *, now: datetime) -> None:
    late = session.connection().execute(_EXPIRED, {"now": now}).all()
    if late:
        session.connection().execute(_EXPIRE, {"seqs": [row.seq for row in late]})
        cards = [row.card for row in late if row.op == "post" and row.card is not None]
        drop_orphans(session, cards, state="cancelled", why="its card came too late to be posted")


def _take_lost(session: Session, lost: Select[tuple[int]], *, limit: int, now: datetime) -> list[OutboxRow]:
    seqs = list(session.connection().execute(lost, {"now": now, "most": limit}).scalars())
    if not seqs:
        return []
    return list(session.exec(_LOCK_LOST, params={"now": now, "seqs": seqs}).all())


def _take_ready(
    session: Session, ready: Select[tuple[int, str, str, str]], word: wording.Word, *, limit: int, now: datetime
) -> list[OutboxRow]:
    if limit < 1:
        return []
    locked, free = _lock_ready(session, ready, limit=limit, now=now)
    # All are locked before the first one reads how things stand: whatever changes after that leaves after it.
    leaving = [row for row in locked if wording.put_into_words(session, row, word, now=now)]
    session.flush()
    gone = [row.card for row in locked if row.op == "post" and row.state != "pending" and row.card is not None]
    drop_orphans(session, gone, state="cancelled", why="what its card was about is gone")
    _count(session, leaving, free, now=now)
    return leaving


def _lock_ready(
    session: Session, ready: Select[tuple[int, str, str, str]], *, limit: int, now: datetime
) -> tuple[list[OutboxRow], dict[str, datetime]]:
    """The first rows of so many lanes at most, and since when each of these lanes is free."""
    chosen: dict[str, int] = {}
    new = set()
    connection = session.connection()
    candidates = connection.execute(ready, {"now": now, "most": limit * 4}).all()
    edits_left = holds.edits_left(session, now=now) if any(row.op == holds.EDIT for row in candidates) else 0
    for row in candidates:
        if row.lane in chosen or len(chosen) == limit or (row.op == holds.EDIT and not edits_left):
            continue
        chosen[row.lane] = row.seq
        edits_left -= row.op == holds.EDIT
        if row.known is None:
            new.add(row.lane)
    if not chosen:
        return [], {}
    lanes = sorted(chosen)
    if new:
        connection.execute(
            _ADD_LANE.on(session), [{"id": lane, "free_at": now - _LEAD_FOR, "channel": None} for lane in sorted(new)]
        )
    free: dict[str, datetime] = {row.id: row.free_at for row in connection.execute(_LOCK_LANES, {"lanes": lanes})}
    seqs = [seq for lane, seq in chosen.items() if lane in free]
    if not seqs:
        return [], {}
    # Another process may have taken something between the look and the lock: this look is under the lock.
    locked = session.exec(_LOCK_READY, params={"seqs": seqs}).all()
    return [row for row in locked if free[row.lane] <= now], free


def _count(session: Session, leaving: Sequence[OutboxRow], free: Mapping[str, datetime], *, now: datetime) -> None:
    """Note what leaves against the paces that Slack sets."""
    spent = [
        {"lane": row.lane, "until": max(free[row.lane], now - _LEAD_FOR) + INTERVAL_FOR}
        for row in leaving
        if row.op in PACED
    ]
    if spent:
        session.connection().execute(_SET_FREE, spent)
    edits = sum(row.op == holds.EDIT for row in leaving)
    if edits:
        holds.count_edits(session, edits, now=now)
