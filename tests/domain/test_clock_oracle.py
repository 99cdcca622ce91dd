"""The clocks of random lives are those that a clerk keeps with a tally sheet, however the log is read."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.business_calendar import ALWAYS, Calendar, parse_hours
from bot.domain.life import Life
from bot.domain.sla import (
    Acknowledged,
    Closed,
    CustomerWrote,
    Declined,
    Event,
    Merged,
    Opened,
    Paged,
    Regraded,
    Reopened,
    Replied,
    Resolved,
    Resumed,
    StoodDown,
    Terms,
    TierChanged,
    Waiting,
    WorkStarted,
)
from bot.domain.sla_clocks import clocks, restated
from bot.domain.target import Target, Unit
from tests.domain.oracle import Watcher, minute_of
from tests.domain.tally import Clerk, Fact

pytestmark = [pytest.mark.req("SL-7"), pytest.mark.req("SV-2")]
NORMAL = settings(max_examples=1_000, deadline=None, suppress_health_check=list(HealthCheck), database=None)
FULL = settings(NORMAL, max_examples=200_000)
HALF_HOUR = timedelta(minutes=30)
START = datetime(2026, 3, 5, tzinfo=UTC)
OFFICE_WEEK = [[(540, 1020)]] * 5 + [[], []]
NIGHT_WEEK = [[(1320, 1800)]] * 7
WORDS = {"office": "Mon-Fri 09:00-17:00", "nights": "22:00-06:00"}
WATCHERS = {
    Calendar(parse_hours(WORDS["office"]), "America/New_York"): Watcher("America/New_York", OFFICE_WEEK),
    Calendar(parse_hours(WORDS["nights"]), "America/New_York"): Watcher("America/New_York", NIGHT_WEEK),
    Calendar(parse_hours(WORDS["office"]), "Asia/Kolkata"): Watcher("Asia/Kolkata", OFFICE_WEEK),
    ALWAYS: Watcher("UTC", [[(0, 1440)]] * 7),
}
METRICS = ("first_response", "next_response", "resolution")
REASONS = ("waiting_for_customer", "vendor", "lunch")


@cache
def is_open(calendar: Calendar, tick: int) -> bool:
    return WATCHERS[calendar].is_open(minute_of(START) + tick * 30)


def tick_of(event: Event) -> int:
    return (event.at - START) // HALF_HOUR


@st.composite
def terms(draw: st.DrawFn, calendar: Calendar, severity: int) -> Terms:
    """What one tier promises for one severity, and sometimes nothing."""
    amounts = draw(st.lists(st.integers(0, 40), min_size=3, max_size=3))
    targets = {
        metric: Target(Fraction(half_hours, 2), Unit.COUNTED)
        for metric, half_hours in zip(METRICS, amounts, strict=True)
        if half_hours
    }
    worked_for = timedelta(hours=2) if severity == 1 else None
    from_change = draw(st.integers(0, 5)) == 0
    return Terms(
        calendar,
        calendar,
        targets,
        worked_for=worked_for,
        regrade="from_change" if from_change else "from_start",
        pauses=frozenset(REASONS[:2]),
    )


@st.composite
def lives(draw: st.DrawFn, most: int = 14, days: int = 9) -> list[Event]:
    """A random log; it need not be sensible, only in order."""
    calendar, severity = draw(st.sampled_from(list(WATCHERS))), draw(st.integers(1, 3))
    ticks = sorted(draw(st.lists(st.integers(0, days * 48), min_size=1, max_size=most)))
    log: list[Event] = [Opened(START + ticks[0] * HALF_HOUR, f"sev{severity}", draw(terms(calendar, severity)))]
    for tick in ticks[1:]:
        at, kind, choice = START + tick * HALF_HOUR, draw(st.integers(0, 19)), draw(st.integers(0, 2))
        if kind <= 3:
            severity = choice + 1
            log.append(Regraded(at, f"sev{severity}", draw(terms(calendar, severity))))
        elif kind == 4:
            calendar = draw(st.sampled_from(list(WATCHERS)))
            log.append(TierChanged(at, draw(terms(calendar, severity))))
        else:
            log.append(_usual(at, kind, choice))
    return log


def _usual(at: datetime, kind: int, choice: int) -> Event:
    if kind <= 8:
        return Waiting(at, REASONS[choice]) if kind <= 6 else Resumed(at, REASONS[choice])
    if kind <= 13:
        return (Replied(at), CustomerWrote(at), WorkStarted(at), Resolved(at), CustomerWrote(at))[kind - 9]
    if kind <= 15:
        return Reopened(at, fresh=choice == 2)
    if kind <= 18:
        chain = f"chain {choice % 2}"
        return (Paged(at, chain, (choice + 1) * HALF_HOUR), Acknowledged(at, chain), StoodDown(at, chain))[kind - 16]
    return (Closed(at), Declined(at), Merged(at))[choice]


def facts_of(log: Sequence[Event], now: datetime) -> list[Fact]:
    return [
        (
            clock.metric,
            clock.nth,
            (clock.started_at - START) // HALF_HOUR,
            clock.state.value,
            (clock.due_at - START) // HALF_HOUR if clock.is_open and clock.due_at and clock.due_at <= now else None,
            (clock.breached_at - START) // HALF_HOUR if clock.breached_at else None,
            (clock.ended_at - START) // HALF_HOUR if clock.ended_at else None,
            clock.used_for // HALF_HOUR,
        )
        for clock in clocks(log, now=now)
    ]


def check(log: Sequence[Event], wait: int) -> None:
    until = tick_of(log[-1]) + wait
    clerk = Clerk(tick_of, lambda promised, tick: is_open(promised.calendar, tick))
    kept = {fact[:2]: fact for fact in clerk.keep(log, until)}
    for fact in facts_of(log, START + until * HALF_HOUR):
        tallied = kept.pop(fact[:2])
        if fact[3] == "cancelled":
            assert fact[:4] == tallied[:4]
        else:
            assert fact == tallied
    assert all(fact[3] in {"cancelled", "met", "closed_without_response", "merged"} for fact in kept.values())


@pytest.mark.timeout(600)
@NORMAL
@given(lives(), st.integers(0, 200))
def test_clocks_are_what_a_clerk_tallies(log: list[Event], wait: int) -> None:
    check(log, wait)


@pytest.mark.long
@pytest.mark.timeout(0)
@FULL
@given(lives(), st.integers(0, 200))
def test_clocks_are_what_a_clerk_tallies_at_full_count(log: list[Event], wait: int) -> None:
    check(log, wait)


@settings(NORMAL, max_examples=20)
@given(lives(most=200, days=60))
def test_after_a_life_of_two_hundred_events_recomputing_gives_what_was_kept_all_along(log: list[Event]) -> None:
    life = Life()
    for count, event in enumerate(log, start=1):
        life.append(event)
        if count % 20 == 0:
            assert life.clocks() == clocks(log[:count])
    assert life.clocks() == clocks(log)


@settings(NORMAL, max_examples=100)
@given(lives())
def test_what_has_ended_is_told_the_same_whatever_is_appended(log: list[Event]) -> None:
    for count in range(1, len(log)):
        recorded = [clock for clock in clocks(log[:count]) if clock.ended_at is not None]
        assert restated(log, recorded) == ()
