"""What is on its way to Slack? Every message that others see starts as a row here, committed with its cause.

Only the relay takes rows out (see `sending`, whose names are here too, so that callers know one place). A row's life:
pending, sending, then sent, failed or cancelled; back to pending where Slack refused for now.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from bot.domain.message import AnyMessage, Block, CustomerMessage, Kind, Priority, Unworded, Visibility
from bot.store import gathered, later
from bot.store.audience import check_audience
from bot.store.cards import UNPOSTED, card_key, drop_orphans, find_card, thread_of
from bot.store.files import FILES
from bot.store.holds import hold
from bot.store.insertion import insert_once
from bot.store.newborn import is_born
from bot.store.prepared import Prepared
from bot.store.sending import (
    claim,
    fail,
    finish,
    is_unsettled,
    next_at,
    sendable,
    uncertain,
)
from bot.store.shown import ASKED, FREE, UNSENT, notices
from bot.store.tables import Card, OutboxRow, metadata
from bot.store.wording import payload_of

__all__ = [
    "cancel",
    "cards",
    "claim",
    "edit",
    "ephemeral",
    "fail",
    "finish",
    "hold",
    "home",
    "is_unsettled",
    "next_at",
    "post",
    "sendable",
    "thread_of",
    "uncertain",
    "view_update",
]

PRIORITIES: dict[Kind, Priority] = {
    Kind.PAGE: Priority.PAGE,
    Kind.ALARM: Priority.PAGE,
    Kind.UPDATE: Priority.UPDATE,
    Kind.ESCALATION: Priority.UPDATE,
    Kind.RECEIPT: Priority.REPLY,
    Kind.QUESTION: Priority.REPLY,
    Kind.REPLY: Priority.REPLY,
    Kind.RESOLUTION: Priority.REPLY,
    Kind.CARD: Priority.REPLY,
    Kind.CLOSING: Priority.REST,
    Kind.NOTICE: Priority.REST,
}

_OUTBOX = metadata.tables["outbox"]
_PLAIN: dict[str, Any] = {
    **dict.fromkeys(column.name for column in _OUTBOX.c if column.name != "seq"),
    "priority": Priority.REST,
    "state": "pending",
    "fence": 0,
    "attempts": 0,
    "look_up": False,
}
"""What a row says where its message does not say otherwise."""
_INSERT = Prepared(insert_once(_OUTBOX, "key", returning=_OUTBOX.c.seq))
_ADD = insert_once(_OUTBOX, "key")
_WAITING = (
    select_rows(OutboxRow)
    .where(col(OutboxRow.card) == bindparam("sought"), col(OutboxRow.op) == bindparam("op"))
    .where(col(OutboxRow.state) == "pending")
    .with_for_update()
)
_SHOWN = (
    select_rows(OutboxRow)
    .where(col(OutboxRow.card) == bindparam("sought"), col(OutboxRow.op).in_(("post", "edit")))
    .where(col(OutboxRow.state).in_((*UNPOSTED, "sent")))
    .order_by(col(OutboxRow.seq).desc())
    .limit(1)
    .with_for_update()
    .execution_options(populate_existing=True)
)
"""What a card shows, or will show once everything before it has left."""

_CANCEL = (
    update(_OUTBOX)
    .where(_OUTBOX.c.state == "pending")
    .values(state="cancelled", error=bindparam("why"))
    .returning(_OUTBOX.c.id, _OUTBOX.c.card, _OUTBOX.c.op)
)


def post(
    session: Session,
    *,
    message: AnyMessage | Unworded,
    lane: str,
    id: str,  # noqa: A002 - the column's name, and what the message's metadata calls it
    thread: str | None = None,
    card: str | None = None,
    key: str | None = None,
    ticket_number: int | None = None,
    priority: Priority | None = None,
    expires_at: datetime | None = None,
    not_before: datetime | None = None,
    broadcast: bool = False,
    files: Sequence[Mapping[str, str]] = (),
    now: datetime,
) -> str | None:
    """Let a message be posted once, and give its id; None where one with the same `key` is known already.

    `broadcast` shows a message of a thread in the channel too. With `files` (Slack's ids and names) copies of them are
    posted, and the message's text beside them.

    `lane` is a channel, or `@U0ANA` for a direct message; `thread` a ts, or `card:KEY` for the thread under a card that
    may not be posted yet; `card` the key under which this message is edited later. Raises Leak.
    """
    check_audience(session, message, lane)
    row = _row(message, op="post", lane=lane, id=id, ticket_number=ticket_number, now=now)
    # Of a ticket that is being opened nothing is posted yet.
    if thread is not None and (above := card_key(thread)) is not None and not is_born(session, ticket_number):
        bound, _ = find_card(session, above)
        thread = bound.ts if bound else thread
    row |= {"thread": thread, "card": card, "key": key, "expires_at": expires_at, "not_before": not_before or now}
    if broadcast:
        row["payload"]["reply_broadcast"] = True
    if files and not isinstance(message, Unworded):
        row |= {"op": FILES, "payload": {"text": message.text, "files": [dict(each) for each in files]}}
    row["priority"] = PRIORITIES[message.kind] if priority is None else priority
    return _insert(session, row)


def edit(
    session: Session,
    *,
    message: AnyMessage,
    card: str,
    id: str,  # noqa: A002 - as in post
    ticket_number: int | None = None,
    priority: Priority = Priority.EDIT,
    now: datetime,
) -> str | None:
    """Let a card show this instead, and give the id of what does so.

    None where there is no such card, or where it shows just this already. What still waits (an edit, or the card itself
    before its first sending) is changed in its place; otherwise the edit waits until the card is posted. Raises Leak.
    """
    if is_born(session, ticket_number):
        shown: OutboxRow | None = session.exec(_SHOWN, params={"sought": card}).first()
        bound, lane = None, shown.lane if shown else None
    else:
        bound, lane = find_card(session, card)
        shown = session.exec(_SHOWN, params={"sought": card}).first() if lane else None
    if lane is None:
        return None
    check_audience(session, message, lane)
    if shown is not None:
        payload = {**shown.payload, **payload_of(message)}
        if payload == shown.payload:
            return None
        # A post that may have been sent before stands in Slack as it was.
        seen = shown.op != "edit" and (shown.fence != 0 or shown.look_up)
        if shown.state == "pending" and not seen:
            shown.payload, shown.kind, shown.visibility = payload, message.kind, message.visibility
            session.add(shown)
            session.flush()
            return shown.id
    return add_edit(
        session, message, card, bound=bound, lane=lane, id=id, ticket_number=ticket_number, priority=priority, now=now
    )


def add_edit(
    session: Session,
    message: AnyMessage | Unworded,
    card: str,
    *,
    bound: Card | None,
    lane: str,
    id: str,  # noqa: A002 - as in post
    ticket_number: int | None,
    priority: Priority = Priority.EDIT,
    now: datetime,
) -> str | None:
    """Let an edit of a card leave, where it is posted (`bound`) or as soon as it is."""
    row = _row(message, op="edit", lane=lane, id=id, ticket_number=ticket_number, now=now)
    row |= {"card": card, "priority": priority}
    if bound is not None:
        row |= {"channel": bound.channel, "ts": bound.ts}
    return _insert(session, row)


def cards(session: Session, *, kind: str, prefix: str, ticket_number: int) -> list[str]:
    """The cards of a ticket's notices, `KIND:PREFIX...`, that are posted or on their way."""
    prefix = f"{kind}:{prefix}"
    known: list[str] = gathered.once(session, ticket_number, (ASKED, kind))
    if known is not gathered.UNKNOWN:
        return [each for each in known if each.startswith(prefix)]
    return [card for _, card in notices(session, [ticket_number], beginning=prefix)]


def ephemeral(
    session: Session,
    *,
    text: str,
    blocks: tuple[Block, ...] = (),
    lane: str,
    user: str,
    id: str,  # noqa: A002 - as in post
    thread: str | None = None,
    key: str | None = None,
    ticket_number: int | None = None,
    expires_at: datetime | None = None,
    now: datetime,
) -> str | None:
    """Tell one person something in a channel, at most once; it is gone when they reload. None for a known `key`."""
    message = CustomerMessage(Kind.NOTICE, text, blocks)
    row = _row(message, op="ephemeral", lane=lane, id=id, ticket_number=ticket_number, now=now)
    row["payload"]["user"] = user
    row |= {"key": key, "thread": thread, "expires_at": expires_at, "priority": Priority.REPLY}
    return _insert(session, row)


def view_update(
    session: Session,
    *,
    view: dict[str, Any],
    view_id: str,
    visibility: Visibility,
    id: str,  # noqa: A002 - as in post
    expires_at: datetime | None = None,
    now: datetime,
) -> str | None:
    """Let an open form show this instead; the payload is `{"view_id", "view"}`."""
    return _show(
        session,
        op="view_update",
        lane="views",
        collapse=f"view:{view_id}",
        payload={"view_id": view_id, "view": view},
        visibility=visibility,
        id=id,
        expires_at=expires_at,
        now=now,
    )


def home(
    session: Session,
    *,
    view: dict[str, Any],
    user: str,
    visibility: Visibility,
    id: str,  # noqa: A002 - as in post
    now: datetime,
) -> str | None:
    """Let a person's home tab show this; the payload is `{"user", "view"}`."""
    return _show(
        session,
        op="home",
        lane="views",
        collapse=f"home:{user}",
        payload={"user": user, "view": view},
        visibility=visibility,
        id=id,
        expires_at=None,
        now=now,
    )


def cancel(
    session: Session,
    *,
    card: str | None = None,
    key_prefix: str | None = None,
    ticket_number: int | None = None,
    kinds: Collection[Kind] | None = None,
    now: datetime,
) -> list[str]:
    """Take back what matches everything given and has not begun to leave, and give the ids; at least one is given.

    What waits for a card that is taken back goes with it.
    """
    terms: list[ColumnElement[bool]] = []
    if card is not None:
        terms.append(_OUTBOX.c.card == card)
    elif key_prefix is not None and _none_waits(session, ticket_number, key_prefix):
        return []
    if key_prefix is not None:
        terms.append(_OUTBOX.c.key.startswith(key_prefix, autoescape=True))
    if ticket_number is not None:
        terms.append(_OUTBOX.c.ticket_number == ticket_number)
    if kinds is not None:
        terms.append(_OUTBOX.c.kind.in_([kind.value for kind in kinds]))
    if not terms:
        raise ValueError("say which messages to cancel")
    statement = _CANCEL.where(*terms)
    taken = session.connection().execute(statement, {"why": f"taken back at {now.isoformat()}"}).all()
    orphans = [row.card for row in taken if row.op == "post" and row.card is not None]
    return [row.id for row in taken] + drop_orphans(session, orphans, state="cancelled", why="its card was taken back")


def _row(
    message: AnyMessage | Unworded,
    *,
    op: str,
    lane: str,
    id: str,  # noqa: A002 - as in post
    ticket_number: int | None,
    now: datetime,
) -> dict[str, Any]:
    return _PLAIN | {
        "id": id,
        "op": op,
        "kind": message.kind.value,
        "visibility": message.visibility.value,
        "lane": lane,
        "payload": payload_of(message),
        "ticket_number": ticket_number,
        "created_at": now,
        "not_before": now,
    }


def _show(
    session: Session,
    *,
    op: str,
    lane: str,
    collapse: str,
    payload: dict[str, Any],
    visibility: Visibility,
    id: str,  # noqa: A002 - as in post
    expires_at: datetime | None,
    now: datetime,
) -> str | None:
    waiting = session.exec(_WAITING, params={"sought": collapse, "op": op}).first()
    if waiting is not None:
        waiting.payload, waiting.expires_at = payload, expires_at
        session.add(waiting)
        session.flush()
        return waiting.id
    row = _PLAIN | {
        "id": id,
        "op": op,
        "kind": Kind.NOTICE.value,
        "visibility": visibility.value,
        "priority": Priority.EDIT,
        "lane": lane,
        "card": collapse,
        "payload": payload,
        "created_at": now,
        "not_before": now,
        "expires_at": expires_at,
    }
    return _insert(session, row)


def _insert(session: Session, row: Mapping[str, Any]) -> str | None:
    key, number = row["key"], row["ticket_number"]
    # A ticket's own cards are written once; that of one which is being opened cannot be there.
    is_new = key == row["card"] and is_born(session, number)
    if key is None or is_new or gathered.once(session, number, (FREE, key)) is True:
        later.write(session, _ADD, row)
        return str(row["id"])
    return str(row["id"]) if _INSERT.first(session, **row) is not None else None


def _none_waits(session: Session, ticket_number: int | None, key_prefix: str) -> bool:
    known: bool = gathered.once(session, ticket_number, (UNSENT, key_prefix.partition(":")[0]))
    return known is False
