"""`bot deadline` answers from words alone, and says why."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.business_calendar import ALWAYS, Calendar, parse_hours
from bot.domain.cadence import EachBusinessDay
from bot.domain.deadline import answer, answer_by_terms, answer_update, holiday_years, parse_moment
from bot.domain.sla import Terms
from bot.domain.target import parse_target

pytestmark = pytest.mark.req("SL-5")
ZONE = "America/New_York"
WEEK = "Mon-Fri 09:00-17:00"


@pytest.mark.parametrize(
    ("at", "target", "hours", "due"),
    [
        ("2026-01-09T16:30", "1 hour", WEEK, "2026-01-12T09:30:00-05:00"),
        ("2026-01-10 12:00", "4 business hours", WEEK, "2026-01-12T13:00:00-05:00"),
        ("2026-01-09T16:00", "60 minutes", WEEK, "2026-01-09T17:00:00-05:00"),
        ("2026-01-09T17:00:00", "1 hour", WEEK, "2026-01-12T10:00:00-05:00"),
        ("2026-03-06T16:00", "4 hours", WEEK, "2026-03-09T12:00:00-04:00"),
        ("2026-01-09T21:30Z", "1 hour", WEEK, "2026-01-12T09:30:00-05:00"),
        ("2026-01-09T16:30", "8 elapsed hours", WEEK, "2026-01-10T00:30:00-05:00"),
        ("2026-01-09T16:30", "8 hours", "24x7", "2026-01-10T00:30:00-05:00"),
        ("2026-01-09T16:30", "8 business hours", "24x7", "2026-01-10T00:30:00-05:00"),
        ("2026-01-09T16:30", "3 business days", WEEK, "2026-01-14T16:30:00-05:00"),
        ("2026-01-09T16:30", "1 business day", "24x7", "2026-01-12T16:30:00-05:00"),
        ("2026-01-09T16:30", "30-60 minutes", WEEK, "2026-01-12T09:30:00-05:00"),
        ("2026-03-08T02:30", "1 hour", "24x7", "2026-03-08T04:00:00-04:00"),
        ("2026-11-01T01:30", "1 hour", "24x7", "2026-11-01T01:30:00-05:00"),
        ("2026-03-07T22:00", "6 hours", "22:00-06:00", "2026-03-08T05:00:00-04:00"),
        ("2026-10-31T22:00", "6 hours", "22:00-06:00", "2026-11-01T03:00:00-05:00"),
    ],
)
def test_a_deadline_follows_from_the_words(at: str, target: str, hours: str, due: str) -> None:
    assert answer(at=at, target=target, hours=hours, zone=ZONE).text() == due


def test_holidays_closed_days_and_short_days_count() -> None:
    told = answer(
        at="2026-11-25T16:00",
        target="6 hours",
        hours=WEEK,
        zone=ZONE,
        holidays=[date(2026, 11, 26)],
        closed=["2026-12-24"],
        open_on=["2026-11-27 09:00-11:00", "2026-11-27 12:00-14:00"],
    )
    assert told.due_at.isoformat() == "2026-11-30T10:00:00-05:00"


@pytest.mark.req("SL-7")
def test_the_ledger_says_why() -> None:
    told = answer(
        at="2026-01-12T10:00",
        target="8 business hours",
        hours=WEEK,
        zone=ZONE,
        pauses=["2026-01-12T12:00/2026-01-13T09:30", "2026-01-13 09:15/2026-01-13 10:00"],
    )
    assert told.text(explain=True).splitlines() == [
        "2026-01-13T16:00:00-05:00",
        "8 business hours from Mon 2026-01-12 10:00-05:00 in America/New_York",
        "  Mon 2026-01-12 10:00-05:00 to Mon 2026-01-12 12:00-05:00  2 hours, 2 hours in all",
        "  Mon 2026-01-12 12:00-05:00 to Tue 2026-01-13 10:00-05:00  paused, 6 hours of open time not counted",
        "  Tue 2026-01-13 10:00-05:00 to Tue 2026-01-13 16:00-05:00  6 hours, 8 hours in all",
        "due Tue 2026-01-13 16:00-05:00",
    ]


def test_the_ledger_of_business_days_counts_days_and_then_what_pauses_took() -> None:
    told = answer(
        at="2026-01-12T10:00",
        target="2 business days",
        hours=WEEK,
        zone=ZONE,
        pauses=["2026-01-12T16:00/2026-01-13T10:00"],
    )
    assert told.text(explain=True).splitlines()[1:] == [
        "2 business days from Mon 2026-01-12 10:00-05:00 in America/New_York",
        "  Tue 2026-01-13 10:00-05:00  business day 1",
        "  Wed 2026-01-14 10:00-05:00  business day 2",
        "  Mon 2026-01-12 16:00-05:00 to Tue 2026-01-13 10:00-05:00  paused, 2 hours of open time not counted",
        "  Wed 2026-01-14 10:00-05:00 to Wed 2026-01-14 12:00-05:00  2 hours, 2 hours in all",
        "due Wed 2026-01-14 12:00-05:00",
    ]


def test_the_json_bears_the_moments_with_offsets_and_the_ledger_in_seconds() -> None:
    told = json.loads(
        answer(at="2026-01-09T16:30", target="30-60 minutes", hours=WEEK, zone=ZONE).as_json(explain=True)
    )
    assert told["due_at"] == "2026-01-12T09:30:00-05:00"
    assert told["aim_at"] == "2026-01-09T17:00:00-05:00"
    assert [row["open_seconds"] for row in told["ledger"]] == [1800, 1800]
    assert told["ledger"][-1]["to"] == told["due_at"]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"at": "tomorrow"}, "--at: 'tomorrow' is no date and time"),
        ({"at": "2026-01-09"}, "--at: '2026-01-09' has no time of day"),
        ({"target": "1 day"}, "--target: .* two ways"),
        ({"hours": "Mon-Fry 9-17"}, "--hours: .* no weekday"),
        ({"zone": "Mars"}, "no IANA time zone"),
        ({"closed": ["26 Nov"]}, "--closed: '26 Nov' is no date"),
        ({"open_on": ["2026-11-27"]}, "--open: "),
        ({"pauses": ["2026-01-12T12:00"]}, "--pause: .* is not FROM/TO"),
        ({"pauses": ["2026-01-12T12:00/2026-01-12T11:00"]}, "--pause: .* ends before it begins"),
    ],
)
def test_a_wrong_option_is_named(options: Mapping[str, str | Sequence[str]], why: str) -> None:
    usual: dict[str, str | Sequence[str]] = {"at": "2026-01-09T16:30", "target": "1 hour", "hours": WEEK, "zone": ZONE}
    given = usual | dict(options)
    words = {name: value for name, value in given.items() if isinstance(value, str)}
    lists = {name: value for name, value in given.items() if not isinstance(value, str)}
    with pytest.raises(ValueError, match=why):
        answer(
            at=words["at"],
            target=words["target"],
            hours=words["hours"],
            zone=words["zone"],
            closed=lists.get("closed", ()),
            open_on=lists.get("open_on", ()),
            pauses=lists.get("pauses", ()),
        )


OFFICE = Calendar(parse_hours(WEEK), ZONE)
PROMISED = Terms(
    ALWAYS,
    OFFICE,
    {
        "first_response": parse_target("30-60 minutes"),
        "resolution": parse_target("3 business days"),
    },
    worked_for=timedelta(hours=2),
)


@pytest.mark.parametrize(
    ("metric", "due"),
    [
        ("first_response", "2026-01-09T17:30:00-05:00"),
        ("resolution", "2026-01-14T16:30:00-05:00"),
        ("worked", "2026-01-09T18:30:00-05:00"),
    ],
)
def test_a_handbook_answers_by_metric(metric: str, due: str) -> None:
    assert answer_by_terms(at="2026-01-09T16:30", terms=PROMISED, metric=metric, zone=ZONE).text() == due


def test_what_the_handbook_does_not_promise_is_refused() -> None:
    with pytest.raises(ValueError, match="promises no next response"):
        answer_by_terms(at="2026-01-09T16:30", terms=PROMISED, metric="next_response", zone=ZONE)
    with pytest.raises(ValueError, match="first response never pauses"):
        answer_by_terms(
            at="2026-01-09T16:30",
            terms=PROMISED,
            metric="first_response",
            zone=ZONE,
            pauses=["2026-01-09T16:40/2026-01-09T16:50"],
        )


@pytest.mark.req("UP-2")
def test_the_first_update_is_answered_too() -> None:
    hourly = answer_update(at="2026-01-09T16:30", every=timedelta(hours=1), zone=ZONE)
    assert (hourly.text(), hourly.said) == ("2026-01-09T17:30:00-05:00", "every 1 hour")
    assert hourly.ledger.due_at == hourly.due_at
    daily = answer_update(at="2026-01-09T16:30", every=EachBusinessDay(OFFICE), zone=ZONE)
    assert (daily.text(), daily.said) == ("2026-01-12T16:30:00-05:00", "each business day")


def test_holidays_are_asked_for_the_years_that_bear_on_it() -> None:
    assert set(holiday_years("2026-01-09T16:30")) >= {2025, 2026, 2027, 2045}


def test_a_moment_with_an_offset_is_that_moment_whatever_the_zone() -> None:
    assert parse_moment("2026-01-09T16:30+05:45", ZONE) == datetime(2026, 1, 9, 10, 45, tzinfo=UTC)
