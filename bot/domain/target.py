"""What does "8 business hours" mean, and how is a length of time said aloud?"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
SHORT = {
    "s": "second",
    "sec": "second",
    "m": "minute",
    "min": "minute",
    "h": "hour",
    "hr": "hour",
    "d": "day",
    "w": "week",
}
LONGEST_SECONDS = 100 * 366 * 86_400
ALLOWED_TARGETS = (
    "allowed are `15 minutes`, `8 hours`, `8 business hours`, `4 elapsed hours`, `3 business days`, `30-60 minutes`"
)
ALLOWED_DURATIONS = "allowed are whole or decimal seconds, minutes, hours, days or weeks, such as `15 minutes`"

_QUANTITY = re.compile(r"(?P<amount>\d+(?:\.\d+)?)\s*(?P<kind>business\b|elapsed\b|)\s*(?P<unit>[a-z]+)", re.ASCII)
_RANGE = re.compile(r"(?P<low>\d+(?:\.\d+)?)\s*(?:-|–|\bto\b)\s*(?P<high>\d+(?:\.\d+)?)\s*(?P<rest>[a-z].*)")


class Unit(StrEnum):
    """Which hours a target counts on. Source: SLA rules R16, R18."""

    ELAPSED = "elapsed"
    COUNTED = "counted"
    BUSINESS_HOURS = "business_hours"
    BUSINESS_DAYS = "business_days"


@dataclass(frozen=True, slots=True)
class Target:
    """An amount of time promised: hours, or whole days where the unit is business days. Source: SLA rules R16, R18.

    Raises ValueError for an amount that is not above zero or a fraction of a business day.
    """

    amount: Fraction | int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError(f"a target must be longer than nothing; {ALLOWED_TARGETS}")
        if self.unit is Unit.BUSINESS_DAYS and self.amount != int(self.amount):
            raise ValueError("business days are whole days: say `4 business hours` for a part of one")

    @property
    def length(self) -> timedelta:
        """The hours as a duration, to the microsecond. Raises ValueError for business days: they have none."""
        if self.unit is Unit.BUSINESS_DAYS:
            raise ValueError("business days have no length apart from a calendar")
        return timedelta(microseconds=round(Fraction(self.amount) * 3_600_000_000))

    @property
    def days(self) -> int:
        """How many business days. Raises ValueError for a target in hours."""
        if self.unit is not Unit.BUSINESS_DAYS:
            raise ValueError("only a target in business days has a number of days")
        return int(self.amount)


def elapsed(length: timedelta) -> Target:
    """A length of time as a target that counts on no hours but the clock's. Raises ValueError for no time."""
    return Target(Fraction(length // timedelta(microseconds=1), 3_600_000_000), Unit.ELAPSED)


@dataclass(frozen=True, slots=True)
class TargetRange:
    """A range promised, `30-60 minutes`: we aim for `slo` and are bound to `sla`. Source: channel handbook §5.

    Raises ValueError where the aim is not the shorter one or the units differ.
    """

    slo: Target
    sla: Target

    def __post_init__(self) -> None:
        if self.slo.unit is not self.sla.unit or self.slo.amount >= self.sla.amount:
            raise ValueError("a range runs from the shorter to the longer time, such as `30-60 minutes`")


@lru_cache(maxsize=1024)
def parse_target(text: str) -> Target | TargetRange:
    """The target that the words mean: plain hours count on the tier's support hours (R18).

    Raises ValueError that says what is wrong and what is allowed.
    """
    words = " ".join(text.lower().split())
    ranged = _RANGE.fullmatch(words)
    if ranged:
        rest = ranged["rest"]
        return TargetRange(_single_target(f"{ranged['low']} {rest}"), _single_target(f"{ranged['high']} {rest}"))
    return _single_target(words)


@lru_cache(maxsize=1024)
def parse_duration(text: str) -> timedelta:
    """The elapsed time that the words mean, such as `15 minutes` or `1 hour 30 minutes`.

    Raises ValueError that says what is wrong and what is allowed.
    """
    kind, parts = _quantities(text, ALLOWED_DURATIONS)
    if kind == "business":
        raise ValueError(f"{text!r} counts business time, but this is elapsed time; {ALLOWED_DURATIONS}")
    length = timedelta(microseconds=round(sum(amount * SECONDS[unit] for amount, unit in parts) * 1_000_000))
    if not length:
        raise ValueError(f"{text!r} is no time at all; {ALLOWED_DURATIONS}")
    return length


def in_words(length: timedelta | Target | TargetRange) -> str:
    """The length in words that parse back to the same length: `8 business hours`, `1 hour 30 minutes`."""
    if isinstance(length, timedelta):
        return _duration_in_words(length)
    if isinstance(length, TargetRange):
        noun = _noun(length.slo, length.sla)
        return f"{_number(_in(length.slo, noun))}-{_said(length.sla, noun)}"
    return _said(length, _noun(length))


def _single_target(words: str) -> Target:
    kind, parts = _quantities(words, ALLOWED_TARGETS)
    nouns = {unit for _, unit in parts}
    if kind == "business" and nouns & {"day", "week"}:
        if nouns != {"day"}:
            raise ValueError(f"{words!r} mixes or exceeds business days; say it in business days alone")
        total = sum(amount for amount, _ in parts)
        return Target(int(total) if total == int(total) else total, Unit.BUSINESS_DAYS)
    if not kind and nouns & {"day", "week"}:
        raise ValueError(f"{words!r} could be read in two ways: say `business days`, `elapsed days`, or hours")
    hours = Fraction(sum(amount * SECONDS[unit] for amount, unit in parts), 3600)
    unit = {"business": Unit.BUSINESS_HOURS, "elapsed": Unit.ELAPSED}.get(kind, Unit.COUNTED)
    return Target(int(hours) if hours == int(hours) else hours, unit)


def _quantities(text: str, allowed: str) -> tuple[str, list[tuple[Fraction, str]]]:
    words = " ".join(text.lower().split())
    kinds: list[str] = []
    parts: list[tuple[Fraction, str]] = []
    at = 0
    for match in _QUANTITY.finditer(words):
        if words[at : match.start()].strip() not in {"", "and", ","}:
            break
        unit = SHORT.get(match["unit"], match["unit"].removesuffix("s"))
        unit = SHORT.get(unit, unit)
        if unit not in SECONDS:
            raise ValueError(f"{text!r}: {match['unit']!r} is no unit of time; {allowed}")
        kinds.append(match["kind"])
        parts.append((Fraction(match["amount"]), unit))
        at = match.end()
    if not parts or at != len(words):
        raise ValueError(f"{text!r} is no length of time; {allowed}")
    if sum(amount * SECONDS[unit] for amount, unit in parts) > LONGEST_SECONDS:
        raise ValueError(f"{text!r} is longer than a hundred years")
    if len({kind for kind in kinds if kind}) > 1:
        raise ValueError(f"{text!r} mixes business and elapsed time; {allowed}")
    return max(kinds), parts


def _noun(*targets: Target) -> str:
    if targets[0].unit is Unit.BUSINESS_DAYS:
        return "day"
    wholes = (noun for noun in ("hour", "minute") if all(_in(target, noun).denominator == 1 for target in targets))
    return next(wholes, "second")


def _in(target: Target, noun: str) -> Fraction:
    if target.unit is Unit.BUSINESS_DAYS:
        return Fraction(target.amount)
    return Fraction(target.amount) * 3600 / SECONDS[noun]


def _said(target: Target, noun: str) -> str:
    kind = {Unit.ELAPSED: "elapsed ", Unit.COUNTED: ""}.get(target.unit, "business ")
    amount = _in(target, noun)
    return f"{_number(amount)} {kind}{noun}" + ("" if amount == 1 else "s")


def _number(amount: Fraction) -> str:
    return str(amount) if amount == int(amount) else f"{float(amount):g}"


def _duration_in_words(length: timedelta) -> str:
    if length < timedelta(0):
        return f"minus {_duration_in_words(-length)}"
    left = length // timedelta(seconds=1)
    said = []
    for noun in ("day", "hour", "minute", "second"):
        amount, left = divmod(left, SECONDS[noun])
        if amount:
            said.append(f"{amount} {noun}" + ("" if amount == 1 else "s"))
    return " ".join(said) or "0 minutes"
