"""What do the messages of many tickets show, and which of them still wait to leave?

Read at once for work that goes through the tickets one by one (see gathered.py).
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from bot.store import gathered
from bot.store.sending import UNPOSTED
from bot.store.tables import Card, metadata

SHOWN, ASKED, UNSENT, FREE = "shown", "asked", "unsent", "free"
"""What is kept of a ticket: what a card shows, its cards of one kind, whether some of them wait, a key that is free."""

_OUTBOX = metadata.tables["outbox"]
_LATEST = (
    select(func.max(_OUTBOX.c.seq))
    .where(_OUTBOX.c.card.in_(bindparam("cards", expanding=True)), _OUTBOX.c.op.in_(("post", "edit")))
    .where(_OUTBOX.c.state.in_((*UNPOSTED, "sent")))
    .group_by(_OUTBOX.c.card)
)
# What can still be changed in its place is left to whoever changes it.
_SHOWN = (
    select(_OUTBOX.c.card, _OUTBOX.c.ticket_number, _OUTBOX.c.payload)
    .where(_OUTBOX.c.seq.in_(bindparam("seqs", expanding=True)))
    .where(
        or_(
            _OUTBOX.c.state.in_(("sending", "sent")),
            and_(_OUTBOX.c.state == "pending", _OUTBOX.c.op == "post", _OUTBOX.c.fence != 0),
        )
    )
    .with_for_update(skip_locked=True)
)
_CARDS = (
    select(_OUTBOX.c.ticket_number, _OUTBOX.c.card)
    .where(_OUTBOX.c.ticket_number.in_(bindparam("numbers", expanding=True)), _OUTBOX.c.op == "post")
    .where(_OUTBOX.c.card.startswith(bindparam("beginning"), autoescape=False))
    .where(_OUTBOX.c.state.in_((*UNPOSTED, "sent")))
    .order_by(_OUTBOX.c.seq)
)
_UNSENT = (
    select(_OUTBOX.c.ticket_number)
    .where(_OUTBOX.c.ticket_number.in_(bindparam("numbers", expanding=True)), _OUTBOX.c.state == "pending")
    .where(_OUTBOX.c.key.startswith(bindparam("beginning"), autoescape=False))
)
_TAKEN = select(_OUTBOX.c.key).where(_OUTBOX.c.key.in_(bindparam("keys", expanding=True)))


class Shown(NamedTuple):
    """What a card shows that is posted or leaving."""

    payload: dict[str, Any]


def gather(
    session: Session,
    numbers: Collection[int],
    *,
    cards: Collection[str],
    keys: Mapping[str, int],
    asked: str,
    unsent: str,
) -> None:
    """Read what these cards of the tickets show, and which of these keys (with their tickets) nothing has yet.

    Also which cards begin with `asked:`, and that no message waits whose key begins with `unsent:`.
    """
    connection = session.connection()
    for card in session.exec(select_rows(Card).where(col(Card.key).in_(cards))):
        if card.ticket_number is not None:
            gathered.keep(session, card.ticket_number, (Card, card.key), card)
    latest = list(connection.execute(_LATEST, {"cards": list(cards)}).scalars())
    for row in connection.execute(_SHOWN, {"seqs": latest}):
        gathered.keep(session, row.ticket_number, (SHOWN, row.card), Shown(row.payload))
    found: dict[int, list[str]] = {number: [] for number in numbers}
    for number, card in connection.execute(_CARDS, {"numbers": list(numbers), "beginning": f"{asked}:"}):
        found[number].append(card)
    waiting = set(connection.execute(_UNSENT, {"numbers": list(numbers), "beginning": f"{unsent}:"}).scalars())
    for number, of_ticket in found.items():
        gathered.keep(session, number, (ASKED, asked), of_ticket)
        if number not in waiting:
            gathered.keep(session, number, (UNSENT, unsent), found=False)
    for key in set(keys).difference(connection.execute(_TAKEN, {"keys": list(keys)}).scalars()):
        gathered.keep(session, keys[key], (FREE, key), found=True)
