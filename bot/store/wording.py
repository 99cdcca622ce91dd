"""What does a message say that found no words before it leaves?

A card says how a ticket stands, so its words are found when it leaves: in the claim, and kept with the row, where what
was said can be read later. One that would say what the card shows already has nothing to say.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.domain.message import AnyMessage, Unworded
from bot.store.cards import UNPOSTED
from bot.store.errors import NoWords
from bot.store.tables import OutboxRow, metadata

Word = Callable[[OutboxRow], AnyMessage | None]
"""Finds a row's words; None where what it was to speak of is gone. Raises NoWords where they cannot be found now."""

SAID = ("post", "edit")
"""What has words at all; other rows say what is to be done."""

LONGEST_WAIT_FOR = timedelta(minutes=1)

_OUTBOX = metadata.tables["outbox"]
_SHOWN = (
    select(_OUTBOX.c.payload)
    .where(_OUTBOX.c.card == bindparam("sought"), _OUTBOX.c.op.in_(SAID))
    .where(_OUTBOX.c.state.in_((*UNPOSTED, "sent")), _OUTBOX.c.seq < bindparam("before"))
    .order_by(_OUTBOX.c.seq.desc())
    .limit(1)
)
"""What a card shows, or will show, once everything before a row has left."""


def payload_of(message: AnyMessage | Unworded) -> dict[str, Any]:
    """What the relay will send; nothing yet where the words are found as it leaves."""
    return {} if isinstance(message, Unworded) else {"text": message.text, "blocks": list(message.blocks)}


def is_unworded(row: OutboxRow) -> bool:
    """Whether a row has to find its words."""
    return not row.payload and row.op in SAID


def put_into_words(session: Session, row: OutboxRow, word: Word, *, now: datetime) -> bool:
    """Find the words of a row that is about to leave; whether it leaves now.

    It ends where it would say what is shown already, or where nothing is left to speak of; where its words cannot be
    found it waits, longer each time. Words that are meant for other readers than the row never leave.
    """
    if not is_unworded(row):
        return True
    try:
        message = word(row)
    except NoWords as error:
        row.attempts += 1
        row.error = str(error)
        row.not_before = now + min(timedelta(seconds=2.0 ** min(row.attempts, 10)), LONGEST_WAIT_FOR)
        return False
    if message is None:
        row.state, row.error = "cancelled", "what it was about is gone"
        return False
    if message.visibility.value != row.visibility:
        row.state, row.error = "failed", "refused here: its words are for other readers"
        return False
    words = payload_of(message)
    if row.op == "edit":
        shown = session.connection().execute(_SHOWN, {"sought": row.card, "before": row.seq}).scalar()
        if shown is not None and {**shown, **words} == shown:
            row.state, row.error = "cancelled", "it is shown already"
            return False
    row.payload = words
    return True
