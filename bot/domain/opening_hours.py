"""Which hours of the week are open, as a clock on the wall shows them?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_MINUTES = 24 * 60
ALLOWED_HOURS = (
    "allowed are `24x7`, `Mon-Fri 08:00-12:00,13:30-18:00; Sat 10:00-12:00`, and nights such as `22:00-06:00`"
)

_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?", re.ASCII)
_ENTRY = re.compile(r"(?P<days>[a-z,\s–-]*?)\s*(?P<spans>\d.*)")


@dataclass(frozen=True, slots=True, order=True)
class WallSpan:
    """An open span [opens, closes) of one day in minutes after midnight on the wall; a night closes after 24:00.

    Raises ValueError where it opens outside the day, or is empty, or longer than a day.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < DAY_MINUTES or not self.opens < self.closes <= self.opens + DAY_MINUTES:
            raise ValueError(f"{self} is no open span of a day; say 00:00-24:00 for a whole day")

    def __str__(self) -> str:
        return (
            f"{_clock(self.opens)}-{_clock(self.closes if self.closes <= DAY_MINUTES else self.closes - DAY_MINUTES)}"
        )


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """The open spans of each weekday, Monday first; `always` means 24x7, which is elapsed time and never closes.

    Raises ValueError where the spans of one day overlap or there are not seven days.
    """

    days: tuple[tuple[WallSpan, ...], ...] = ((),) * 7
    always: bool = False

    def __post_init__(self) -> None:
        if len(self.days) != 7:
            raise ValueError("a week has seven days")
        for name, spans in zip(DAYS, self.days, strict=True):
            for earlier, later in pairwise(spans):
                if later.opens < earlier.closes:
                    raise ValueError(f"the spans {earlier} and {later} of {name} overlap or are out of order")

    def __str__(self) -> str:
        if self.always:
            return "24x7"
        runs: list[tuple[int, int]] = []
        for day, spans in enumerate(self.days):
            if spans and runs and runs[-1][1] == day - 1 and self.days[day - 1] == spans:
                runs[-1] = (runs[-1][0], day)
            elif spans:
                runs.append((day, day))
        return "; ".join(
            DAYS[first] + (f"-{DAYS[last]}" if last > first else "") + " " + ",".join(map(str, self.days[first]))
            for first, last in runs
        )


def parse_hours(text: str) -> WeeklyHours:
    """The weekly hours that the words mean; spans without a day hold every day.

    Raises ValueError that says what is wrong and what is allowed. Source: channel handbook §4, enterprise tiers.
    """
    words = " ".join(text.lower().split())
    if words.replace(" ", "") in {"24x7", "24/7"}:
        return WeeklyHours(always=True)
    days: list[list[WallSpan]] = [[] for _ in DAYS]
    for part in filter(None, (piece.strip() for piece in words.split(";"))):
        entry = _ENTRY.fullmatch(part)
        if not entry:
            raise ValueError(f"{part!r} names no hours; {ALLOWED_HOURS}")
        spans = parse_spans(entry["spans"])
        for day in _weekdays(entry["days"]):
            days[day] = sorted([*days[day], *spans])
    if not any(days):
        raise ValueError(f"no hours are named; {ALLOWED_HOURS}")
    return WeeklyHours(tuple(map(tuple, days)))


def checked_hours(text: str) -> str:
    """Give the words back where they name weekly hours. Raises ValueError as `parse_hours` does."""
    parse_hours(text)
    return text


def parse_spans(text: str) -> tuple[WallSpan, ...]:
    """The open spans of one day, `08:00-12:00,13:30-18:00`, in order.

    Raises ValueError that says what is wrong and what is allowed.
    """
    spans = []
    for piece in text.replace("–", "-").split(","):
        first, dash, last = piece.strip().partition("-")
        if not dash:
            raise ValueError(f"{piece.strip()!r} is no span of hours; {ALLOWED_HOURS}")
        opens, closes = _minutes(first), _minutes(last)
        if opens == closes:
            raise ValueError(f"{piece.strip()!r} opens and closes at once; say 00:00-24:00 for a whole day")
        spans.append(WallSpan(opens, closes if closes > opens else closes + DAY_MINUTES))
    ordered = tuple(sorted(spans))
    _refuse_overlaps(ordered)
    return ordered


def _refuse_overlaps(spans: Sequence[WallSpan]) -> None:
    for earlier, later in pairwise(spans):
        if later.opens < earlier.closes:
            raise ValueError(f"the spans {earlier} and {later} overlap")


def _weekdays(text: str) -> list[int]:
    if text.strip() in {"", "daily", "every day"}:
        return list(range(7))
    days: list[int] = []
    for piece in text.replace("–", "-").split(","):
        first, dash, last = piece.strip().partition("-")
        start, end = _weekday(first), _weekday(last if dash else first)
        days += [(start + step) % 7 for step in range((end - start) % 7 + 1)]
    return sorted(set(days))


def _weekday(text: str) -> int:
    name = text.strip()
    for day, long in enumerate(LONG_DAYS):
        if len(name) >= 3 and long.startswith(name):
            return day
    raise ValueError(f"{name!r} is no weekday; weekdays are {', '.join(DAYS)}")


def _minutes(text: str) -> int:
    match = _TIME.fullmatch(text.strip())
    if not match or int(match[2] or 0) > 59 or int(match[1]) * 60 + int(match[2] or 0) > DAY_MINUTES:
        raise ValueError(f"{text.strip()!r} is no time of day between 00:00 and 24:00")
    return int(match[1]) * 60 + int(match[2] or 0)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
