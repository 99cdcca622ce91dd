"""Whose turn is it at a moment, and what changes turns: who stands in, is added, is taken off or is away?

Hand-offs fall where the local wall clock says. A turn ends exactly where the next begins, so nobody is ever on call by
accident: before the first hand-off the first in the order holds it already. `oncall_roster` asks all of this at once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.opening_hours import WeeklyHours, parse_hours
from bot.domain.target import parse_duration
from bot.domain.wall_clock import moment_of
from bot.domain.weekly_spans import is_open

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHORTEST_TURN_FOR = timedelta(hours=1)
LONGEST_TURN_FOR = timedelta(days=366)
ALLOWED_HANDOFFS = "allowed are a time, `09:00`, or a weekday and a time, `Mon 09:00`"


@dataclass(frozen=True, slots=True)
class Handoff:
    """When a turn passes on: a local time, on one weekday or on any day."""

    at: time
    weekday: int | None = None

    def __str__(self) -> str:
        day = "" if self.weekday is None else f"{WEEKDAYS[self.weekday]} "
        return f"{day}{self.at:%H:%M}"


def parse_handoff(text: str) -> Handoff:
    """The hand-off that `Mon 09:00` or `09:00` means. Raises ValueError that says what is allowed."""
    day, _, clock = text.strip().rpartition(" ")
    try:
        weekday = WEEKDAYS.index(day.strip().capitalize()[:3]) if day else None
        hours, minutes = clock.split(":")
        return Handoff(time(int(hours), int(minutes)), weekday)
    except ValueError:
        raise ValueError(f"{text!r} is no hand-off; {ALLOWED_HANDOFFS}") from None


@dataclass(frozen=True, slots=True)
class Rotation:
    """An order of person ids who take turns of `every` on the wall clock of `zone`, from `start` on.

    `hours` restrict the whole rotation, `only` the place of one person in it: outside their hours the next one has the
    turn. Raises ValueError for an empty order, turns shorter than an hour or longer than a year, or a place of nobody.
    """

    name: str
    order: tuple[str, ...]
    every: timedelta
    handoff: Handoff
    zone: str
    start: date
    hours: WeeklyHours | None = None
    only: Mapping[str, WeeklyHours] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.order:
            raise ValueError(f"rotation {self.name} names nobody")
        if not SHORTEST_TURN_FOR <= self.every <= LONGEST_TURN_FOR:
            raise ValueError(f"rotation {self.name}: a turn lasts between an hour and a year")
        for person in self.only:
            if person not in self.order:
                raise ValueError(f"rotation {self.name}: `only` names {person}, who is not in its order")

    @classmethod
    def parse(
        cls,
        *,
        name: str,
        order: Iterable[str],
        every: str,
        handoff: str,
        zone: str,
        start: date,
        restrict: str | None = None,
        only: Mapping[str, str] | None = None,
    ) -> "Rotation":
        """The rotation that the directory's words mean. Raises ValueError that says what is wrong."""
        hours = parse_hours(restrict) if restrict else None
        places = {person: parse_hours(text) for person, text in (only or {}).items()}
        return cls(name, tuple(order), parse_duration(every), parse_handoff(handoff), zone, start, hours, places)

    def holds(self, at: datetime) -> bool:
        """Whether the rotation's hours hold at a moment."""
        return self.hours is None or is_open(self.hours, ZoneInfo(self.zone), at)

    def suits(self, person: str, at: datetime) -> bool:
        """Whether somebody's place in it holds at a moment."""
        hours = self.only.get(person)
        return hours is None or is_open(hours, ZoneInfo(self.zone), at)


class Change(StrEnum):
    """What an override does: somebody stands in for whoever has the turn, joins them, or is taken off."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Override:
    """A change of a rotation from `starts_at` to before `ends_at`. Of two who stand in at once the later one wins."""

    rotation: str
    person: str
    starts_at: datetime
    ends_at: datetime
    change: Change = Change.REPLACE

    def counts(self, rotation: str, at: datetime) -> bool:
        """Whether it changes a rotation at a moment."""
        return self.rotation == rotation and self.starts_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away from `starts_at` to before `ends_at`; their turns pass on."""

    person: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is from `starts_at` to before `ends_at`, and at which place of the order it stands."""

    person: str
    starts_at: datetime
    ends_at: datetime
    place: int = 0


def turn_at(rotation: Rotation, at: datetime) -> Turn:
    """The turn that a moment falls into, before any change."""
    local = at.astimezone(ZoneInfo(rotation.zone)).replace(tzinfo=None)
    nth = (local - _anchor(rotation)) // rotation.every
    while handoff_at(rotation, nth) > at:
        nth -= 1
    while handoff_at(rotation, nth + 1) <= at:
        nth += 1
    place = max(nth, 0) % len(rotation.order)
    return Turn(rotation.order[place], handoff_at(rotation, nth), handoff_at(rotation, nth + 1), place)


def turns(rotation: Rotation, since: datetime, until: datetime) -> Iterator[Turn]:
    """The turns that touch a span, in order, without a gap; the first and the last may reach beyond it."""
    at = since
    while True:
        turn = turn_at(rotation, at)
        yield turn
        if turn.ends_at >= until:
            return
        at = turn.ends_at


def in_line(rotation: Rotation, at: datetime) -> tuple[str, ...]:
    """Everybody of the order, beginning with whose turn it is: who comes after whom when turns pass on."""
    place = turn_at(rotation, at).place
    return tuple(dict.fromkeys((*rotation.order[place:], *rotation.order[:place])))


def handoff_at(rotation: Rotation, nth: int) -> datetime:
    """When the nth turn begins (0 is the first): the wall clock's first moment of that name, in UTC.

    Where the clocks jump over it, the jump. Source: SLA rules R3.
    """
    return at_wall_clock(_anchor(rotation) + rotation.every * nth, ZoneInfo(rotation.zone))


def at_wall_clock(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC moment of a local time without a zone; the first of two, and the end of the gap where there is none."""
    return moment_of(local, zone)


def _anchor(rotation: Rotation) -> datetime:
    day = rotation.start
    if rotation.handoff.weekday is not None:
        day += timedelta(days=(rotation.handoff.weekday - day.weekday()) % 7)
    return datetime.combine(day, rotation.handoff.at)
