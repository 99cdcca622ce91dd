"""How much waits? Figures over the queues, for monitors."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.store.tables import Deadline, OutboxRow

_WAITING = ("pending", "sending")


def outbox_waiting(session: Session) -> dict[int, int]:
    """How many messages wait at each priority that has any."""
    statement = select(OutboxRow.priority, func.count()).where(col(OutboxRow.state).in_(_WAITING))
    return dict(session.exec(statement.group_by(col(OutboxRow.priority))).all())


def oldest_waiting(session: Session) -> datetime | None:
    """Since when the oldest message that waits could have left."""
    return session.exec(select(func.min(OutboxRow.not_before)).where(col(OutboxRow.state).in_(_WAITING))).one()


def deadlines_overdue(session: Session, *, now: datetime) -> int:
    """How many deadlines are past and their work not done."""
    return session.exec(select(func.count()).select_from(Deadline).where(col(Deadline.due_at) < now)).one()
