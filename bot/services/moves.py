"""Which deadlines of a ticket would other terms move, and from when to when?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.domain import sla
from bot.domain.sla_clocks import clocks as measure
from bot.services import clocks
from bot.services.desk import Work
from bot.store.tables import Ticket


@dataclass(frozen=True, slots=True)
class Move:
    """One deadline that other terms move; a due moment is None while a pause holds it off, or without a target."""

    ticket: str
    metric: str
    nth: int
    old_due_at: datetime | None
    new_due_at: datetime | None

    def __str__(self) -> str:
        """The move in one line: ticket, metric, old due, new due."""
        metric = self.metric if self.nth == 1 else f"{self.metric} {self.nth}"
        return f"{self.ticket} {metric}: {_said(self.old_due_at)} -> {_said(self.new_due_at)}"


def of_ticket(work: Work, row: Ticket, terms: sla.Terms, *, now: datetime) -> Iterator[Move]:
    """Each open deadline that moves where these terms hold from now on, by metric (R7, R11)."""
    log = list(clocks.history(work, row))
    changed = sla.TierChanged(max(now, *(event.at for event in log)), terms)
    after = {(clock.metric, clock.nth): clock.due_at for clock in measure([*log, changed], now=now)}
    before = {(clock.metric, clock.nth): clock for clock in measure(log, now=now)}
    for key in sorted({*after, *before}):
        old = before.get(key)
        if (old is None or old.is_open) and after.get(key) != (old.due_at if old else None):
            yield Move(row.id, *key, old.due_at if old else None, after.get(key))


def _said(at: datetime | None) -> str:
    return at.isoformat() if at else "no deadline"
