"""When has a promised time been used up, given calendars that may change under way and pauses?

Counted time is open time minus the union of the pauses (R4). Each stretch between a change and the next is counted on
the calendar that held then (R11).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from bot.domain.business_calendar import ALWAYS, Calendar
from bot.domain.target import Target, Unit

EVER = datetime(1900, 1, 2, tzinfo=UTC)
NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Pause:
    """A half-open interval that does not count; without an end it still lasts."""

    begins_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """The calendar that counts from a moment on, until the next segment."""

    begins_at: datetime
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time with one calendar throughout, all of it paused or none; without an end it goes on."""

    begins_at: datetime
    ends_at: datetime | None
    calendar: Calendar
    paused: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A target counted from a moment on the calendars of its segments; the first holds for all that came before."""

    started_at: datetime
    target: Target
    segments: tuple[Segment, ...]

    def due_at(self, pauses: Sequence[Pause] = ()) -> datetime | None:
        """The earliest UTC moment at which counted time equals the target (R4); None while a pause holds it off."""
        if self.target.unit is not Unit.BUSINESS_DAYS:
            return self.at_count(self.target.length, pauses)
        unmoved = self._business_day(self.target.days)
        taken = self.open_between(self.started_at, unmoved) - self.counted_between(self.started_at, unmoved, pauses)
        if not taken:
            return unmoved
        return at_count(taken, stretches(unmoved, self.segments, pauses))

    def warn_at(self, part: Fraction, pauses: Sequence[Pause] = ()) -> datetime | None:
        """The first open moment at which that part of the counted time has been used (R17); None while paused before.

        Where it is used up exactly at closing, the warning waits for the next opening: at closing nobody is there.
        """
        counted_for = self._worth() * part.numerator / part.denominator
        return open_at_count(counted_for, stretches(self.started_at, self.segments, pauses))

    def at_count(self, counted_for: timedelta, pauses: Sequence[Pause] = ()) -> datetime | None:
        """The earliest UTC moment at which so much time has counted since the start; None while paused before it."""
        return at_count(counted_for, stretches(self.started_at, self.segments, pauses))

    def counted_between(self, begins_at: datetime, ends_at: datetime, pauses: Sequence[Pause]) -> timedelta:
        """The open time in [`begins_at`, `ends_at`) that no pause covers."""
        return counted_until(ends_at, stretches(begins_at, self.segments, pauses))

    def open_between(self, begins_at: datetime, ends_at: datetime) -> timedelta:
        """The open time in [`begins_at`, `ends_at`), pauses or not."""
        return self.counted_between(begins_at, ends_at, ())

    def business_days(self) -> tuple[datetime, ...]:
        """The moment of each business day of the target, pauses or not; none for a target in hours."""
        if self.target.unit is not Unit.BUSINESS_DAYS:
            return ()
        return tuple(self._business_day(nth) for nth in range(1, self.target.days + 1))

    def _worth(self) -> timedelta:
        if self.target.unit is not Unit.BUSINESS_DAYS:
            return self.target.length
        return self.open_between(self.started_at, self._business_day(self.target.days))

    def _business_day(self, nth: int) -> datetime:
        """R16 over several calendars: days that ended before a change were counted on the old one."""
        anchor, left = self.started_at, nth
        begins_at = EVER
        for segment, later in zip(self.segments, [*self.segments[1:], None], strict=True):
            gone = _days_until(anchor, segment.calendar, begins_at)
            fits = _days_until(anchor, segment.calendar, later.begins_at) - gone if later else left
            if fits >= left:
                return segment.calendar.add_business_days(anchor, gone + left)
            left -= fits
            if fits and later:
                anchor = segment.calendar.add_business_days(anchor, gone + fits)
            begins_at = later.begins_at if later else begins_at
        raise AssertionError("the last segment has no end")  # pragma: no cover - the loop always returns there


def calendar_for(unit: Unit, *, support: Calendar, business: Calendar) -> Calendar:
    """The calendar that a unit counts on: business time on a 24x7 tier uses the business calendar (R16, R18)."""
    if unit is Unit.ELAPSED:
        return ALWAYS
    if unit is Unit.COUNTED or not support.always_open:
        return support
    return business


def union(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The same paused time as disjoint pauses in order: two reasons at once pause no more than one."""
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda each: each.begins_at):
        if pause.ends_at is not None and pause.ends_at <= pause.begins_at:
            continue
        last = merged[-1] if merged else None
        if last and (last.ends_at is None or pause.begins_at <= last.ends_at):
            both_end = last.ends_at is not None and pause.ends_at is not None
            ends_at = max(last.ends_at, pause.ends_at) if both_end and last.ends_at and pause.ends_at else None
            merged[-1] = Pause(last.begins_at, ends_at)
        else:
            merged.append(pause)
    return tuple(merged)


