"""How many pages does one person get, which of them wait for an answer, and in which bundles do they stand?

In a storm each of these is asked for each page: none of them reads more rows than it gives.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from bot.store.cards import UNPOSTED
from bot.store.tables import OutboxRow, Page, Ticket

_PAGED_SINCE = (
    select(func.count())
    .select_from(Page)
    .where(col(Page.person_id) == bindparam("person"), col(Page.paged_at) > bindparam("since"))
)
_THEIRS = (
    col(Page.person_id) == bindparam("person"),
    col(Page.state) == "paging",
    col(Page.ticket_number) == col(Ticket.number),
)
_WAITING = (
    select(func.count(), func.min(col(Ticket.severity)))
    .select_from(Page)
    .where(*_THEIRS, col(Page.id) != bindparam("besides"))
)
_UNANSWERED = select(Page, Ticket).where(*_THEIRS).order_by(col(Ticket.severity), col(Page.paged_at), col(Page.id))
_STANDING = (
    select(OutboxRow.seq, OutboxRow.card)
    .where(col(OutboxRow.card).in_(bindparam("cards", expanding=True)), col(OutboxRow.op) == "post")
    .where(col(OutboxRow.state).in_((*UNPOSTED, "sent")))
)
"""All of them: asked for the newest only, PostgreSQL goes through all messages that there are, from the newest on."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many pages wait for somebody, and the highest severity among their tickets."""

    count: int
    severity: str | None


def paged_since(session: Session, person: str, *, since: datetime) -> int:
    """How many pages somebody got after a moment."""
    return session.exec(_PAGED_SINCE, params={"person": person, "since": since}).one()


def waiting(session: Session, person: str, *, besides: str = "") -> Waiting:
    """Count the pages that somebody has not answered, one page left out where asked."""
    return Waiting(*session.exec(_WAITING, params={"person": person, "besides": besides}).one())


def unanswered(session: Session, person: str, *, limit: int | None = None) -> list[tuple[Page, Ticket]]:
    """The pages that somebody has not answered, with their tickets, the most severe and oldest first."""
    return list(session.exec(_UNANSWERED.limit(limit), params={"person": person}).all())


def newest_standing(session: Session, cards: Collection[str]) -> str | None:
    """Which of these cards was posted last, or is on its way; None where none was."""
    if not cards:
        return None
    _, newest = max(session.exec(_STANDING, params={"cards": list(cards)}), default=(0, None))
    return newest
