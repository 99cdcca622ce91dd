"""People say from when to when somebody stands in as they say it to each other."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.oncall_words import parse_span

NOW = datetime(2026, 1, 5, 9, 5, tzinfo=UTC)


def moments(words: str, zone: str = "Europe/Stockholm") -> tuple[str, str, str]:
    span = parse_span(words, zone=zone, now=NOW)
    return (f"{span.starts_at:%m-%d %H:%M}", f"{span.ends_at:%m-%d %H:%M}", span.rest)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("18:00 20:00", ("01-05 17:00", "01-05 19:00", "")),
        ("from 22:00 to 06:00", ("01-05 21:00", "01-06 05:00", "")),
        ("09:00 10:30", ("01-06 08:00", "01-06 09:30", "")),
        ("now until Tue 09:00", ("01-05 09:05", "01-06 08:00", "")),
        ("now Monday 09:00", ("01-05 09:05", "01-12 08:00", "")),
        ("tomorrow 09:00 tomorrow 17:00 first-line", ("01-06 08:00", "01-06 16:00", "first-line")),
        ("2026-01-10 2026-01-12", ("01-09 23:00", "01-12 23:00", "")),
        ("2026-01-10 2026-01-10", ("01-09 23:00", "01-10 23:00", "")),
        ("2026-01-10 18:00 - 2026-01-11T06:00", ("01-10 17:00", "01-11 05:00", "")),
        ("2026-01-10T18:00Z 2026-01-11T06:00+02:00", ("01-10 18:00", "01-11 04:00", "")),
        ("for first-line from now to 12:00", ("01-05 09:05", "01-05 11:00", "first-line")),
    ],
)
def test_a_span_is_read_on_the_rotations_wall_clock(words: str, meant: tuple[str, str, str]) -> None:
    assert moments(words) == meant


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("", "from when and to when"),
        ("18:00", "from when and to when"),
        ("18:00 19:00 20:00", "from when and to when"),
        ("25:00 26:00", "no such moment"),
        ("2026-02-30 2026-03-01", "no such moment"),
        ("2026-01-12 2026-01-10", "end before it begins"),
        ("2026-01-01 2026-01-02", "over already"),
        ("now 2026-12-31", "At most 90 days"),
    ],
)
def test_what_is_no_span_is_refused_with_what_is_allowed(words: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_span(words, zone="UTC", now=NOW)


@given(st.text(alphabet="0123456789:-TZ+ nowmonday", max_size=60))
def test_no_words_break_the_reading(words: str) -> None:
    try:
        span = parse_span(words, zone="Europe/Lisbon", now=NOW)
    except ValueError as error:
        assert str(error)  # noqa: PT017 - every refusal says something; there may also be none
    else:
        assert span.starts_at < span.ends_at
