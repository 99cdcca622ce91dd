"""The business calendar: hours in words, clocks that change, closed days and how business days are counted."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.business_calendar import ALWAYS, Calendar, WallSpan, WeeklyHours, parse_hours, parse_spans
from bot.domain.wall_clock import Occurrence, moment_of, zone_named

pytestmark = pytest.mark.req("SL-5")
NEW_YORK = "America/New_York"
WEEK = parse_hours("Mon-Fri 09:00-17:00")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str, zone: str = NEW_YORK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone_named(zone))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("24x7", "24x7"),
        ("24/7", "24x7"),
        ("Mon-Fri 09:00-17:00", "Mon-Fri 09:00-17:00"),
        ("monday-friday 9-17", "Mon-Fri 09:00-17:00"),
        (
            "Mon-Fri 13:30-18:00,08:00-12:00; Sat 10:00-12:00",
            "Mon-Fri 08:00-12:00,13:30-18:00; Sat 10:00-12:00",
        ),
        ("22:00-06:00", "Mon-Sun 22:00-06:00"),
        ("Sun-Thu 08:00-16:00", "Mon-Thu 08:00-16:00; Sun 08:00-16:00"),
        ("Mon,Wed 09:00-12:00; Mon 13:00-14:00", "Mon 09:00-12:00,13:00-14:00; Wed 09:00-12:00"),
        ("Sat 00:00-24:00", "Sat 00:00-24:00"),
    ],
)
def test_hours_are_read_from_words_and_said_back(words: str, said: str) -> None:
    assert str(parse_hours(words)) == said
    assert parse_hours(said) == parse_hours(words)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "no hours are named"),
        ("Mon-Fri", "names no hours"),
        ("Mon-Fry 09:00-17:00", "no weekday"),
        ("Mon-Fri 09:00", "no span of hours"),
        ("Mon-Fri 09:00-25:00", "no time of day"),
        ("Mon-Fri 09:60-17:00", "no time of day"),
        ("Mon-Fri 09:00-09:00", "opens and closes at once"),
        ("Mon-Fri 09:00-12:00,11:00-14:00", "overlap"),
        ("Mon 09:00-12:00; Mon 11:00-14:00", "overlap"),
        ("Mon 09:00-17:00 Tue 09:00-17:00", "no time of day"),
    ],
)
def test_wrong_hours_are_refused_with_the_reason(words: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_hours(words)


def test_spans_and_weeks_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="no open span"):
        WallSpan(600, 600)
    with pytest.raises(ValueError, match="seven days"):
        WeeklyHours(((),))


def test_an_unknown_zone_is_refused() -> None:
    for name in ("Mars/Olympus", "../etc/passwd", "America", ""):
        with pytest.raises(ValueError, match="no IANA time zone"):
            Calendar(WEEK, name)


def test_a_calendar_without_weekly_hours_is_refused() -> None:
    with pytest.raises(ValueError, match="366 days"):
        Calendar(WeeklyHours(), "UTC", open_on={date(2026, 1, 5): parse_spans("09:00-12:00")})


def test_a_calendar_closed_for_more_than_a_year_is_refused_and_for_a_year_is_not() -> None:
    start = date(2026, 1, 1)
    with pytest.raises(ValueError, match="366 days"):
        Calendar(WEEK, closed=frozenset(start + timedelta(days=n) for n in range(400)))
    closed = Calendar(WEEK, closed=frozenset(start + timedelta(days=n) for n in range(365)))
    assert closed.next_opening(utc("2025-12-31T18:00")) == utc("2027-01-01T09:00")


def test_an_opening_in_the_gap_is_the_end_of_the_gap() -> None:
    nights = Calendar(parse_hours("Sun 02:30-05:00"), NEW_YORK)
    assert nights.spans(utc("2026-03-08T00:00"), utc("2026-03-09T00:00")) == (
        (utc("2026-03-08T07:00"), utc("2026-03-08T09:00")),
    )


def test_a_closing_in_the_gap_is_the_end_of_the_gap() -> None:
    nights = Calendar(parse_hours("Sun 00:00-02:30"), NEW_YORK)
    assert nights.spans(utc("2026-03-08T00:00"), utc("2026-03-09T00:00")) == (
        (utc("2026-03-08T05:00"), utc("2026-03-08T07:00")),
    )


def test_an_ambiguous_opening_is_the_first_and_an_ambiguous_closing_the_last() -> None:
    nights = Calendar(parse_hours("Sun 01:30-01:45"), NEW_YORK)
    assert nights.spans(utc("2026-11-01T00:00"), utc("2026-11-02T00:00")) == (
        (utc("2026-11-01T05:30"), utc("2026-11-01T06:45")),
    )


def test_a_day_that_a_zone_skipped_has_no_open_time() -> None:
    apia = Calendar(parse_hours("09:00-17:00"), "Pacific/Apia")
    assert apia.wall(apia.add(local("2011-12-29T16:00", "Pacific/Apia"), timedelta(hours=2))) == datetime(
        2011, 12, 31, 10, tzinfo=UTC
    ).replace(tzinfo=None)


def test_half_an_hour_of_daylight_saving_is_counted() -> None:
    lord_howe = Calendar(parse_hours("00:00-06:00"), "Australia/Lord_Howe")
    spring, autumn = local("2026-10-04T00:00", "Australia/Lord_Howe"), local("2026-04-05T00:00", "Australia/Lord_Howe")
    assert lord_howe.between(spring, spring + timedelta(hours=12)) == timedelta(hours=5, minutes=30)
    assert lord_howe.between(autumn, autumn + timedelta(hours=12)) == timedelta(hours=6, minutes=30)


def test_a_wall_time_is_one_moment() -> None:
    zone = zone_named(NEW_YORK)
    gap, twice = datetime.fromisoformat("2026-03-08T02:10"), datetime.fromisoformat("2026-11-01T01:10")
    assert moment_of(gap, zone) == moment_of(gap, zone, Occurrence.LAST) == utc("2026-03-08T07:00")
    assert moment_of(twice, zone) == utc("2026-11-01T05:10")
    assert moment_of(twice, zone, Occurrence.LAST) == utc("2026-11-01T06:10")


def test_a_night_belongs_to_the_day_on_which_it_opens() -> None:
    nights = Calendar(parse_hours("22:00-06:00"), "UTC", closed=frozenset({date(2026, 1, 7)}))
    assert nights.is_open(utc("2026-01-07T05:59"))
    assert not nights.is_open(utc("2026-01-07T23:00"))
    assert nights.next_opening(utc("2026-01-07T06:00")) == utc("2026-01-08T22:00")


def test_hours_of_its_own_open_a_closed_day() -> None:
    short = Calendar(WEEK, closed=frozenset({date(2026, 1, 6)}), open_on={date(2026, 1, 6): parse_spans("09:00-11:00")})
    assert short.between(utc("2026-01-06T00:00"), utc("2026-01-07T00:00")) == timedelta(hours=2)


def test_round_the_clock_is_elapsed_time_that_nothing_closes() -> None:
    start = utc("2026-12-25T03:04:05")
    always = Calendar(parse_hours("24x7"), NEW_YORK, closed=frozenset({date(2026, 12, 25)}))
    assert always.add(start, timedelta(hours=4)) == start + timedelta(hours=4)
    assert always.between(start, start + timedelta(days=3)) == timedelta(days=3)
    assert always.spans(start, start + timedelta(days=3)) == ((start, start + timedelta(days=3)),)
    assert always.next_opening(start) == start
    assert always.fingerprint() == ALWAYS.fingerprint()


@pytest.mark.req("SL-2")
@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-01-05T10:00", 1, "2026-01-06T10:00"),
        ("2026-01-05T10:00", 3, "2026-01-08T10:00"),
        ("2026-01-08T16:50", 3, "2026-01-13T16:50"),
        ("2026-01-10T12:00", 1, "2026-01-13T09:00"),
        ("2026-01-09T17:00", 1, "2026-01-13T09:00"),
        ("2026-01-05T06:00", 1, "2026-01-06T09:00"),
        ("2026-11-25T16:00", 1, "2026-11-27T13:00"),
        ("2026-11-25T10:00", 1, "2026-11-27T10:00"),
        ("2026-03-06T10:00", 1, "2026-03-09T10:00"),
    ],
)
def test_business_days_keep_the_wall_time(start: str, days: int, due: str) -> None:
    calendar = Calendar(
        WEEK, NEW_YORK, frozenset({date(2026, 11, 26)}), {date(2026, 11, 27): parse_spans("09:00-13:00")}
    )
    assert calendar.add_business_days(local(start), days) == local(due)


def test_a_business_day_that_ends_in_the_midday_break_is_due_when_it_opens_again() -> None:
    calendar = Calendar(WEEK, NEW_YORK, open_on={date(2026, 1, 6): parse_spans("09:00-12:00,13:30-18:00")})
    assert calendar.add_business_days(local("2026-01-05T12:30"), 1) == local("2026-01-06T13:30")


def test_fewer_than_one_business_day_is_refused() -> None:
    with pytest.raises(ValueError, match="from one"):
        Calendar(WEEK).add_business_days(utc("2026-01-05T10:00"), 0)


def test_time_is_not_counted_backwards_but_between_is_signed() -> None:
    calendar, start = Calendar(WEEK), utc("2026-01-05T10:00")
    with pytest.raises(ValueError, match="backwards"):
        calendar.add(start, timedelta(seconds=-1))
    assert calendar.between(start + timedelta(hours=2), start) == -timedelta(hours=2)
    assert calendar.add(utc("2026-01-04T10:00"), timedelta(0)) == utc("2026-01-04T10:00")


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(TypeError):
        Calendar(WEEK).add(datetime.fromisoformat("2026-01-05T10:00"), timedelta(hours=1))


def test_the_reach_of_a_calendar_is_said() -> None:
    with pytest.raises(ValueError, match="from 1900 to 9990"):
        Calendar(WEEK).next_opening(utc("1899-06-01T00:00"))


def test_equal_calendars_are_one_key_whatever_their_names() -> None:
    one = Calendar(WEEK, NEW_YORK, name="premium")
    other = Calendar(parse_hours("Mon-Fri 9-17"), NEW_YORK, name="standard")
    assert one == other
    assert len({one, other}) == 1
    assert one.fingerprint() == other.fingerprint()
    assert one.fingerprint() != Calendar(WEEK, "Europe/Lisbon").fingerprint()


def test_a_fingerprint_is_the_same_on_every_machine() -> None:
    calendar = Calendar(WEEK, NEW_YORK, frozenset({date(2026, 12, 25), date(2026, 1, 1)}))
    assert calendar.fingerprint() == "b10078bb3a7a7efaf0d907fada32a69414c28d162a48b9b4906d09eff68f05a1"


def test_a_far_date_costs_no_tables_in_between() -> None:
    calendar = Calendar(WEEK, "Europe/Lisbon")
    assert calendar.add(utc("9001-01-04T10:00"), timedelta(hours=1)).year == 9001
    assert calendar.add(utc("2026-01-05T09:00"), timedelta(hours=8 * 5 * 52 * 30)).year == 2055


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis asks for naive bounds
    st.lists(st.timedeltas(timedelta(0), timedelta(days=40)), min_size=2, max_size=6),
)
def test_open_time_adds_up_to_the_microsecond(start: datetime, steps: list[timedelta]) -> None:
    calendar = Calendar(parse_hours("Mon-Fri 08:00-12:00,13:30-18:00; Sat 22:00-06:00"), "America/St_Johns")
    at = start
    for step in steps:
        at = calendar.add(at, step)
    assert calendar.between(start, at) == sum(steps, timedelta(0))
    spans = calendar.spans(start, at)
    assert sum((closes - opens for opens, closes in spans), timedelta(0)) == sum(steps, timedelta(0))
    assert all(earlier[1] < later[0] for earlier, later in pairwise(spans))
