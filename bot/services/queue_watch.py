"""Are too many tickets open, or is one too old? An alarm when it begins, and none again until it was over.

Source: ledger ES-7.
"""

from datetime import datetime, timedelta

from bot.domain.message import InternalMessage
from bot.domain.ticket import WORKED_STATES, Severity, State
from bot.messages import queue as messages
from bot.services import queries, queue_bell, staff_news, views
from bot.services.desk import Work
from bot.store import deadlines, remembered, tickets
from bot.store.tables import Ticket

LISTED = 5
"""Tickets that an alarm names."""

JUST_AFTER = timedelta(seconds=1)
"""A ticket of exactly the age that is allowed is not too old."""


def look(work: Work, *, severity: str, now: datetime) -> None:
    """Count a severity's open tickets and look at the oldest; alarm where a limit was crossed since the last look."""
    rules = work.desk.handbooks.default.handbook.queue
    grade = Severity(severity)
    rows = [row for row in tickets.all_open(work.session) if _counts(row, grade)]
    most, oldest_for = rules.open_at_most.get(grade), rules.oldest_at_most.get(grade)
    if _crossed(work, f"open:{severity}", over=most is not None and len(rows) > most):
        _alarm(work, grade, rows, most=most, now=now)
    old = [row for row in rows if oldest_for is not None and now - row.opened_at > oldest_for]
    if _crossed(work, f"old:{severity}", over=bool(old)):
        _alarm(work, grade, old, oldest_for=oldest_for, now=now)
    young = [row.opened_at for row in rows if row not in old]
    if oldest_for is not None and young and not old:
        due_at = min(young) + oldest_for + JUST_AFTER
        deadlines.arm(work.session, kind=queue_bell.QUEUE, subject=severity, due_at=due_at)


def _counts(row: Ticket, severity: Severity) -> bool:
    return row.severity == severity.value and State(row.state) in WORKED_STATES


def _crossed(work: Work, what: str, *, over: bool) -> bool:
    """Whether a limit is crossed now that was not at the last look."""
    name = f"queue:{what}"
    before = remembered.value(work.session, name) == "over"
    if before != over:
        remembered.keep(work.session, name, "over" if over else "within")
    return over and not before


def _alarm(
    work: Work,
    severity: Severity,
    rows: list[Ticket],
    *,
    most: int | None = None,
    oldest_for: timedelta | None = None,
    now: datetime,
) -> None:
    handbook = work.desk.handbooks.default.handbook
    listed = queries.in_order(work, rows)[:LISTED]
    shown = tuple(views.staff_ticket(work, row, now=now) for row in listed)

    def say(zone: str) -> InternalMessage:
        return messages.queue_alarm(
            work.desk.catalog, severity=severity, label=handbook.severity_names()[severity], count=len(rows), most=most,
            oldest_for=oldest_for, tickets=shown, zone=zone, now=now,
        )  # fmt: skip

    what = "open" if most is not None else "old"
    staff_news.alarm(work, say, key=f"queue:{what}:{severity.value}:{now.isoformat()}", managers=True, now=now)
