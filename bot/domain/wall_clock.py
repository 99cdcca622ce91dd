"""At which moment does the clock on a wall of that zone show this time?"""

from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Occurrence(IntEnum):
    """Which of two equal wall times is meant when clocks go back. Source: SLA rule R3."""

    FIRST = 0
    LAST = 1


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo:
    """The time zone of that IANA name. Raises ValueError where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no IANA time zone, such as America/New_York") from error


def moment_of(wall: datetime, zone: ZoneInfo, occurrence: Occurrence = Occurrence.FIRST) -> datetime:
    """The UTC moment of a naive wall time: one that clocks skip means the end of the gap. Source: SLA rules R1, R3."""
    before = wall.replace(tzinfo=zone, fold=0)
    after = wall.replace(tzinfo=zone, fold=1)
    offset_before, offset_after = before.utcoffset(), after.utcoffset()
    if offset_before is None or offset_after is None or offset_before == offset_after:
        return before.astimezone(UTC)
    if offset_before > offset_after:
        return (after if occurrence is Occurrence.LAST else before).astimezone(UTC)
    return _end_of_gap(after.astimezone(UTC), before.astimezone(UTC), zone, offset_before)


def _end_of_gap(low: datetime, high: datetime, zone: ZoneInfo, offset_before: timedelta) -> datetime:
    """The first second in (low, high] that no longer has the offset from before the gap."""
    first, last = 0, (high - low) // SECOND
    while first < last:
        middle = (first + last) // 2
        if (low + middle * SECOND).astimezone(zone).utcoffset() == offset_before:
            first = middle + 1
        else:
            last = middle
    return low + last * SECOND
