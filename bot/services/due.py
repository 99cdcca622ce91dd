"""What is due now? One deadline is one transaction: its row is gone when its work is done, and back if it failed.

A tick that comes late, twice, or in four processes does the work once (design, invariant 4).
"""

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.domain.handbook_escalation import TriggerKind
from bot.domain.sla import Metric
from bot.services import (
    breaches,
    clocks,
    drill,
    escalate,
    holding,
    media,
    paging,
    reachability,
    rota_change,
    take,
    unworked,
    updates,
    working,
)
from bot.services.desk import Desk, Work
from bot.services.tickets import ticket_of
from bot.store import deadlines
from bot.store.tables import Deadline, Ticket

log = structlog.get_logger()


def fire_one(desk: Desk, *, now: datetime) -> bool:
    """Do the work of the earliest deadline that is due; False where none is. One that fails is put off."""
    taken: Deadline | None = None
    try:
        with desk.db.transaction() as session:
            taken = deadlines.take_due(session, now=now)
            if taken is None:
                return False
            WORK[taken.kind](Work(desk, session), taken, now=now)
    except Exception:
        if taken is None or taken.id is None:
            raise
        log.exception("deadline_failed", kind=taken.kind, subject=taken.subject)
        deadlines.put_off(desk.db, taken.id, now=now)
    return True


def _page(work: Work, due: Deadline, *, now: datetime) -> None:
    paging.step(work, escalation=due.subject, now=now)


def _medium(work: Work, due: Deadline, *, now: datetime) -> None:
    media.step(work, subject=due.subject, now=now)


def _reachability(work: Work, _due: Deadline, *, now: datetime) -> None:
    reachability.tonight(work, now=now)


def _drill(work: Work, due: Deadline, *, now: datetime) -> None:
    drill.end(work, drill=due.subject, now=now)


def _take(work: Work, due: Deadline, *, now: datetime) -> None:
    take.take(work, page=due.subject, now=now)


def _update_ask(work: Work, due: Deadline, *, now: datetime) -> None:
    updates.ask(work, number=int(due.subject), now=now)


def _update(work: Work, due: Deadline, *, now: datetime) -> None:
    updates.post(work, number=int(due.subject), planned_for=due.planned_for, now=now)


def _handoff(work: Work, due: Deadline, *, now: datetime) -> None:
    rota_change.handed_over(work, post=due.subject, planned_for=due.planned_for, now=now)


def _close(work: Work, due: Deadline, *, now: datetime) -> None:
    working.close_silent(work, number=int(due.subject), now=now)


def _clock_warn(work: Work, due: Deadline, *, now: datetime) -> None:
    number, metric, nth = due.subject.split(":")
    clocks.warn(work, number=int(number), metric=metric, nth=int(nth), now=now)


def _clock_breach(work: Work, due: Deadline, *, now: datetime) -> None:
    number, metric, nth = due.subject.split(":")
    found = clocks.breach(work, number=int(number), metric=metric, nth=int(nth), now=now)
    breaches.ask_once_a_day(work, ticket_of(work, int(number)), now=now)
    if found is None:
        return
    if metric == Metric.WORKED:
        unworked.page_and_call(work, found, now=now)
        return
    _trigger(work, found, TriggerKind.SLA_BREACH, reason=f"{metric.replace('_', ' ')} was missed", now=now)


def _trigger(work: Work, ticket: Ticket, kind: TriggerKind, *, reason: str, now: datetime) -> None:
    """Let the handbook answer what happened. Source: enterprise support §Escalation Triggers."""
    trigger = work.handbook(ticket).escalation.triggers.get(kind)
    if trigger is None or not trigger.enabled:
        return
    level = None if trigger.level == "next" else int(trigger.level)
    escalate.by_trigger(work, ticket, level=level, trigger=kind.value, reason=reason, now=now)


def _analysis(work: Work, due: Deadline, *, now: datetime) -> None:
    breaches.ask(work, number=int(due.subject), now=now)


def _quiet(work: Work, due: Deadline, *, now: datetime) -> None:
    holding.page_again(work, number=int(due.subject), now=now)


WORK: dict[str, Callable[..., None]] = {
    "page": _page,
    "medium": _medium,
    "drill": _drill,
    "take": _take,
    "reachability": _reachability,
    "update_ask": _update_ask,
    "update": _update,
    "close": _close,
    "handoff": _handoff,
    "clock_warn": _clock_warn,
    "clock_breach": _clock_breach,
    "analysis": _analysis,
    "quiet": _quiet,
}
"""What each kind of deadline does."""