def stretches(begins_at: datetime, segments: Sequence[Segment], pauses: Sequence[Pause]) -> Iterator[Stretch]:
    """The time from `begins_at` cut at each change of calendar and each pause; the pauses are disjoint and in order."""
    for index, segment in enumerate(segments):
        ends_at = segments[index + 1].begins_at if index + 1 < len(segments) else None
        at = begins_at if index == 0 else max(segment.begins_at, begins_at)
        if ends_at is not None and ends_at <= at:
            continue
        yield from _cut(Stretch(at, ends_at, segment.calendar, paused=False), pauses)


def at_count(counted_for: timedelta, cut: Iterable[Stretch]) -> datetime | None:
    """The earliest moment of these stretches at which so much has counted; None where they end in a pause before."""
    left = counted_for
    for stretch in cut:
        if stretch.paused:
            continue
        if stretch.ends_at is None:
            return stretch.calendar.add(stretch.begins_at, left)
        counted = stretch.calendar.between(stretch.begins_at, stretch.ends_at)
        if counted >= left:
            return stretch.calendar.add(stretch.begins_at, left)
        left -= counted
    return None


def open_at_count(counted_for: timedelta, cut: Iterable[Stretch]) -> datetime | None:
    """The earliest moment of these stretches that is open and at which so much has counted; None as above."""
    left = counted_for
    for stretch in cut:
        if stretch.paused:
            continue
        whole = None if stretch.ends_at is None else stretch.calendar.between(stretch.begins_at, stretch.ends_at)
        if whole is None or whole > left:
            return stretch.calendar.next_opening(stretch.calendar.add(stretch.begins_at, left))
        left -= whole
    return None


def counted_until(ends_at: datetime, cut: Iterable[Stretch]) -> timedelta:
    """How much of these stretches has counted before `ends_at`."""
    counted = NO_TIME
    for stretch in cut:
        if stretch.begins_at >= ends_at:
            break
        if not stretch.paused:
            until = ends_at if stretch.ends_at is None else min(stretch.ends_at, ends_at)
            counted += stretch.calendar.between(stretch.begins_at, until)
    return counted


def _cut(whole: Stretch, pauses: Sequence[Pause]) -> Iterator[Stretch]:
    at, calendar = whole.begins_at, whole.calendar
    for pause in pauses:
        if pause.ends_at is not None and pause.ends_at <= at:
            continue
        if whole.ends_at is not None and pause.begins_at >= whole.ends_at:
            break
        if pause.begins_at > at:
            yield Stretch(at, pause.begins_at, calendar, paused=False)
            at = pause.begins_at
        ends_at = _earlier(pause.ends_at, whole.ends_at)
        yield Stretch(at, ends_at, calendar, paused=True)
        if ends_at is None or ends_at == whole.ends_at:
            return
        at = ends_at
    yield Stretch(at, whole.ends_at, calendar, paused=False)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


def _days_until(anchor: datetime, calendar: Calendar, until: datetime) -> int:
    """How many business days after `anchor` are over by `until`."""
    days = 0
    while until > anchor and calendar.add_business_days(anchor, days + 1) <= until:
        days += 1
    return days
