"""A calendar says when somebody is away: each event by itself, and nothing that is no absence."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.handbook.absences import LARGEST_FILE, Away, read_absences
from bot.handbook.errors import HandbookError
from tests.make import NINE

LISBON = ZoneInfo("Europe/Lisbon")


def calendar(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\nDTSTAMP:20260101T000000Z\nUID:{n}\n{e}\nEND:VEVENT\n" for n, e in enumerate(events))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\n{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def read(*events: str) -> list[Away]:
    return read_absences(calendar(*events), "away.ics", now=NINE)


def test_a_whole_day_is_a_day_by_the_clock_of_whose_absence_it_is() -> None:
    (away,) = read("SUMMARY:Ana: holiday\nDTSTART;VALUE=DATE:20260401\nDTEND;VALUE=DATE:20260403")
    assert away.summary == "Ana: holiday"
    assert away.between(LISBON) == (datetime(2026, 3, 31, 23, tzinfo=UTC), datetime(2026, 4, 2, 23, tzinfo=UTC))


def test_a_day_without_an_end_is_that_day_and_an_hour_may_be_said_as_a_duration() -> None:
    day, hour = read("SUMMARY:b\nDTSTART;VALUE=DATE:20260202", "SUMMARY:a\nDTSTART:20260203T100000Z\nDURATION:PT1H")
    assert day.between(LISBON) == (datetime(2026, 2, 2, tzinfo=UTC), datetime(2026, 2, 3, tzinfo=UTC))
    assert hour.between(LISBON) == (datetime(2026, 2, 3, 10, tzinfo=UTC), datetime(2026, 2, 3, 11, tzinfo=UTC))


def test_what_comes_again_is_read_each_time_over_the_change_of_clocks() -> None:
    found = read("SUMMARY:Bo\nDTSTART:20260323T090000\nDTEND:20260323T120000\nRRULE:FREQ=WEEKLY;COUNT=2")
    assert [away.between(LISBON)[0] for away in found] == [
        datetime(2026, 3, 23, 9, tzinfo=UTC),
        datetime(2026, 3, 30, 8, tzinfo=UTC),
    ]


def test_what_is_cancelled_over_or_of_no_length_is_no_absence() -> None:
    assert read("DTSTART:20260202T100000Z\nDTEND:20260202T110000Z\nSTATUS:CANCELLED") == []
    assert read("DTSTART:20250202T100000Z\nDTEND:20250202T110000Z") == []
    assert read("DTSTART:20260202T100000Z\nDTEND:20260202T100000Z") == []


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe", b"BEGIN:VCALENDAR", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n"])
def test_what_is_no_calendar_is_refused_in_one_line(content: bytes) -> None:
    with pytest.raises(HandbookError, match=r"^away.ics: is no iCalendar file"):
        read_absences(content, "away.ics", now=NINE)


def test_a_file_without_end_is_refused() -> None:
    with pytest.raises(HandbookError, match="at most"):
        read_absences(b" " * (LARGEST_FILE + 1), "away.ics", now=NINE)
