"""What does a card say that leaves now? How its ticket stands at this moment, not how it stood when it was noted."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlmodel import Session

from bot.domain.message import AnyMessage, Kind
from bot.services import customer_news, staff_news
from bot.services.desk import Desk, Work
from bot.store import tickets
from bot.store.tables import OutboxRow

WORDS: Mapping[str, Callable[..., AnyMessage]] = MappingProxyType(
    {
        Kind.RECEIPT: customer_news.receipt_words,
        Kind.QUESTION: customer_news.question_words,
        Kind.CARD: staff_news.card_words,
    }
)
"""Who knows the words of what kind of message."""


def speaker(desk: Desk) -> Callable[[Session, OutboxRow, datetime], AnyMessage | None]:
    """Give the relay what it asks for words, in the transaction that takes a message."""
    return lambda session, row, now: words(Work(desk, session), row, now=now)


def words(work: Work, row: OutboxRow, *, now: datetime) -> AnyMessage | None:
    """Put a message into words that has none yet; None where its ticket is gone.

    Raises KeyError for a kind that is put into words when it is written.
    """
    ticket = tickets.by_number(work.session, row.ticket_number) if row.ticket_number else None
    return WORDS[row.kind](work, ticket, now=now) if ticket else None
