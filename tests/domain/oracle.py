"""What would someone say who watches the clock on the wall, minute by minute, and keeps a tally?

Nothing here knows tables, prefix sums or how a wall time becomes a moment. An opening has come as soon as the wall has
ever shown its time, and a closing when the wall shows its time, or an earlier one, for the last time: that is rule R3
in one sentence, for gaps and for hours that come twice.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate, compress
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY_MINUTES = 1440
Spans = Sequence[tuple[int, int]]


def minute_of(at: datetime) -> int:
    return (at - EPOCH) // MINUTE


def moment_at(minute: int) -> datetime:
    return EPOCH + minute * MINUTE


@cache
def readings(zone: str, utc_day: int) -> tuple[int, ...]:
    """What the wall shows in each minute of a UTC day, in minutes since the first of January 1970 on the wall."""
    midnight, there = EPOCH + timedelta(days=utc_day), ZoneInfo(zone)
    shown = []
    for minute in range(DAY_MINUTES):
        offset = (midnight + minute * MINUTE).astimezone(there).utcoffset()
        assert offset is not None
        shown.append(utc_day * DAY_MINUTES + minute + offset // MINUTE)
    return tuple(shown)


@cache
def ever_and_never_again(zone: str, utc_day: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """For each minute of three UTC days: the latest reading so far, and the earliest from then on."""
    shown = [reading for day in (utc_day - 1, utc_day, utc_day + 1) for reading in readings(zone, day)]
    return tuple(accumulate(shown, max)), tuple(accumulate(reversed(shown), min))[::-1]


@dataclass
class Watcher:
    """Someone who watches one wall and knows the hours by heart."""

    zone: str
    week: Sequence[Spans]
    closed: frozenset[date] = frozenset()
    own: Mapping[date, Spans] = field(default_factory=dict)
    seen: dict[int, bytearray] = field(default_factory=dict)

    def hours_of(self, day: date) -> Spans:
        if day in self.own:
            return self.own[day]
        return () if day in self.closed else self.week[day.weekday()]

    def is_open(self, minute: int) -> bool:
        day, rest = divmod(minute, DAY_MINUTES)
        return bool(self.day(day)[rest])

    def day(self, utc_day: int) -> bytearray:
        """A one for each open minute of that UTC day."""
        if utc_day not in self.seen:
            self.seen[utc_day] = self._watch(utc_day)
        return self.seen[utc_day]

    def _watch(self, utc_day: int) -> bytearray:
        latest, earliest = ever_and_never_again(self.zone, utc_day)
        three_days = bytearray(3 * DAY_MINUTES)
        for number in range(latest[DAY_MINUTES] // DAY_MINUTES - 2, latest[2 * DAY_MINUTES] // DAY_MINUTES + 2):
            for opens, closes in self.hours_of(date(1970, 1, 1) + timedelta(days=number)):
                has_come = bisect_left(latest, number * DAY_MINUTES + opens)
                shown_last = bisect_right(earliest, number * DAY_MINUTES + closes) - 1
                on_time = shown_last >= 0 and earliest[shown_last] == number * DAY_MINUTES + closes
                has_gone = shown_last if on_time else shown_last + 1
                three_days[has_come:has_gone] = b"\x01" * max(has_gone - has_come, 0)
        return three_days[DAY_MINUTES : 2 * DAY_MINUTES]

    def open_from(self, start: int) -> Iterator[int]:
        """Each open minute from `start` on."""
        day, rest = divmod(start, DAY_MINUTES)
        while True:
            yield from compress(range(day * DAY_MINUTES + rest, (day + 1) * DAY_MINUTES), self.day(day)[rest:])
            day, rest = day + 1, 0

    def due(self, start: int, target: int, pauses: Sequence[tuple[int, int]] = ()) -> int:
        """Tick off open minutes that nobody paused until there are enough."""
        left = target
        for minute in self.open_from(start):
            if not any(begins <= minute < ends for begins, ends in pauses):
                left -= 1
                if not left:
                    return minute + 1
        raise AssertionError

    def open_minutes(self, start: int, end: int) -> int:
        days = range(start // DAY_MINUTES, end // DAY_MINUTES + 1)
        return sum(sum(self.day(day)[max(start - day * DAY_MINUTES, 0) : end - day * DAY_MINUTES]) for day in days)

    def business_days(self, start: int, days: int) -> int:
        """R16 by looking: turn the leaves of the calendar, then watch for the hour on the wall."""
        while not self.is_open(start):
            start += 1
        shown = readings(self.zone, start // DAY_MINUTES)[start % DAY_MINUTES]
        number, hour = divmod(shown, DAY_MINUTES)
        for _ in range(days):
            number += 1
            while not self._own_minutes(number):
                number += 1
        minute = next(each for each in self._around(number) if self._latest(each) >= number * DAY_MINUTES + hour)
        if self.is_open(minute):
            return minute
        mine = self._own_minutes(number)
        return next((each for each in mine if each >= minute), mine[-1] + 1)

    def _around(self, number: int) -> range:
        return range((number - 1) * DAY_MINUTES, (number + 3) * DAY_MINUTES)

    def _latest(self, minute: int) -> int:
        return ever_and_never_again(self.zone, minute // DAY_MINUTES)[0][DAY_MINUTES + minute % DAY_MINUTES]

    def _own_minutes(self, number: int) -> list[int]:
        """The minutes of the hours that begin on that date."""
        day = date(1970, 1, 1) + timedelta(days=number)
        hours = self.hours_of(day)
        if not hours:
            return []
        alone = Watcher(self.zone, ((),) * 7, own={day: hours})
        return [minute for minute in self._around(number) if alone.is_open(minute)]


def at_midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
