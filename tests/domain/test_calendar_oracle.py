"""The calendar gives the same answers as someone who watches the clock on the wall minute by minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.business_calendar import Calendar
from bot.domain.counting import Pause, Plan, Segment, union
from bot.domain.opening_hours import WallSpan, WeeklyHours
from bot.domain.target import Target, Unit
from tests.domain.oracle import DAY_MINUTES, Spans, Watcher, minute_of, moment_at

pytestmark = pytest.mark.req("SL-5")
NORMAL = settings(max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck), database=None)
FULL = settings(NORMAL, max_examples=200_000)
CHANGES = {
    "UTC": ("2026-01-01", "2026-06-30"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "Europe/Lisbon": ("2026-03-29", "2026-10-25"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
    "Pacific/Chatham": ("2026-04-05", "2026-09-27"),
    "America/St_Johns": ("2026-03-08", "2026-11-01"),
    "Asia/Kolkata": ("2026-02-28", "2026-12-31"),
    "Asia/Kathmandu": ("2026-02-28", "2026-12-31"),
}
ORDINARY = [
    [(540, 1020)],
    [(480, 720), (810, 1080)],
    [(1320, 1800)],
    [(0, 1440)],
    [(90, 150)],
    [(150, 165), (180, 540)],
]


@dataclass(frozen=True)
class Scene:
    watcher: Watcher
    calendar: Calendar
    start: int
    target: int
    pauses: tuple[tuple[int, int], ...]


@st.composite
def days(draw: st.DrawFn) -> Spans:
    """The spans of a day: usual ones, nights, and any boundaries, near the hours at which clocks change or not."""
    if draw(st.booleans()):
        return draw(st.sampled_from(ORDINARY))
    low, high = draw(st.sampled_from([(0, 240), (0, 1439)]))
    opens = draw(st.integers(low, high))
    return [(opens, opens + draw(st.integers(1, 900)))]


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    zone = draw(st.sampled_from(sorted(CHANGES)))
    change = date.fromisoformat(draw(st.sampled_from(CHANGES[zone])))
    kinds = draw(st.lists(days(), min_size=1, max_size=2))
    pattern = draw(st.integers(1, 127))
    week = [kinds[day % len(kinds)] if pattern >> day & 1 or day == 1 else [] for day in range(7)]
    near = st.integers(-4, 6).map(lambda step: change + timedelta(days=step))
    closed = frozenset(draw(st.lists(near, max_size=2)))
    own = {day: draw(days()) for day in draw(st.lists(near, max_size=1))}
    start = minute_of(datetime.combine(change, datetime.min.time(), tzinfo=UTC)) + draw(st.integers(-4000, 2000))
    begins = st.integers(start - 300, start + 3000)
    pauses = draw(st.lists(st.tuples(begins, st.integers(1, 2000)), max_size=3))
    return Scene(
        Watcher(zone, week, closed, own),
        Calendar(_hours(week), zone, closed, {day: _spans(spans) for day, spans in own.items()}),
        start,
        min(draw(st.integers(1, 700)), max(sum(closes - opens for spans in week for opens, closes in spans), 1)),
        tuple((begin, begin + length) for begin, length in pauses),
    )


def _spans(spans: Spans) -> tuple[WallSpan, ...]:
    return tuple(WallSpan(opens, closes) for opens, closes in spans)


def _hours(week: Sequence[Spans]) -> WeeklyHours:
    return WeeklyHours(tuple(_spans(spans) for spans in week))


def check(scene: Scene) -> None:
    watcher, calendar = scene.watcher, scene.calendar
    start, length = moment_at(scene.start), timedelta(minutes=scene.target)
    due = watcher.due(scene.start, scene.target)
    assert calendar.add(start, length) == moment_at(due)
    assert calendar.between(start, moment_at(due)) == length
    end = scene.start + 3 * DAY_MINUTES
    assert calendar.between(start, moment_at(end)) == timedelta(minutes=watcher.open_minutes(scene.start, end))
    assert calendar.is_open(start) == watcher.is_open(scene.start)
    plan = Plan(start, Target(1, Unit.COUNTED), (Segment(start, calendar),))
    paused = union(Pause(moment_at(begins), moment_at(ends)) for begins, ends in scene.pauses)
    assert plan.at_count(length, paused) == moment_at(watcher.due(scene.start, scene.target, scene.pauses))


@pytest.mark.timeout(600)
@NORMAL
@given(scenes())
def test_counted_time_is_what_a_watcher_counts(scene: Scene) -> None:
    check(scene)


@pytest.mark.long
@pytest.mark.timeout(0)
@FULL
@given(scenes())
def test_counted_time_is_what_a_watcher_counts_at_full_count(scene: Scene) -> None:
    check(scene)


@settings(NORMAL, max_examples=200)
@given(scenes(), st.integers(1, 5))
def test_business_days_are_what_a_watcher_finds(scene: Scene, number: int) -> None:
    due = scene.watcher.business_days(scene.start, number)
    assert scene.calendar.add_business_days(moment_at(scene.start), number) == moment_at(due)
