"""Which rotations do the tests of on-call speak of, and when do the clocks of their zones change?"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.oncall import Handoff, Rotation
from bot.domain.opening_hours import parse_hours

ZONES = (
    "UTC",
    "Europe/Lisbon",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Africa/Cairo",
    "America/Santiago",
    "Asia/Kathmandu",
    "Africa/Casablanca",
)

CHANGING = (
    "Europe/Lisbon",
    "America/New_York",
    "America/Los_Angeles",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Pacific/Chatham",
    "Africa/Cairo",
    "America/Santiago",
    "Asia/Jerusalem",
    "Africa/Casablanca",
)
"""Ten zones whose clocks change, each in its own way: by half an hour, at midnight, backwards in summer."""


def first_line(
    *,
    name: str = "first-line",
    order: tuple[str, ...] = ("ana", "bo"),
    every: timedelta = timedelta(weeks=1),
    handoff: Handoff = Handoff(time(9), 0),  # noqa: B008 - a frozen value
    zone: str = "Europe/Lisbon",
    hours: str = "",
    only: dict[str, str] | None = None,
) -> Rotation:
    places = {person: parse_hours(text) for person, text in (only or {}).items()}
    restricted = parse_hours(hours) if hours else None
    return Rotation(name, order, every, handoff, zone, date(2026, 1, 5), restricted, places)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def clock_changes(zone: str) -> Iterator[datetime]:
    """Every hour of 2026 and 2027 within which the clocks of a zone change."""
    moment, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    there = ZoneInfo(zone)
    while moment < end:
        after = moment + timedelta(hours=1)
        if moment.astimezone(there).utcoffset() != after.astimezone(there).utcoffset():
            yield moment
        moment = after
