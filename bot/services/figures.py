"""How is the desk doing, in numbers?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bot.domain.escalation import Phase
from bot.domain.message import Priority
from bot.store import counts, inbox, pages, pruning, tickets


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value, what it means, and the labels that tell it from its like."""

    name: str
    meaning: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


def of_desk(session: Session, *, now: datetime) -> Iterator[Figure]:
    """Measure the desk: tickets, queues, overdue work, pages that nobody has acknowledged. Ages in seconds."""
    for severity, number in tickets.open_by_severity(session).items():
        yield Figure("tickets_open", "Tickets that are not over", number, {"severity": severity})
    waiting = counts.outbox_waiting(session)
    for priority in Priority:
        yield Figure(
            "outbox_waiting",
            "Messages on their way",
            waiting.get(priority.value, 0),
            {"priority": priority.name.lower()},
        )
    yield Figure("inbox_pending", "Deliveries of Slack's that wait", inbox.pending_count(session))
    yield Figure("deadlines_overdue", "Deadlines whose work is not done", counts.deadlines_overdue(session, now=now))
    paging = pages.count_escalations(session, states=[Phase.PAGING.value])
    yield Figure("pages_unacknowledged", "Chains of pages that nobody has acknowledged", paging)
    oldest = counts.oldest_waiting(session)
    yield Figure(
        "oldest_waiting_seconds", "Age of the oldest message that could leave",
        max((now - oldest).total_seconds(), 0.0) if oldest else 0.0,
    )  # fmt: skip
    for table, number in pruning.rows(session).items():
        yield Figure("rows", "Rows of the tables that grow", number, {"table": table})
    yield Figure("database_bytes", "Bytes that the database takes", pruning.size(session))
