"""Who are the people behind names such as `rotation:first-line` at a moment, and when do they change?

Never nobody where anybody is left: whoever is away or has left passes the turn on to the next in the order, and where
the hours of rotations leave a gap between them, the hours give way. Overlaps are allowed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.domain.oncall import Absence, Change, Override, Rotation, in_line, turns
from bot.domain.opening_hours import WeeklyHours
from bot.domain.weekly_spans import spans_between

LOOK_AHEAD_FOR = (timedelta(days=9), timedelta(days=60), timedelta(days=400))
"""How far the next change is looked for, nearest first: the last is longer than the longest turn."""


class Pointer(StrEnum):
    """What a target in the directory points at."""

    ROTATION = "rotation"
    TEAM = "team"
    PERSON = "person"
    DUTY = "duty"


def parse_pointer(text: str) -> tuple[Pointer, str]:
    """Part `rotation:first-line` into kind and name; a bare name is a person. Raises ValueError naming the kinds."""
    kind, colon, name = text.strip().partition(":")
    if not colon:
        return Pointer.PERSON, kind
    try:
        return Pointer(kind.strip()), name.strip()
    except ValueError:
        known = ", ".join(f"`{item.value}:...`" for item in Pointer)
        raise ValueError(f"{text!r} points at nothing known; allowed are {known}") from None


@dataclass(frozen=True, slots=True)
class Roster:
    """Everything needed to turn a target into people: ids only. `active` are those who can be asked at all."""

    active: frozenset[str]
    teams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rotations: Mapping[str, Rotation] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    absences: tuple[Absence, ...] = ()
    duties: Mapping[str, str] = field(default_factory=dict)

    def is_free(self, person: str, at: datetime) -> bool:
        """Whether somebody can be asked and is not away."""
        away = any(item.person == person and item.starts_at <= at < item.ends_at for item in self.absences)
        return person in self.active and not away


@dataclass(frozen=True, slots=True)
class Shift:
    """The people behind some targets from `starts_at` to before `ends_at`; nobody where nobody is left."""

    people: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime


def people_for(targets: Iterable[str], roster: Roster, *, now: datetime) -> tuple[str, ...]:
    """The people behind some targets at a moment, in order, each once: active, and not away.

    Where only the hours of rotations would leave nobody, they do not count: a page that comes at a bad hour is better
    than none. Unknown names give nobody.
    """
    wanted = tuple(targets)
    return _people(wanted, roster, now, by_hours=True) or _people(wanted, roster, now, by_hours=False)


def shifts(targets: Iterable[str], roster: Roster, since: datetime, until: datetime) -> Iterator[Shift]:
    """Who is behind some targets over a span, change by change, without a gap; cut off at both ends of the span."""
    wanted = tuple(targets)
    inside = {edge for edge in _edges(wanted, roster, since, until) if since < edge < until}
    current: Shift | None = None
    for starts_at, ends_at in pairwise(sorted({since, until, *inside})):
        people = people_for(wanted, roster, now=starts_at)
        if current is not None and current.people == people:
            current = Shift(people, current.starts_at, ends_at)
            continue
        if current is not None:
            yield current
        current = Shift(people, starts_at, ends_at)
    if current is not None:
        yield current


def next_shift(targets: Iterable[str], roster: Roster, at: datetime) -> Shift | None:
    """What follows on the people of a moment, cut off a while later; None where they stay for more than a year."""
    wanted = tuple(targets)
    for length in LOOK_AHEAD_FOR:
        found = shifts(wanted, roster, at, at + length)
        next(found, None)
        following = next(found, None)
        if following is not None:
            return following
    return None


def rotations_behind(targets: Iterable[str], roster: Roster) -> frozenset[str]:
    """The names of the rotations that some targets come to, duties followed."""
    behind = (found for target in targets for found in _behind(target, roster, frozenset()))
    return frozenset(name for kind, name in behind if kind is Pointer.ROTATION and name in roster.rotations)


def _people(targets: tuple[str, ...], roster: Roster, at: datetime, *, by_hours: bool) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for target in targets:
        for kind, name in _behind(target, roster, frozenset()):
            found.update(dict.fromkeys(_of_one(kind, name, roster, at, by_hours=by_hours)))
    return tuple(found)


def _behind(target: str, roster: Roster, seen: frozenset[str]) -> Iterator[tuple[Pointer, str]]:
    """What a target comes to: duties are followed to what they point at, and never in a ring."""
    kind, name = parse_pointer(target)
    if kind is not Pointer.DUTY:
        yield kind, name
    elif name in roster.duties and name not in seen:
        yield from _behind(roster.duties[name], roster, seen | {name})


def _of_one(kind: Pointer, name: str, roster: Roster, at: datetime, *, by_hours: bool) -> Iterable[str]:
    if kind is Pointer.TEAM:
        return [person for person in roster.teams.get(name, ()) if roster.is_free(person, at)]
    if kind is Pointer.PERSON:
        return [name] if roster.is_free(name, at) else []
    rotation = roster.rotations.get(name)
    if rotation is None or (by_hours and not rotation.holds(at)):
        return []
    return _on_call(rotation, roster, at)


def _on_call(rotation: Rotation, roster: Roster, at: datetime) -> list[str]:
    changes = [item for item in roster.overrides if item.counts(rotation.name, at)]
    off = {item.person for item in changes if item.change is Change.REMOVE}
    standing_in = [item.person for item in reversed(changes) if item.change is Change.REPLACE]
    line = [person for person in in_line(rotation, at) if person not in off]
    in_hours = [person for person in line if rotation.suits(person, at)]
    first = next((person for person in (*standing_in, *in_hours, *line) if roster.is_free(person, at)), None)
    beside = [item.person for item in changes if item.change is Change.ADD and roster.is_free(item.person, at)]
    return list(dict.fromkeys([*([first] if first else []), *beside]))


def _edges(targets: tuple[str, ...], roster: Roster, since: datetime, until: datetime) -> Iterator[datetime]:
    """Every moment of a span at which the people behind the targets can change."""
    for away in roster.absences:
        yield from (away.starts_at, away.ends_at)
    for target in targets:
        for kind, name in _behind(target, roster, frozenset()):
            rotation = roster.rotations.get(name) if kind is Pointer.ROTATION else None
            if rotation is not None:
                yield from _edges_of(rotation, roster, since, until)


def _edges_of(rotation: Rotation, roster: Roster, since: datetime, until: datetime) -> Iterator[datetime]:
    for item in roster.overrides:
        if item.rotation == rotation.name:
            yield from (item.starts_at, item.ends_at)
    if len(set(rotation.order)) > 1:
        yield from (turn.ends_at for turn in turns(rotation, since, until))
    for hours in (rotation.hours, *rotation.only.values()):
        yield from _edges_of_hours(hours, rotation.zone, since, until)


def _edges_of_hours(hours: WeeklyHours | None, zone: str, since: datetime, until: datetime) -> Iterator[datetime]:
    if hours is not None:
        for opens, closes in spans_between(hours, ZoneInfo(zone), since, until):
            yield from (opens, closes)
