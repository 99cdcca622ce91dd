"""What happens when a target is about to be missed, and when it was?

A breach is a fact of the log; noticing it late changes only when we say so (R6).
"""

from datetime import datetime

from bot.domain import sla
from bot.domain.events import Breached, Warned
from bot.services import announce, clocks
from bot.services.desk import Work
from bot.services.tickets import ticket_of
from bot.store import clocks as rows
from bot.store.tables import Ticket


def warn(work: Work, *, number: int, metric: str, nth: int, now: datetime) -> Ticket | None:
    """Say that a target is about to be missed, if its clock still runs; gives the ticket then. Source: ledger SL-6."""
    ticket = ticket_of(work, number)
    clock = _find(work, ticket, metric, nth, now=now)
    row = rows.one(work.session, number, metric, nth)
    if clock is None or clock.state is not sla.State.RUNNING or clock.due_at is None or row is None:
        return None
    row.warned_at = now
    announce.happened(work, ticket, Warned(metric=metric, nth=nth, due_at=clock.due_at), by="bot", now=now)
    return ticket


def breach(work: Work, *, number: int, metric: str, nth: int, now: datetime) -> Ticket | None:
    """Note that a target was missed; gives the ticket where that triggers something (ledger SL-9).

    Nothing is triggered where somebody has answered meanwhile, or where the level after the late one is engaged.
    """
    ticket = ticket_of(work, number)
    clock = _find(work, ticket, metric, nth, now=now)
    row = rows.one(work.session, number, metric, nth)
    if clock is None or clock.breached_at is None or row is None or row.announced_at is not None:
        return None
    row.announced_at = now
    event = Breached(metric=metric, nth=nth, due_at=clock.breached_at)
    announce.happened(work, ticket, event, by="bot", now=now)
    clocks.refresh(work, ticket, now=now)
    outrun = metric in {sla.level_metric(level) for level in range(1, ticket.level or 1)}
    return ticket if clock.is_open and not outrun else None


def _find(work: Work, ticket: Ticket, metric: str, nth: int, *, now: datetime) -> sla.Clock | None:
    found = [clock for clock in clocks.measured(work, ticket, now=now) if (clock.metric, clock.nth) == (metric, nth)]
    return found[0] if found else None
