"""How much waits? Figures over the queues, for monitors."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.domain.sla import State
from bot.store.literal import is_literally
from bot.store.pages import IS_PAGING
from bot.store.tables import Clock, Deadline, Escalation, OutboxRow

NEWEST = 5_000
"""So many of the newest messages are looked at: a busy desk's hour, and never the whole table."""

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


def sent_after(session: Session, *, since: datetime) -> dict[int, list[float]]:
    """By priority, how many seconds after it could have left each message sent since a moment did leave."""
    newest = (
        select(OutboxRow.priority, OutboxRow.not_before, OutboxRow.sent_at)
        .order_by(col(OutboxRow.seq).desc())
        .limit(NEWEST)
    )
    found: dict[int, list[float]] = {}
    for priority, due_at, sent_at in session.exec(newest):
        if sent_at is not None and sent_at >= since:
            found.setdefault(priority, []).append(max((sent_at - due_at).total_seconds(), 0.0))
    return found


def targets_missed(session: Session) -> dict[str, int]:
    """How many clocks of each metric are past their target and go on."""
    statement = select(Clock.metric, func.count()).where(is_literally(col(Clock.state), State.BREACHED.value))
    return dict(session.exec(statement.group_by(col(Clock.metric))).all())


def paging_since(session: Session) -> datetime | None:
    """When the oldest chain of those that page now began."""
    return session.exec(select(func.min(Escalation.started_at)).where(IS_PAGING)).one()
