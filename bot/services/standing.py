"""What does a card say that leaves now? How all stands at this moment, not how it stood when the card was noted."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlmodel import Session

from bot.domain.message import AnyMessage
from bot.services import customer_news, incident_news, staff_news, storm
from bot.services.desk import Desk, Work
from bot.store import tickets
from bot.store.tables import OutboxRow

OF_A_TICKET: Mapping[str, Callable[..., AnyMessage | None]] = MappingProxyType(
    {
        "receipt": customer_news.receipt_words,
        "question": customer_news.question_words,
        "card": staff_news.card_words,
        "alike": incident_news.offer_words,
    }
)
OF_MORE: Mapping[str, Callable[..., AnyMessage | None]] = MappingProxyType(
    {
        "incident": incident_news.card_words,
        "bundle": storm.words,
    }
)
"""Who knows the words of a card, by what stands before the colon of its name; of those about more than one ticket they
are told what stands behind it."""


def speaker(desk: Desk) -> Callable[[Session, OutboxRow, datetime], AnyMessage | None]:
    """Give the relay what it asks for words, in the transaction that takes a message."""
    return lambda session, row, now: words(Work(desk, session), row, now=now)


def words(work: Work, row: OutboxRow, *, now: datetime) -> AnyMessage | None:
    """Put a message into words that has none yet; None where what it was about is gone.

    Raises KeyError for a card that is put into words when it is written.
    """
    name, _, about = (row.card or "").partition(":")
    if name in OF_MORE:
        return OF_MORE[name](work, about, now=now)
    ticket = tickets.by_number(work.session, row.ticket_number) if row.ticket_number else None
    return OF_A_TICKET[name](work, ticket, now=now) if ticket else None
