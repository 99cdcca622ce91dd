"""What is due now? A deadline's row is gone with the commit of its work, and back if that failed.

One deadline is one transaction, but for those that come by the hundred, which are done in one as if each were alone.
A tick that comes late, twice, or in four processes does the work once (design, invariant 4).
"""

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.domain.sla import Metric
from bot.services import (
    alike,
    assigning,
    beginning,
    breaches,
    bulk,
    departure,
    drill,
    feeds,
    holding,
    incident_channel,
    media,
    paging,
    pruning,
    queue_watch,
    reachability,
    rota_change,
    seals,
    take,
    targets,
    together,
    tracing,
    triggers,
    updates,
    working,
)
from bot.services.desk import Desk, Work
from bot.services.tickets import ticket_of
from bot.store import deadlines
from bot.store.database import was_deadlock
from bot.store.deadlines import Due

log = structlog.get_logger()


def fire(desk: Desk, *, now: datetime) -> bool:
    """Do the work of the earliest deadline that is due, and of those alike behind it; False where none is due.

    Where one of several fails, each is done for itself; one that fails alone is put off.
    """
    beside: list[Due] = []
    try:
        return _fire(desk, beside, now=now)
    except Exception:
        if not beside:
            raise
        log.exception("deadlines_failed_together", number=len(beside) + 1)
    for _ in range(len(beside) + 1):
        fire_one(desk, now=now)
    return True


def fire_one(desk: Desk, *, now: datetime) -> bool:
    """Do the work of the earliest deadline that is due; False where none is. One that fails is put off."""
    return _fire(desk, None, now=now)


@tracing.apart
def _fire(desk: Desk, beside: list[Due] | None, *, now: datetime) -> bool:
    """Fire one; into `beside` comes what is done with it, where that is wanted, and then what fails is raised."""
    taken: Due | None = None
    try:
        with desk.db.transaction() as session:
            taken = deadlines.take_due(session, now=now)
            if taken is None:
                return False
            work = Work(desk, session)
            if beside is not None and taken.kind in together.KINDS and not taken.attempts:
                beside += together.more(work, taken, now=now)
            if not beside:
                _do(work, taken, now=now)
            else:
                together.each(work, [taken, *beside], tracing.apart(_do), now=now)
    except Exception as error:
        if taken is None or beside:
            raise
        if was_deadlock(error):
            return True
        log.exception("deadline_failed")
        deadlines.put_off(desk.db, taken.id, now=now)
    return True


def _do(work: Work, due: Due, *, now: datetime) -> None:
    tracing.about(deadline=f"{due.kind}:{due.subject}")
    if due.ticket_number:
        tracing.about(ticket=due.ticket_number)
    log.debug("due", due_at=due.due_at.isoformat())
    WORK[due.kind](work, due, now=now)


def _begin(work: Work, due: Due, *, now: datetime) -> None:
    beginning.due(work, number=int(due.subject), now=now)


def _page(work: Work, due: Due, *, now: datetime) -> None:
    paging.step(work, escalation=due.subject, now=now)


def _page_at_opening(work: Work, due: Due, *, now: datetime) -> None:
    paging.page_at_opening(work, number=int(due.subject), now=now)


def _escalate_at_opening(work: Work, due: Due, *, now: datetime) -> None:
    triggers.at_opening(work, subject=due.subject, now=now)


def _left_at_opening(work: Work, due: Due, *, now: datetime) -> None:
    departure.page_at_opening(work, subject=due.subject, now=now)


def _medium(work: Work, due: Due, *, now: datetime) -> None:
    media.step(work, subject=due.subject, now=now)


def _reachability(work: Work, _due: Due, *, now: datetime) -> None:
    reachability.tonight(work, now=now)


def _absences(work: Work, due: Due, *, now: datetime) -> None:
    feeds.want(work, subject=due.subject, now=now)


def _prune(work: Work, _due: Due, *, now: datetime) -> None:
    pruning.step(work, now=now)


def _seal(work: Work, _due: Due, *, now: datetime) -> None:
    seals.nightly(work, now=now)


def _drill(work: Work, due: Due, *, now: datetime) -> None:
    drill.end(work, drill=due.subject, now=now)


def _take(work: Work, due: Due, *, now: datetime) -> None:
    take.take(work, page=due.subject, now=now)


def _update_ask(work: Work, due: Due, *, now: datetime) -> None:
    updates.ask(work, number=int(due.subject), now=now)


def _update(work: Work, due: Due, *, now: datetime) -> None:
    updates.post(work, number=int(due.subject), planned_for=due.planned_for, now=now)


def _handoff(work: Work, due: Due, *, now: datetime) -> None:
    rota_change.handed_over(work, post=due.subject, planned_for=due.planned_for, now=now)


def _close(work: Work, due: Due, *, now: datetime) -> None:
    working.close_silent(work, number=int(due.subject), now=now)


def _clock_warn(work: Work, due: Due, *, now: datetime) -> None:
    number, metric, nth = due.subject.split(":")
    found = targets.warn(work, number=int(number), metric=metric, nth=int(nth), now=now)
    if found is not None:
        triggers.warned(work, found, metric=metric, nth=int(nth), now=now)


def _clock_breach(work: Work, due: Due, *, now: datetime) -> None:
    number, metric, nth = due.subject.split(":")
    found = targets.breach(work, number=int(number), metric=metric, nth=int(nth), now=now)
    breaches.ask_once_a_day(work, ticket_of(work, int(number)), now=now)
    if found is None:
        return
    if metric == Metric.WORKED:
        triggers.went_unworked(work, found, nth=int(nth), now=now)
        return
    triggers.missed(work, found, metric=metric, nth=int(nth), now=now)


def _analysis(work: Work, due: Due, *, now: datetime) -> None:
    breaches.ask(work, number=int(due.subject), now=now)


def _assign(work: Work, _due: Due, *, now: datetime) -> None:
    assigning.drain(work, now=now)


def _bulk(work: Work, due: Due, *, now: datetime) -> None:
    bulk.step(work, subject=due.subject, now=now)


def _queue(work: Work, due: Due, *, now: datetime) -> None:
    queue_watch.look(work, severity=due.subject, now=now)


def _quiet(work: Work, due: Due, *, now: datetime) -> None:
    holding.page_again(work, number=int(due.subject), now=now)


def _alike(work: Work, due: Due, *, now: datetime) -> None:
    alike.look(work, number=int(due.subject), now=now)


def _room(work: Work, due: Due, *, now: datetime) -> None:
    incident_channel.open_by_rule(work, number=int(due.subject), now=now)


def _archive(work: Work, due: Due, *, now: datetime) -> None:
    incident_channel.end(work, number=int(due.subject), now=now)


WORK: dict[str, Callable[..., None]] = {
    "absences": _absences,
    "alike": _alike,
    "archive": _archive,
    "begin": _begin,
    "room": _room,
    "page": _page,
    paging.AT_OPENING: _page_at_opening,
    triggers.AT_OPENING: _escalate_at_opening,
    departure.AT_OPENING: _left_at_opening,
    "medium": _medium,
    "drill": _drill,
    "take": _take,
    "reachability": _reachability,
    "prune": _prune,
    "seal": _seal,
    "update_ask": _update_ask,
    "update": _update,
    "close": _close,
    "handoff": _handoff,
    "clock_warn": _clock_warn,
    "clock_breach": _clock_breach,
    "analysis": _analysis,
    "quiet": _quiet,
    "assign": _assign,
    "bulk": _bulk,
    "queue": _queue,
}
"""What each kind of deadline does."""
