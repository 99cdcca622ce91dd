"""When is it open, and at which moment will so much open time have gone by?

Rules R1 to R4, R15 and R16. A span belongs to the day on which it opens: a night that begins on an ordinary day goes on
into a closed one, and a closed day has no night of its own. `open_on` says more than `closed` and wins over it.
24x7 is elapsed time: nothing closes it.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from bot.domain.opening_hours import WallSpan, WeeklyHours, parse_hours, parse_spans
from bot.domain.wall_clock import EPOCH, Occurrence, moment_of, zone_named

__all__ = ["ALWAYS", "Calendar", "WallSpan", "WeeklyHours", "parse_hours", "parse_spans"]

MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)
NO_TIME = timedelta(0)
LONGEST_CLOSED_DAYS = 366
FIRST_YEAR, LAST_YEAR = 1900, 9990


@dataclass(frozen=True, slots=True)
class _Block:
    """The open spans of one UTC year as microseconds since 1970, and the open time before each of them.

    The same stands there as moments and lengths: an addition then converts nothing on its way.
    """

    begins: int
    ends: int
    opens: list[int]
    closes: list[int]
    before: list[int]
    opens_at: list[datetime]
    closes_at: list[datetime]
    before_for: list[timedelta]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The open time of a team in its zone: weekly hours, closed dates, and dates with hours of their own.

    Equal calendars have equal fingerprints, whatever their names. Raises ValueError for an unknown zone and for a
    calendar that is without open time for 366 days (R15).
    """

    hours: WeeklyHours
    zone: str = "UTC"
    closed: frozenset[date] = frozenset()
    open_on: Mapping[date, tuple[WallSpan, ...]] = field(default_factory=dict)
    name: str = field(default="", compare=False)
    _fingerprint: str = field(init=False, repr=False, compare=False)
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _blocks: dict[int, _Block] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_zone", zone_named(self.zone))
        object.__setattr__(self, "closed", frozenset(self.closed))
        object.__setattr__(self, "open_on", dict(self.open_on))
        object.__setattr__(self, "_fingerprint", _fingerprint_of(self))
        object.__setattr__(self, "_blocks", _blocks_of(self._fingerprint))
        if not self.hours.always and not self._blocks:
            self._refuse_a_closed_year()

    def __hash__(self) -> int:
        return hash(self._fingerprint)

    def fingerprint(self) -> str:
        """The SHA-256 of what decides the open time, in hexadecimal; the name is no part of it."""
        return self._fingerprint

    @property
    def always_open(self) -> bool:
        """Whether this is 24x7, so that its time is elapsed time."""
        return self.hours.always

    def add(self, start: datetime, counted_for: timedelta) -> datetime:
        """The earliest UTC moment at which so much open time has gone by since `start` (R2, R4).

        Raises TypeError for a naive start; ValueError for a negative time and for an answer beyond the year 9990.
        """
        if counted_for < NO_TIME:
            raise ValueError("time cannot be counted backwards")
        if start.tzinfo is not UTC or self.hours.always or not counted_for:
            start = EPOCH + (start - EPOCH)
            if self.hours.always or not counted_for:
                return start + counted_for
        year = start.year
        block = self._blocks.get(year) or self._built(year)
        index = bisect_right(block.opens_at, start)
        if index:
            closes_at = block.closes_at[index - 1]
            used_for = min(start, closes_at) - block.opens_at[index - 1]
            counted_for += block.before_for[index - 1] + used_for
        while counted_for > block.before_for[-1]:
            counted_for -= block.before_for[-1]
            index, year = 0, year + 1
            block = self._blocks.get(year) or self._built(year)
        span = bisect_left(block.before_for, counted_for, index) - 1
        return block.opens_at[span] + (counted_for - block.before_for[span])

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The open time in [start, end); negative where the end comes first. Raises TypeError for naive moments."""
        if end < start:
            return -self.between(end, start)
        if self.hours.always:
            return end - start
        low, high = (start - EPOCH) // MICROSECOND, (end - EPOCH) // MICROSECOND
        block = self._block_at(start.year, low)
        counted = -_opened_before(block, low)
        while block.ends < high:
            counted += block.before[-1]
            block = self._block_at(block_year(block.ends), block.ends)
        return timedelta(microseconds=counted + _opened_before(block, high))

    def spans(self, start: datetime, end: datetime) -> tuple[tuple[datetime, datetime], ...]:
        """The open spans of [start, end), clipped to it, as half-open UTC pairs in order."""
        if self.hours.always:
            return ((start.astimezone(UTC), end.astimezone(UTC)),) if start < end else ()
        low, high = (start - EPOCH) // MICROSECOND, (end - EPOCH) // MICROSECOND
        found: list[tuple[int, int]] = []
        for opens, closes in self._spans_from(low):
            if opens >= high:
                break
            clipped = (max(opens, low), min(closes, high))
            if found and found[-1][1] == clipped[0]:
                clipped = (found.pop()[0], clipped[1])
            found.append(clipped)
        return tuple((EPOCH + opens * MICROSECOND, EPOCH + closes * MICROSECOND) for opens, closes in found)

    def is_open(self, at: datetime) -> bool:
        """Whether `at` lies in an open span; the moment of closing does not (R2)."""
        return self.next_opening(at) == at

    def next_opening(self, at: datetime) -> datetime:
        """`at` in UTC where it is open, else the first moment after it that is."""
        if self.hours.always:
            return at.astimezone(UTC)
        low = (at - EPOCH) // MICROSECOND
        opens, _ = next(self._spans_from(low))
        return EPOCH + max(opens, low) * MICROSECOND

    def add_business_days(self, start: datetime, days: int) -> datetime:
        """The same wall time on the Nth business day after `start` (R16).

        A start outside hours counts from the next opening. Raises ValueError for fewer than one day. Source: P3 and P4
        of the SLA handbook.
        """
        if days < 1:
            raise ValueError("business days are counted from one")
        wall = self.wall(self.next_opening(start))
        day = wall.date()
        for _ in range(days):
            day = self.next_business_day(day)
        return self.on_business_day(day, wall.time())

    def wall(self, at: datetime) -> datetime:
        """What the clock on the wall shows at `at`: a naive time in the calendar's zone."""
        return at.astimezone(self._zone).replace(tzinfo=None, fold=0)

    def next_business_day(self, after: date) -> date:
        """The first date after `after` on which a span opens."""
        day = after + DAY
        while not self.hours.always and not self._spans_of(day):
            day += DAY
        return day

    def on_business_day(self, day: date, wall: time) -> datetime:
        """That wall time on `day` in UTC: where closed, the next opening of that day, else its last closing (R16)."""
        at = moment_of(datetime.combine(day, wall), self._zone)
        if self.is_open(at):
            return at
        spans = self._spans_of(day)
        return next((opens for opens, _ in spans if opens >= at), spans[-1][1])

    def _spans_of(self, day: date) -> list[tuple[datetime, datetime]]:
        """The open spans that begin on that local date, in UTC (R3)."""
        midnight = datetime.combine(day, time())
        found = []
        for span in self._wall_spans(day):
            opens = moment_of(midnight + timedelta(minutes=span.opens), self._zone, Occurrence.FIRST)
            closes = moment_of(midnight + timedelta(minutes=span.closes), self._zone, Occurrence.LAST)
            if opens < closes:
                found.append((opens, closes))
        return found

    def _wall_spans(self, day: date) -> tuple[WallSpan, ...]:
        own = self.open_on.get(day)
        if own is not None:
            return own
        return () if day in self.closed else self.hours.days[day.weekday()]

    def _spans_from(self, low: int) -> Iterator[tuple[int, int]]:
        """Every span that ends after `low`, block by block; spans that run over a new year come in two."""
        block = self._block_at(block_year(low), low)
        first = max(bisect_right(block.opens, low) - 1, 0)
        while True:
            for index in range(first, len(block.opens)):
                if block.closes[index] > low:
                    yield block.opens[index], block.closes[index]
            first = 0
            block = self._block_at(block_year(block.ends), block.ends)

    def _block_at(self, year: int, at: int) -> _Block:
        """The block that holds `at`; `year` is the year near it in any zone."""
        block = self._blocks.get(year) or self._built(year)
        if at >= block.ends:
            return self._blocks.get(year + 1) or self._built(year + 1)
        if at < block.begins:
            return self._blocks.get(year - 1) or self._built(year - 1)
        return block

    def _built(self, year: int) -> _Block:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(f"the calendar reaches from {FIRST_YEAR} to {LAST_YEAR}")
        begins = (datetime(year, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
        ends = (datetime(year + 1, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
        found: list[tuple[int, int]] = []
        day = date(year, 1, 1) - 3 * DAY
        while day <= date(year + 1, 1, 3):
            found += [((a - EPOCH) // MICROSECOND, (b - EPOCH) // MICROSECOND) for a, b in self._spans_of(day)]
            day += DAY
        merged: list[tuple[int, int]] = []
        for opens, closes in sorted(found):
            low, high = max(opens, begins), min(closes, ends)
            if low >= high:
                continue
            if merged and low <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], high))
            else:
                merged.append((low, high))
        before = [0, *accumulate(closes - opens for opens, closes in merged)]
        block = _Block(
            begins, ends, [low for low, _ in merged], [high for _, high in merged], before,
            [EPOCH + low * MICROSECOND for low, _ in merged], [EPOCH + high * MICROSECOND for _, high in merged],
            [length * MICROSECOND for length in before],
        )  # fmt: skip
        self._blocks[year] = block
        return block

    def _refuse_a_closed_year(self) -> None:
        """R15: no run of closed days longer than a year, anywhere."""
        if not any(self.hours.days):
            raise ValueError(
                "the calendar has no weekly hours, so it is closed for more than 366 days; name some hours"
            )
        walked = date.min
        for day in sorted({*self.closed, *self.open_on}):
            run = max(day, walked)
            while not self._wall_spans(run):
                run += DAY
                if (run - day).days > LONGEST_CLOSED_DAYS:
                    raise ValueError(f"the calendar is closed for more than 366 days from {day}; leave some day open")
            walked = run


def block_year(at: int) -> int:
    """The UTC year of a moment given in microseconds since 1970."""
    return (EPOCH + at * MICROSECOND).year


def _opened_before(block: _Block, at: int) -> int:
    index = bisect_right(block.opens, at) - 1
    if index < 0:
        return 0
    return block.before[index] + min(at, block.closes[index]) - block.opens[index]


def _fingerprint_of(calendar: Calendar) -> str:
    if calendar.hours.always:
        return hashlib.sha256(b"24x7").hexdigest()
    days = [",".join(map(str, spans)) for spans in calendar.hours.days]
    closed = sorted(day.isoformat() for day in calendar.closed - calendar.open_on.keys())
    own = sorted(f"{day.isoformat()} {','.join(map(str, spans))}" for day, spans in calendar.open_on.items())
    text = "\n".join([calendar.zone, *days, "closed", *closed, "open", *own])
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=512)
def _blocks_of(_fingerprint: str) -> dict[int, _Block]:
    """One set of tables for all equal calendars: handbooks are read again and again, years are not."""
    return {}


ALWAYS = Calendar(WeeklyHours(always=True), name="elapsed time")
