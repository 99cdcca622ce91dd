"""Which chains of pages run, and who was paged?"""

from collections.abc import Collection

from sqlmodel import Session, col, func, select

from bot.domain.escalation import Phase
from bot.store.tables import Escalation, Page


def escalation(session: Session, escalation_id: str, *, lock: bool = False) -> Escalation | None:
    """The chain of that id, locked until the transaction ends where asked."""
    statement = select(Escalation).where(col(Escalation.id) == escalation_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.exec(statement).first()


def running(session: Session, ticket_number: int, *, circle: str = "ladder") -> Escalation | None:
    """The chain of a ticket that still pages that circle, if one does; locked until the transaction ends."""
    statement = select(Escalation).where(
        col(Escalation.ticket_number) == ticket_number,
        col(Escalation.state) == Phase.PAGING.value,
        col(Escalation.circle) == circle,
    )
    return session.exec(statement.with_for_update().execution_options(populate_existing=True)).first()


def latest(session: Session, ticket_number: int) -> Escalation | None:
    """The chain up a ticket's ladder that began last."""
    statement = select(Escalation).where(
        col(Escalation.ticket_number) == ticket_number, col(Escalation.circle) == "ladder"
    )
    return session.exec(statement.order_by(col(Escalation.started_at).desc(), col(Escalation.id)).limit(1)).first()


def of_ticket(session: Session, ticket_number: int, *, states: Collection[str] | None = None) -> list[Escalation]:
    """A ticket's chains from the oldest; those in certain states where given."""
    statement = select(Escalation).where(col(Escalation.ticket_number) == ticket_number)
    if states is not None:
        statement = statement.where(col(Escalation.state).in_(states))
    return list(session.exec(statement.order_by(col(Escalation.started_at), col(Escalation.id))).all())


def page(session: Session, page_id: str, *, lock: bool = False) -> Page | None:
    """The page of that id, locked until the transaction ends where asked."""
    statement = select(Page).where(col(Page.id) == page_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.exec(statement).first()


def of_escalation(session: Session, escalation_id: str, *, states: Collection[str] | None = None) -> list[Page]:
    """A chain's pages from the oldest; those in certain states where given."""
    statement = select(Page).where(col(Page.escalation_id) == escalation_id)
    if states is not None:
        statement = statement.where(col(Page.state).in_(states))
    return list(session.exec(statement.order_by(col(Page.paged_at), col(Page.level), col(Page.id))).all())


def count_escalations(session: Session, *, states: Collection[str]) -> int:
    """How many chains are in certain states."""
    return session.exec(select(func.count()).select_from(Escalation).where(col(Escalation.state).in_(states))).one()
