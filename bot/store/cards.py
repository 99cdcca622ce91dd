"""Where does a card stand in Slack, or where will it, and what waits under it?"""

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, or_, select, update
from sqlmodel import Session

from bot.store import gathered
from bot.store.tables import Card, metadata

UNPOSTED = ("pending", "sending")

CARD_PREFIX = "card:"
_OUTBOX = metadata.tables["outbox"]
_ORIGIN = (
    select(_OUTBOX.c.lane)
    .where(_OUTBOX.c.card == bindparam("sought"), _OUTBOX.c.op == "post", _OUTBOX.c.state.in_(UNPOSTED))
    .with_for_update()
)
_DROP = (
    update(_OUTBOX)
    .where(
        _OUTBOX.c.state == "pending",
        or_(
            _OUTBOX.c.thread.in_(bindparam("threads", expanding=True)),
            and_(_OUTBOX.c.op == "edit", _OUTBOX.c.card.in_(bindparam("cards", expanding=True))),
        ),
    )
    .values(state=bindparam("becomes"), error=bindparam("why"))
    .returning(_OUTBOX.c.id)
)


def thread_of(card: str) -> str:
    """The name of the thread under a card, for a message that may be written before the card is posted."""
    return f"{CARD_PREFIX}{card}"


def card_key(thread: str) -> str | None:
    """The card above such a thread; None where the thread is a ts."""
    return thread.removeprefix(CARD_PREFIX) if thread.startswith(CARD_PREFIX) else None


def find_card(session: Session, key: str) -> tuple[Card | None, str | None]:
    """The card where it is posted, and its lane where it is posted or on its way."""
    posted: Card | None = gathered.known(session, None, (Card, key))
    bound = session.get(Card, key) if posted is gathered.UNKNOWN else posted
    if bound is None:
        lane: str | None = session.connection().execute(_ORIGIN, {"sought": key}).scalar()
        if lane is not None:
            return None, lane
        # The lock waited for the relay, which posted it just then.
        bound = session.get(Card, key)
    return bound, bound.channel if bound else None


def leave(session: Session, key: str, *, ts: str | None) -> bool:
    """Let a card be posted anew that stood at `ts`; what is written in its old thread still belongs to its ticket.

    False where it stands elsewhere by now, or is on its way.
    """
    bound = session.get(Card, key)
    if bound is None or bound.ts != ts:
        return False
    session.delete(bound)
    session.add(Card(key=f"{key}:{ts}", channel=bound.channel, ts=bound.ts, ticket_number=bound.ticket_number))
    session.flush()
    return True


def drop_orphans(session: Session, cards: Sequence[str], *, state: str, why: str) -> list[str]:
    """End what waits for cards that will never be posted, and give the ids."""
    if not cards:
        return []
    given = {"cards": list(cards), "threads": [thread_of(card) for card in cards], "becomes": state, "why": why}
    return list(session.connection().execute(_DROP, given).scalars())
