"""How is the desk doing, in numbers?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.domain.message import Priority
from bot.domain.sla import Metric
from bot.store import counts, inbox, pages, pruning, tickets

HOUR = timedelta(hours=1)

WITHIN_SECONDS = (0.5, 1, 2, 5, 10, 30, 60, 300)
"""The bounds of the spread of what was sent; a page has to be in the first ones."""


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
    yield Figure("inbox_pending", "Deliveries of Slack's whose work is not done", inbox.pending_count(session, now=now))
    yield Figure("deadlines_overdue", "Deadlines whose work is not done", counts.deadlines_overdue(session, now=now))
    missed = counts.targets_missed(session)
    for metric in Metric:
        number = missed.get(metric.value, 0)
        yield Figure("targets_missed", "Targets that are missed now and not yet met", number, {"metric": metric.value})
    yield from _sent(session, now=now)
    paging = pages.count_paging(session)
    yield Figure("pages_unacknowledged", "Chains of pages that nobody has acknowledged", paging)
    first = counts.paging_since(session)
    yield Figure(
        "oldest_page_seconds", "Age of the oldest chain of pages that nobody has acknowledged",
        max((now - first).total_seconds(), 0.0) if first else 0.0,
    )  # fmt: skip
    oldest = counts.oldest_waiting(session)
    yield Figure(
        "oldest_waiting_seconds", "Age of the oldest message that could leave",
        max((now - oldest).total_seconds(), 0.0) if oldest else 0.0,
    )  # fmt: skip
    for table, number in pruning.rows(session).items():
        yield Figure("rows", "Rows of the tables that grow", number, {"table": table})
    yield Figure("database_bytes", "Bytes that the database takes", pruning.size(session))


def _sent(session: Session, *, now: datetime) -> Iterator[Figure]:
    """How soon messages of the last hour left after they could: cumulative, as `histogram_quantile` takes it."""
    found = counts.sent_after(session, since=now - HOUR)
    for priority in Priority:
        seconds = found.get(priority.value, [])
        for bound in (*WITHIN_SECONDS, float("inf")):
            yield Figure(
                "due_to_sent_seconds_bucket",
                "Messages of the last hour that left within so many seconds of being due",
                sum(each <= bound for each in seconds),
                {"priority": priority.name.lower(), "le": "+Inf" if bound == float("inf") else f"{bound:g}"},
            )
