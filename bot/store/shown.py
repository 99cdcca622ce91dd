"""Which messages of many tickets still wait to leave, and which are there at all?

Read at once for work that goes through the tickets one by one (see gathered.py).
"""

from collections.abc import Collection, Mapping

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.store import gathered
from bot.store.cards import UNPOSTED
from bot.store.literal import is_literally
from bot.store.tables import metadata

ASKED, UNSENT, FREE = "asked", "unsent", "free"
"""What is kept of a ticket: its cards of one kind, whether some messages wait, a key that is free."""

_OUTBOX = metadata.tables["outbox"]
_STANDING = frozenset((*UNPOSTED, "sent"))
_NOTICES = (
    # As its index says it: a ticket has hundreds of other messages.
    select(_OUTBOX.c.ticket_number, _OUTBOX.c.card, _OUTBOX.c.state)
    .where(_OUTBOX.c.ticket_number.in_(bindparam("numbers", expanding=True)))
    .where(is_literally(_OUTBOX.c.op, "post"), is_literally(_OUTBOX.c.kind, "notice"))
    .where(_OUTBOX.c.card.is_not(None), _OUTBOX.c.card.startswith(bindparam("beginning"), autoescape=False))
    .order_by(_OUTBOX.c.seq)
)
_UNSENT = (
    select(_OUTBOX.c.ticket_number)
    .where(_OUTBOX.c.ticket_number.in_(bindparam("numbers", expanding=True)), _OUTBOX.c.state == "pending")
    .where(_OUTBOX.c.key.startswith(bindparam("beginning"), autoescape=False))
)
_TAKEN = select(_OUTBOX.c.key).where(_OUTBOX.c.key.in_(bindparam("keys", expanding=True)))


def gather(
    session: Session,
    numbers: Collection[int],
    *,
    keys: Mapping[str, int],
    asked: str,
    unsent: str,
) -> None:
    """Read which notices of the tickets begin with `asked:`, and that no message waits whose key begins with `unsent:`.

    Also which of these keys (with their tickets) nothing has yet.
    """
    connection = session.connection()
    found: dict[int, list[str]] = {number: [] for number in numbers}
    for number, card in notices(session, numbers, beginning=f"{asked}:"):
        found[number].append(card)
    waiting = set(connection.execute(_UNSENT, {"numbers": list(numbers), "beginning": f"{unsent}:"}).scalars())
    for number, of_ticket in found.items():
        gathered.keep(session, number, (ASKED, asked), of_ticket)
        if number not in waiting:
            gathered.keep(session, number, (UNSENT, unsent), found=False)
    for key in set(keys).difference(connection.execute(_TAKEN, {"keys": list(keys)}).scalars()):
        gathered.keep(session, keys[key], (FREE, key), found=True)


def notices(session: Session, numbers: Collection[int], *, beginning: str) -> list[tuple[int, str]]:
    """The cards of these tickets' notices that begin so and are posted or on their way, each with its ticket."""
    found = session.connection().execute(_NOTICES, {"numbers": list(numbers), "beginning": beginning})
    # Asked for the states, SQLite would go through all that the desk ever sent.
    return [(number, card) for number, card, state in found if state in _STANDING]
