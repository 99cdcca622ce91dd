"""Which cards no longer say how what they are about stands?

Such a card is only noted: its words are found as the edit leaves (see wording.py), so that many changes in a row cost
one edit, and what is read is true when it is read.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Text, bindparam, cast, or_, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from bot.domain.message import Unworded
from bot.store import at_commit, gathered, outbox
from bot.store.audience import check_audience
from bot.store.cards import find_card
from bot.store.newborn import is_born
from bot.store.prepared import Prepared
from bot.store.tables import Card, metadata
from bot.store.wording import SAID

NOTHING_WAITS = "nothing waits"
"""Under which name it is kept of a card that neither it nor an edit of it is still to leave."""

_OUTBOX = metadata.tables["outbox"]
_SHOWS = or_(*(_OUTBOX.c.op == op for op in SAID))
_WAITING = Prepared(
    select(
        _OUTBOX.c.seq, _OUTBOX.c.op, _OUTBOX.c.fence, _OUTBOX.c.look_up,
        (cast(_OUTBOX.c.payload, Text) == "{}").label("is_unworded"),
    )
    .where(_OUTBOX.c.card == bindparam("sought"), _OUTBOX.c.state == "pending", _SHOWS)
    .order_by(_OUTBOX.c.seq.desc())
    .limit(1)
    .with_for_update()
)  # fmt: skip
"""What is still to leave, locked: a claim that is at it just now has put it into words before this is seen."""

_UNSAY = Prepared(update(_OUTBOX).where(_OUTBOX.c.seq == bindparam("which")).values(payload={}))
_ALL_WAITING = select(_OUTBOX.c.card).where(
    _OUTBOX.c.card.in_(bindparam("cards", expanding=True)), _OUTBOX.c.state == "pending", _SHOWS
)


def say_anew(
    session: Session,
    *,
    message: Unworded,
    card: str,
    token: Callable[[], str],
    ticket_number: int | None,
    now: datetime,
) -> None:
    """Let a card say how things stand when this leaves; nothing happens where there is no such card.

    It is noted as the transaction ends, once for however much happened; that raises Leak. `token` gives a fresh id.
    """

    def note() -> None:
        _note(session, message, card, token, ticket_number=ticket_number, now=now)

    at_commit.once(session, card, note)


def gather(session: Session, cards: Mapping[str, int]) -> None:
    """Read where these cards (with their tickets) stand, and which of them have nothing that is still to leave."""
    for posted in session.exec(select_rows(Card).where(col(Card.key).in_(cards))):
        gathered.keep(session, cards[posted.key], (Card, posted.key), posted)
    waiting = session.connection().execute(_ALL_WAITING, {"cards": list(cards)}).scalars()
    for card in set(cards).difference(waiting):
        gathered.keep(session, cards[card], (NOTHING_WAITS, card), found=True)


def _note(
    session: Session,
    message: Unworded,
    card: str,
    token: Callable[[], str],
    *,
    ticket_number: int | None,
    now: datetime,
) -> None:
    if is_born(session, ticket_number):
        # The card itself waits without words, if the ticket has one.
        return
    if gathered.once(session, ticket_number, (NOTHING_WAITS, card)) is not True:
        waiting = _WAITING.first(session, sought=card)
        if waiting is not None and waiting.is_unworded:
            return
        if waiting is not None and waiting.op == "edit":
            _UNSAY.all(session, which=waiting.seq)
            return
    bound, lane = find_card(session, card)
    if lane is not None:
        check_audience(session, message, lane)
        outbox.add_edit(
            session, message, card, bound=bound, lane=lane, id=token(), ticket_number=ticket_number, now=now
        )
