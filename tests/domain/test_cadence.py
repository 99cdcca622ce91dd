"""Updates fall on a grid that nothing said in between can move."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.business_calendar import Calendar, parse_hours
from bot.domain.cadence import EachBusinessDay, ask_at, grid, missed
from bot.domain.wall_clock import zone_named

pytestmark = pytest.mark.req("UP-1")
NEW_YORK = zone_named("America/New_York")
DAILY = EachBusinessDay(Calendar(parse_hours("Mon-Fri 09:00-17:00"), "America/New_York"))
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def test_the_first_update_is_one_interval_after_the_opening() -> None:
    opened = at("2026-01-09T16:20")
    assert grid(opened, HOUR, opened) == at("2026-01-09T17:20")


def test_a_reply_in_between_does_not_move_the_grid() -> None:
    assert grid(at("2026-01-09T16:20"), HOUR, at("2026-01-09T18:59")) == at("2026-01-09T19:20")


def test_the_next_update_is_strictly_later() -> None:
    assert grid(at("2026-01-09T16:20"), HOUR, at("2026-01-09T17:20")) == at("2026-01-09T18:20")


def test_before_the_anchor_the_first_update_is_next() -> None:
    assert grid(at("2026-01-09T16:20"), HOUR, at("2026-01-09T10:00")) == at("2026-01-09T17:20")


def test_an_hour_is_an_hour_when_clocks_change() -> None:
    opened = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)
    assert grid(opened, HOUR, opened) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


@pytest.mark.req("UP-2")
@pytest.mark.parametrize(
    ("opened", "after", "due"),
    [
        ("2026-01-05T10:00", "2026-01-05T10:00", "2026-01-06T10:00"),
        ("2026-01-05T10:00", "2026-01-06T10:00", "2026-01-07T10:00"),
        ("2026-01-09T16:50", "2026-01-09T17:30", "2026-01-12T16:50"),
        ("2026-01-10T12:00", "2026-01-10T12:00", "2026-01-13T09:00"),
        ("2026-01-05T10:00", "2026-03-06T12:00", "2026-03-09T10:00"),
    ],
)
def test_daily_is_each_business_day_at_the_time_of_the_opening(opened: str, after: str, due: str) -> None:
    assert grid(at(opened), DAILY, at(after)) == at(due)


def test_the_daily_grid_is_the_one_of_business_days() -> None:
    opened, moment = at("2026-01-08T16:50"), at("2026-01-08T16:50")
    for days in range(1, 60):
        moment = grid(opened, DAILY, moment)
        assert moment == DAILY.calendar.add_business_days(opened, days)


def test_what_an_outage_swallowed_is_counted() -> None:
    opened = at("2026-01-05T10:00")
    told, back = at("2026-01-05T11:00"), at("2026-01-05T16:30")
    assert missed(opened, HOUR, since=told, now=back) == 5
    assert missed(opened, HOUR, since=at("2026-01-05T16:00"), now=back) == 0
    assert missed(opened, HOUR, since=told, now=at("2026-01-05T12:00")) == 1
    assert missed(opened, DAILY, since=opened, now=at("2026-01-20T09:59")) == 10
    assert missed(opened, DAILY, since=opened, now=at("2026-01-05T18:00")) == 0


@pytest.mark.req("UP-3")
def test_engineers_are_asked_ten_minutes_or_a_third_of_the_interval_ahead() -> None:
    due = at("2026-01-05T11:00")
    assert ask_at(due, HOUR) == at("2026-01-05T10:50")
    assert ask_at(due, timedelta(minutes=15)) == at("2026-01-05T10:55")
    assert ask_at(due, DAILY) == at("2026-01-05T10:50")


def test_a_cadence_of_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than nothing"):
        grid(at("2026-01-05T10:00"), timedelta(0), at("2026-01-05T10:00"))
    with pytest.raises(ValueError, match="longer than nothing"):
        ask_at(at("2026-01-05T10:00"), timedelta(0))


@given(st.integers(0, 500_000), st.integers(0, 500_000), st.integers(60, 3000))
def test_as_many_are_missed_as_one_counts_on_the_grid(told: int, gone: int, every: int) -> None:
    anchor, step = at("2026-01-05T10:00"), timedelta(minutes=every)
    since = anchor + timedelta(seconds=told)
    now = since + timedelta(seconds=gone)
    counted, moment = 0, grid(anchor, step, since)
    while moment <= now:
        counted, moment = counted + 1, grid(anchor, step, moment)
    assert missed(anchor, step, since=since, now=now) == counted
