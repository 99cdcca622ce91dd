"""Which span does "from 18:00 to Tue 09:00" mean, said by somebody who types `/oncall override`?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.oncall import WEEKDAYS, at_wall_clock

ALLOWED_MOMENTS = "write moments as `18:00`, `Tue 09:00`, `tomorrow 09:00`, `2026-01-06 18:00` or `now`"
LONGEST_OVERRIDE_FOR = timedelta(days=90)

_MOMENT = re.compile(
    r"""(?:^|(?<=\s))(?:
        (?P<now>now)
      | (?P<date>\d{4}-\d{2}-\d{2})(?:(?:T|\s+)(?P<dated>\d{1,2}:\d{2})(?P<offset>Z|[+-]\d{2}:\d{2})?)?
      | (?:(?P<day>today|tomorrow|mon|tue|wed|thu|fri|sat|sun)[a-z]*\s+)?(?P<clock>\d{1,2}:\d{2})
    )(?=\s|$)""",
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN = frozenset({"from", "to", "until", "till", "-", "–", "for", "on", "in"})


@dataclass(frozen=True, slots=True)
class Span:
    """From when to before when somebody stands in, and the words that are no moment (a rotation's name)."""

    starts_at: datetime
    ends_at: datetime
    rest: str


def parse_span(words: str, *, zone: str, now: datetime) -> Span:
    """The span that the words mean on the wall clock of a zone.

    A bare time is the next one of that name; a bare date is all of its day, the last one included. Raises ValueError
    that says what is wrong and what is allowed.
    """
    found = list(_MOMENT.finditer(words))
    if len(found) != 2:
        raise ValueError(f"Say from when and to when: {ALLOWED_MOMENTS}.")
    start = _moment(found[0], zone, after=now, now=now)
    # What was said of today counts as said of now: "from 09:00" at 09:05 means the turn that has begun.
    end = _moment(found[1], zone, after=start, now=now, ends=True)
    return check_span(Span(start, end, " ".join(_left(words, found))), now=now)


def check_span(span: Span, *, now: datetime) -> Span:
    """Let a span pass that begins before it ends, is not over and not too long. Raises ValueError that says why."""
    if span.ends_at <= span.starts_at:
        raise ValueError("It would end before it begins.")
    if span.ends_at <= now:
        raise ValueError("That is over already.")
    if span.ends_at - span.starts_at > LONGEST_OVERRIDE_FOR:
        raise ValueError(f"At most {LONGEST_OVERRIDE_FOR.days} days at a time; change the rotation for longer.")
    return span


def _left(words: str, found: list[re.Match[str]]) -> Iterator[str]:
    outside = words[: found[0].start()] + " " + words[found[0].end() : found[1].start()] + " " + words[found[1].end() :]
    return (word for word in outside.split() if word.lower() not in _BETWEEN)


def _moment(found: re.Match[str], zone: str, *, after: datetime, now: datetime, ends: bool = False) -> datetime:
    if found["now"]:
        return now
    try:
        if found["date"]:
            return _dated(found, zone, ends=ends)
        return _next(found["day"], _clock(found["clock"]), zone, after=after, now=now)
    except (ValueError, OverflowError):
        raise ValueError(f"There is no such moment as {found.group(0).strip()}; {ALLOWED_MOMENTS}.") from None


def _dated(found: re.Match[str], zone: str, *, ends: bool) -> datetime:
    day, clock = date.fromisoformat(found["date"]), _clock(found["dated"] or "00:00")
    if ends and not found["dated"]:
        day += timedelta(days=1)
    if found["offset"]:
        return datetime.fromisoformat(f"{day}T{clock:%H:%M}{found['offset']}").astimezone(UTC)
    return at_wall_clock(datetime.combine(day, clock), ZoneInfo(zone))


def _next(day: str | None, clock: time, zone: str, *, after: datetime, now: datetime) -> datetime:
    word = (day or "").lower()
    if word in {"today", "tomorrow"}:
        said = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=word == "tomorrow")
        return at_wall_clock(datetime.combine(said, clock), ZoneInfo(zone))
    today = after.astimezone(ZoneInfo(zone)).date()
    days = range(9)
    if word:
        weekday = WEEKDAYS.index(word.capitalize())
        days = range((weekday - today.weekday()) % 7, 15, 7)
    moments = (at_wall_clock(datetime.combine(today + timedelta(days=ahead), clock), ZoneInfo(zone)) for ahead in days)
    return next(moment for moment in moments if moment > after)


def _clock(text: str) -> time:
    hours, minutes = text.split(":")
    return time(int(hours), int(minutes))
