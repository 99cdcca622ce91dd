"""Which rows say that something is due which nobody did? Questions over all tables that the watchman asks."""

from datetime import datetime, timedelta

from sqlalchemy import exists
from sqlmodel import Session, col, select

from bot.domain.message import Kind
from bot.domain.ticket import OPEN_STATES, Severity
from bot.store.pages import IS_PAGING
from bot.store.tables import Deadline, Escalation, OutboxRow, Page, Person, Ticket, metadata

_DEADLINE = metadata.tables["deadline"]
_OUTBOX = metadata.tables["outbox"]


def overdue(session: Session, *, since: datetime) -> list[Deadline]:
    """Deadlines that were due before that moment and are still there, put off or not."""
    statement = select(Deadline).where(col(Deadline.planned_for) <= since)
    return list(session.exec(statement.order_by(col(Deadline.planned_for)).limit(50)).all())


def chains_without_step(session: Session) -> list[Escalation]:
    """Chains that page and have no next step."""
    armed = exists().where(_DEADLINE.c.kind == "page", _DEADLINE.c.subject == col(Escalation.id))
    statement = select(Escalation).where(IS_PAGING, ~armed)
    return list(session.exec(statement.order_by(col(Escalation.started_at))).all())


def tickets_without_update(session: Session) -> list[Ticket]:
    """Open Sev 1 tickets, locked against nothing, whose next update is not armed; the handbook may want none."""
    open_states = [state.value for state in OPEN_STATES]
    statement = select(Ticket).where(col(Ticket.severity) == Severity.SEV1.value, col(Ticket.state).in_(open_states))
    armed = set(session.exec(select(Deadline.subject).where(col(Deadline.kind) == "update")))
    return [row for row in session.exec(statement.order_by(col(Ticket.number))) if str(row.number) not in armed]


def pages_without_message(session: Session) -> list[Page]:
    """Pages to people whom the directory knows that have no message in Slack, sent, on its way or given up."""
    posted = exists().where(_OUTBOX.c.key == "page:" + col(Page.id))
    # Person by person: pages are looked up by whom they are for, and there are far more of them than people.
    known = col(Page.person_id).in_(select(Person.id))
    statement = select(Page).where(known, col(Page.state) == "paging", ~posted)
    return list(session.exec(statement.order_by(col(Page.paged_at))).all())


def unsent_pages(session: Session, *, since: datetime) -> list[OutboxRow]:
    """Pages and alarms that should have left before that moment and have not."""
    statement = select(OutboxRow).where(
        col(OutboxRow.kind).in_([Kind.PAGE.value, Kind.ALARM.value]),
        col(OutboxRow.op).in_(["post", "notify"]),
        col(OutboxRow.state).in_(["pending", "sending"]),
        col(OutboxRow.created_at) <= since,
        col(OutboxRow.not_before) <= since + timedelta(minutes=1),
    )
    return list(session.exec(statement.order_by(col(OutboxRow.seq)).limit(50)).all())


def held_back(session: Session, *, attempts: int, others_left_by: datetime) -> list[OutboxRow]:
    """What is neither page nor alarm and Slack did not take after so many attempts, though it took later messages.

    After an outage those prove nothing as they leave, only once these were tried again too: hence the moment.
    """
    statement = select(OutboxRow).where(
        col(OutboxRow.kind).not_in([Kind.PAGE.value, Kind.ALARM.value]),
        col(OutboxRow.state).in_(["pending", "sending"]),
        col(OutboxRow.attempts) >= attempts,
    )
    refused = session.exec(statement.order_by(col(OutboxRow.seq)).limit(50)).all()
    if not refused:
        return []
    # From the newest on, and only its moment says that it left: asked for its state, SQLite would sort all that did.
    others = select(OutboxRow.seq).where(col(OutboxRow.op) == "post", col(OutboxRow.sent_at) <= others_left_by)
    newest = session.exec(others.order_by(col(OutboxRow.seq).desc()).limit(1)).first() or 0
    return [row for row in refused if (row.seq or 0) < newest]
