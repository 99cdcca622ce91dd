"""Which incident channels are there, and how do their making, their people and their end get on their way to Slack?

Everything about a channel that Slack has not made yet waits for the card `room:{name}`; once it is made, what waits
goes to it. Only the relay calls Slack.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.domain.message import InternalMessage, Kind, Priority, Visibility
from bot.store import gathered
from bot.store.cards import thread_of
from bot.store.incident_tables import IncidentChannel
from bot.store.newborn import has_none
from bot.store.sending import ROOM
from bot.store.tables import Card, OutboxRow

MAKE, INVITE, TOPIC, BOOKMARK, ARCHIVE = ROOM, "invite", "topic", "bookmark", "archive"
OPS = frozenset({MAKE, INVITE, TOPIC, BOOKMARK, ARCHIVE})
"""What the relay can do with a channel: each harmless when it is done twice."""


def of_ticket(session: Session, ticket_number: int, *, lock: bool = False) -> IncidentChannel | None:
    """The incident channel of a ticket, archived or not."""
    if gathered.known(session, ticket_number, IncidentChannel) is None:
        return None
    if has_none(session, ticket_number, "incident_channel"):
        return None
    statement = select(IncidentChannel).where(col(IncidentChannel.ticket_number) == ticket_number)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.exec(statement).first()


def gather(session: Session, numbers: Collection[int]) -> None:
    """See which of many tickets have no incident channel, for the work on each of them."""
    statement = select(IncidentChannel.ticket_number).where(col(IncidentChannel.ticket_number).in_(numbers))
    for number in {*numbers}.difference(session.exec(statement).all()):
        gathered.keep(session, number, IncidentChannel, None)


def card_of(room: IncidentChannel) -> str:
    """The card under which Slack's id of the channel is remembered."""
    return f"room:{room.name}"


def channel_of(session: Session, room: IncidentChannel) -> str | None:
    """Slack's id of the channel; None until it is made."""
    card = session.get(Card, card_of(room))
    return card.channel if card else None


def is_lost(session: Session, room: IncidentChannel) -> bool:
    """Whether Slack would not make the channel, so that it may be asked for again."""
    statement = select(OutboxRow.state).where(col(OutboxRow.card) == card_of(room), col(OutboxRow.op) == MAKE)
    states = list(session.exec(statement).all())
    return channel_of(session, room) is None and all(state in ("failed", "cancelled") for state in states)


def act(
    session: Session, room: IncidentChannel, *, op: str, payload: dict[str, Any], token: str, now: datetime
) -> None:
    """Let something be done with a channel, once it is there."""
    session.add(_row(session, room, op=op, payload=payload, token=token, now=now))
    session.flush()


def put(session: Session, room: IncidentChannel, *, message: InternalMessage, token: str, now: datetime) -> None:
    """Let a message be posted in a channel, once it is there."""
    payload = {"text": message.text, "blocks": list(message.blocks)}
    session.add(_row(session, room, op="post", payload=payload, token=token, now=now))
    session.flush()


def _row(
    session: Session, room: IncidentChannel, *, op: str, payload: dict[str, Any], token: str, now: datetime
) -> OutboxRow:
    card = card_of(room)
    channel = channel_of(session, room)
    waits = channel is None and op != MAKE
    return OutboxRow(
        id=token,
        op=op,
        kind=Kind.NOTICE.value,
        visibility=Visibility.INTERNAL.value,
        priority=Priority.REST,
        lane=channel or card,
        thread=thread_of(card) if waits else None,
        card=card if op == MAKE else None,
        payload=payload,
        ticket_number=room.ticket_number,
        state="pending",
        created_at=now,
        not_before=now,
    )
