"""How are a handbook's words for time, zones and places read, and how are they written again?

A handbook keeps its promises in words (`8 business hours`); this module is the one place that turns them into values.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, PlainSerializer, PlainValidator, StringConstraints

from bot.domain.target import Target, TargetRange, in_words, parse_duration, parse_target

_KEY = r"^[a-z][a-z0-9_]{0,39}$"
_PER_CENT = re.compile(r"^(\d{1,3}(?:\.\d+)?) ?%$")
_WINDOW = re.compile(r"^(\d+)\s*(?:-|–|to)\s*(\d+)\s+(minutes?|hours?|days?)$")
_FIGURE = re.compile(r"^\d+(\.\d+)? (milliseconds?|seconds?|minutes?|hours?)$")
_PLACE = re.compile(r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")

Key = Annotated[str, StringConstraints(pattern=_KEY)]
"""A name that other keys refer to: lower case letters, digits and underscores."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=3000, strict=True)]
"""Words for people, never empty."""


def _words(value: object, allowed: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be {allowed} (got {value!r})")  # noqa: TRY004 - pydantic gathers ValueErrors only
    return value


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    return parse_duration(_words(value, "a duration in words such as `15 minutes` or `2 hours`"))


Duration = Annotated[timedelta, PlainValidator(_duration), PlainSerializer(in_words, return_type=str)]
"""An elapsed length of time, written as `15 minutes`."""


def _promise(value: object) -> str:
    words = _words(value, "a target in words such as `4 hours`, `1 business day`, `30-60 minutes`")
    parse_target(words)
    return words


Promise = Annotated[str, PlainValidator(_promise)]
"""A target in words, as the handbook has it: `4 hours`, `8 business hours`, `4 elapsed hours`, `30-60 minutes`."""


def target(words: str) -> Target | TargetRange:
    """Give the value of a promise's words; ValueError says what is wrong with them."""
    return parse_target(words)


class Rhythm(StrEnum):
    """What kind of cadence it is."""

    EVERY = "every"
    CONTINUOUS = "continuous"
    BUSINESS_DAY = "each business day"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often a customer hears of a ticket: each `every` (elapsed), each business day, at every change, or never."""

    rhythm: Rhythm
    every: timedelta | None = None


def _cadence(value: object) -> str:
    words = _words(value, _CADENCES)
    cadence(words)
    return words


_CADENCES = "a duration such as `1 hour`, or `continuous`, `daily`, `each business day`, `none`"


@lru_cache(maxsize=256)
def cadence(words: str) -> Cadence:
    """Read a cadence; `daily` means each business day. ValueError names what is allowed."""
    match words:
        case "continuous":
            return Cadence(Rhythm.CONTINUOUS)
        case "daily" | "each business day":
            return Cadence(Rhythm.BUSINESS_DAY)
        case "none":
            return Cadence(Rhythm.NONE)
    try:
        every = _duration(words)
    except ValueError as error:
        raise ValueError(f"must be {_CADENCES} (got {words!r})") from error
    if every < timedelta(minutes=1):
        raise ValueError(f"must be a minute or longer (got {words!r})")
    return Cadence(Rhythm.EVERY, every)


CadenceWords = Annotated[str, PlainValidator(_cadence)]
"""How often, in words: `1 hour`, `continuous`, `daily`, `each business day`, `none`."""


def _share(value: object) -> str:
    found = _PER_CENT.match(value) if isinstance(value, str) else None
    if found is None or not 0 < Fraction(found[1]) < 100:
        raise ValueError(f"must be a share between 0 % and 100 %, such as `80 %` (got {value!r})")
    return f"{found[1]} %"


Share = Annotated[str, PlainValidator(_share)]
"""A part of a target, written as `80 %`."""


def share(words: str) -> Fraction:
    """Give the fraction that a share's words mean: `80 %` is 4/5."""
    return Fraction(_share(words).removesuffix(" %")) / 100


def _window(value: object) -> str:
    found = _WINDOW.match(value) if isinstance(value, str) else None
    if found is None or int(found[1]) >= int(found[2]):
        raise ValueError(f"must be a window such as `0-1 hours` or `1-4 hours` (got {value!r})")
    return str(value)


Window = Annotated[str, PlainValidator(_window)]
"""From when to when a level answers, counted from its engagement: `1-4 hours`."""


def window_end(words: str) -> timedelta:
    """Give the moment by which a window asks for a substantive response, as elapsed time from engagement."""
    found = _WINDOW.match(words)
    if found is None:
        raise ValueError(f"not a window: {words!r}")
    return parse_duration(f"{found[2]} {found[3]}")


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"is no IANA time zone (got {value!r}); write one such as `America/New_York`") from error
    return value


ZoneName = Annotated[str, StringConstraints(strict=True), AfterValidator(_zone)]
"""An IANA time zone's name."""


def _place(value: str) -> str:
    if not _PLACE.match(value):
        raise ValueError(f"must be a country or a country with subdivision, such as `US` or `DE-BY` (got {value!r})")
    return value


Place = Annotated[str, StringConstraints(strict=True), AfterValidator(_place)]
"""Whose public holidays count: a country's ISO code, with a subdivision where one is meant."""


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f"must be a date such as `2026-12-24` (got {value!r})") from error


Day = Annotated[date, PlainValidator(_day), PlainSerializer(date.isoformat, return_type=str)]
"""A calendar date, written year-month-day."""


def _figure(value: object) -> str:
    if not isinstance(value, str) or not _FIGURE.match(value):
        raise ValueError(f"must be a figure with its unit, such as `500 milliseconds` or `4.38 hours` (got {value!r})")
    return value


Figure = Annotated[str, PlainValidator(_figure)]
"""A measured figure with its unit, kept as the source has it."""
