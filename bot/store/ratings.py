"""What did customers think of how it went, and whom did we ask lately?"""

from datetime import datetime

from sqlmodel import Session, col, select

from bot.store.rating_tables import Rating


def of_ticket(session: Session, number: int) -> Rating | None:
    """The answer about a ticket, if there is one."""
    return session.get(Rating, number)


def answered_since(session: Session, person: str, since: datetime) -> bool:
    """Whether somebody answered about any ticket since a moment; `person` is the trail's word for them."""
    statement = select(Rating.ticket_number).where(col(Rating.person) == person, col(Rating.rated_at) >= since)
    return session.exec(statement.limit(1)).first() is not None


def keep(session: Session, row: Rating) -> None:
    """Keep an answer."""
    session.add(row)
    session.flush()
