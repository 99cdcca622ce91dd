"""What follows when something happens that a handbook escalates for?

The conditions are one list (domain/triggers.py); here what fires meets the ladder and the timeline. Every escalation,
whether a rule or a person wants it, goes through `raise_to`.
"""

from datetime import datetime

from bot.domain.mark import Mark
from bot.domain.sla import OPEN_STATES, Metric
from bot.domain.ticket import WORKED_STATES, Severity, State
from bot.domain.triggers import Fired, Occasion, fired
from bot.messages import sentences
from bot.messages.words import spoken_metric
from bot.services import announce, ladder, paging, staff_news, timeline, unworked, updates, views
from bot.services.desk import Work
from bot.services.tickets import ticket_of
from bot.store import clocks, deadlines, pages, trail
from bot.store.tables import Ticket

AT_OPENING = "escalate_at_opening"
"""The kind of the deadline that escalates when support hours begin."""


def answer(
    work: Work,
    row: Ticket,
    occasion: Occasion,
    *,
    reason: str = "",
    later: str = "",
    by: str = ladder.BOT,
    now: datetime,
) -> Fired | None:
    """Do what the ticket's handbook says follows from an occasion; None where nothing does.

    Of several triggers the one that reaches furthest pages. `reason` stands on the page. `later` names what comes again
    as support hours begin, where it may wait until then.
    """
    handbook = work.handbook(row)
    found = fired(handbook.escalation, occasion, now=now)
    if State(row.state) not in WORKED_STATES or not found:
        return None
    furthest = found[0]
    running = pages.running(work.session, row.number_known)
    is_paged = occasion.unworked or (furthest.level is not None and handbook.levels)
    opens_at = ladder.rests_until(work, row, running, at=now) if later and is_paged else None
    if opens_at is not None:
        deadlines.arm(work.session, kind=AT_OPENING, subject=later, due_at=opens_at, ticket_number=row.number_known)
        why = _why(work, "went_unworked") if occasion.unworked else reason
        staff_news.escalates_at(work, row, why=why, at=opens_at, now=now)
        return furthest
    if occasion.unworked:
        unworked.page_and_call(work, row, now=now)
    if furthest.level is None or not handbook.levels:
        return furthest
    level = level_of(work, row, furthest)
    raise_to(work, row, level, trigger=furthest.kind.value, reason=reason, by=by, now=now)
    return furthest


def level_of(work: Work, row: Ticket, found: Fired) -> int:
    """Give the level that a trigger reaches for a ticket as it stands: a running chain never goes down."""
    policy = ladder.policy_of(work.handbook(row))
    level = found.level if isinstance(found.level, int) else policy.above(row.level)
    running = pages.running(work.session, row.number_known)
    return max(level, running.level) if running is not None else level


def raise_to(work: Work, row: Ticket, level: int, *, trigger: str, reason: str, by: str, now: datetime) -> None:
    """Page a level now, give the ticket the cadence of an escalated one, and tell whom it concerns."""
    row.escalated_at = row.escalated_at or now
    if trigger in views.TOLD_TO_CUSTOMER:
        # They read in what tells them of the escalation when the next update comes.
        updates.plan(work, row, now=now)
    else:
        updates.plan_anew(work, row, now=now)
    chain = paging.engage(work, row, level=level, trigger=trigger, reason=reason, by=by, now=now)
    if chain is not None:
        announce.escalation_begun(work, row, chain, by=by, now=now)


def warned(work: Work, row: Ticket, *, metric: str, nth: int, now: datetime) -> None:
    """A target is about to be missed."""
    occasion, later = Occasion(Severity(row.severity), warned=metric), f"warned:{row.number_known}:{metric}:{nth}"
    answer(work, row, occasion, reason=_why(work, "nearly_missed", metric=_in_words(metric)), later=later, now=now)


def missed(work: Work, row: Ticket, *, metric: str, nth: int, now: datetime) -> None:
    """A target was missed (ledger SL-9)."""
    occasion, later = Occasion(Severity(row.severity), missed=metric), f"missed:{row.number_known}:{metric}:{nth}"
    answer(work, row, occasion, reason=_why(work, "missed", metric=_in_words(metric)), later=later, now=now)


def at_opening(work: Work, *, subject: str, now: datetime) -> None:
    """Escalate as support hours begin for what happened outside them, unless it was answered meanwhile."""
    what, number, metric, nth = subject.split(":")
    row = ticket_of(work, int(number))
    clock = clocks.known_one(work.session, row.number_known, metric, int(nth))
    if clock is None or clock.state not in OPEN_STATES:
        return
    if what == "unworked":
        went_unworked(work, row, nth=int(nth), now=now)
    elif what == "missed":
        missed(work, row, metric=metric, nth=int(nth), now=now)
    elif clock.breached_at is None:
        warned(work, row, metric=metric, nth=int(nth), now=now)


def went_unworked(work: Work, row: Ticket, *, nth: int, now: datetime) -> None:
    """Nobody began to work on it in time (ledger ES-6)."""
    later = f"unworked:{row.number_known}:{Metric.WORKED}:{nth}"
    answer(work, row, Occasion(Severity(row.severity), unworked=True), later=later, now=now)


def several_customers(work: Work, row: Ticket, *, organisations: int, now: datetime) -> Fired | None:
    """So many organisations are known to have the same problem: page for it on this ticket, where that is enough."""
    occasion = Occasion(Severity(row.severity), organisations=organisations)
    return answer(work, row, occasion, reason=_why(work, "several_customers", count=organisations), now=now)


def reopened(work: Work, row: Ticket, *, by: str, now: datetime) -> None:
    """It is not solved: a second time is once too often where the handbook says so."""
    failures, reopenings = history(work, row)
    occasion = Occasion(Severity(row.severity), failures_at=failures, reopenings=reopenings)
    answer(work, row, occasion, reason=_why(work, "reopened_again", count=reopenings), by=by, now=now)


def of_mark(work: Work, row: Ticket, mark: Mark) -> Occasion:
    """Give the occasion that a mark is, once it is in the timeline."""
    failures = history(work, row)[0] if mark.counts else ()
    return Occasion(Severity(row.severity), mark=mark, failures_at=failures)


def history(work: Work, row: Ticket) -> tuple[tuple[datetime, ...], int]:
    """Give when the ticket failed, and how often it was reopened.

    It failed as its customer first wrote, as it was reopened, and each time that somebody marked so, unless they took
    that back.
    """
    failures: list[datetime] = []
    marked: list[datetime] = []
    reopenings = 0
    for entry in trail.read(work.session, timeline.stream_of(row)):
        match entry.kind, entry.facts.get("mark"):
            case "opened", _:
                failures.append(datetime.fromisoformat(entry.facts["written_at"]))
            case "reopened", _:
                failures.append(entry.at)
                reopenings += 1
            case "marked", Mark.REPEATED_FAILURES:
                marked.append(entry.at)
            case "unmarked", Mark.REPEATED_FAILURES:
                marked.clear()
    return (*failures, *marked), reopenings


def _why(work: Work, part: str, **facts: object) -> str:
    return sentences.reason(work.desk.catalog, part, **facts)


def _in_words(metric: str) -> str:
    return spoken_metric(metric)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
