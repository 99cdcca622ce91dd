"""How many pages does one person get, and which of them wait for an answer?"""

from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.store.tables import Page, Ticket


def paged_since(session: Session, person: str, *, since: datetime) -> int:
    """How many pages somebody got after a moment."""
    counted = select(func.count()).select_from(Page)
    return session.exec(counted.where(col(Page.person_id) == person, col(Page.paged_at) > since)).one()


def unanswered(session: Session, person: str) -> list[tuple[Page, Ticket]]:
    """The pages that somebody has not answered, with their tickets, the most severe and oldest first."""
    statement = select(Page, Ticket).where(
        col(Page.person_id) == person, col(Page.state) == "paging", col(Page.ticket_number) == col(Ticket.number)
    )
    return list(session.exec(statement.order_by(col(Ticket.severity), col(Page.paged_at), col(Page.id))).all())
