"""Targets and durations are read from words and said back in the same words."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.target import Target, TargetRange, Unit, in_words, parse_duration, parse_target


@pytest.mark.req("SL-1")
@pytest.mark.parametrize(
    ("words", "amount", "unit"),
    [
        ("8 business hours", 8, Unit.BUSINESS_HOURS),
        ("1 Business Hour", 1, Unit.BUSINESS_HOURS),
        ("90 minutes", Fraction(3, 2), Unit.COUNTED),
        ("8 hours", 8, Unit.COUNTED),
        ("1 hour 30 minutes", Fraction(3, 2), Unit.COUNTED),
        ("15min", Fraction(1, 4), Unit.COUNTED),
        ("4 elapsed hours", 4, Unit.ELAPSED),
        ("2 elapsed days", 48, Unit.ELAPSED),
        ("3 business days", 3, Unit.BUSINESS_DAYS),
        ("1.5 hours", Fraction(3, 2), Unit.COUNTED),
    ],
)
def test_a_target_is_read_from_words(words: str, amount: Fraction | int, unit: Unit) -> None:
    assert parse_target(words) == Target(amount, unit)


@pytest.mark.req("SL-3")
@pytest.mark.parametrize("words", ["30-60 minutes", "30 to 60 minutes", "30 – 60 minutes"])
def test_a_range_aims_for_its_lower_end_and_binds_at_its_upper(words: str) -> None:
    assert parse_target(words) == TargetRange(Target(Fraction(1, 2), Unit.COUNTED), Target(1, Unit.COUNTED))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "no length of time"),
        ("soon", "no length of time"),
        ("8", "no length of time"),
        ("8 parsecs", "no unit of time"),
        ("0 hours", "longer than nothing"),
        ("-3 hours", "no length of time"),
        ("1 day", "two ways"),
        ("1.5 business days", "whole days"),
        ("2 business weeks", "business days alone"),
        ("1 business hour 2 elapsed hours", "mixes"),
        ("60-30 minutes", "from the shorter to the longer"),
        ("99999999999 hours", "hundred years"),
        ("8 hours please", "no length of time"),
    ],
)
def test_a_wrong_target_is_refused_with_the_reason(words: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_target(words)


@pytest.mark.parametrize(
    ("words", "length"),
    [
        ("30 seconds", timedelta(seconds=30)),
        ("15 minutes", timedelta(minutes=15)),
        ("1 week", timedelta(weeks=1)),
        ("2 days and 3 hours", timedelta(days=2, hours=3)),
        ("4 elapsed hours", timedelta(hours=4)),
    ],
)
def test_a_duration_is_elapsed_time(words: str, length: timedelta) -> None:
    assert parse_duration(words) == length


@pytest.mark.parametrize("words", ["8 business hours", "0 minutes", "a while", "12:30"])
def test_a_wrong_duration_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="allowed"):
        parse_duration(words)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (Target(8, Unit.BUSINESS_HOURS), "8 business hours"),
        (Target(Fraction(1, 4), Unit.COUNTED), "15 minutes"),
        (Target(1, Unit.BUSINESS_DAYS), "1 business day"),
        (TargetRange(Target(Fraction(1, 2), Unit.COUNTED), Target(1, Unit.COUNTED)), "30-60 minutes"),
        (TargetRange(Target(2, Unit.BUSINESS_HOURS), Target(4, Unit.BUSINESS_HOURS)), "2-4 business hours"),
        (timedelta(hours=26), "1 day 2 hours"),
        (timedelta(0), "0 minutes"),
        (timedelta(minutes=-5), "minus 5 minutes"),
    ],
)
def test_a_length_is_said_in_words(length: timedelta | Target | TargetRange, words: str) -> None:
    assert in_words(length) == words


@given(st.integers(1, 10_000_000), st.sampled_from([Unit.COUNTED, Unit.ELAPSED, Unit.BUSINESS_HOURS]))
def test_a_target_in_words_parses_back(seconds: int, unit: Unit) -> None:
    target = Target(Fraction(seconds, 3600), unit)
    assert parse_target(in_words(target)) == target


@given(st.integers(1, 10_000_000))
def test_a_duration_in_words_parses_back(seconds: int) -> None:
    assert parse_duration(in_words(timedelta(seconds=seconds))) == timedelta(seconds=seconds)
