"""Who is on call at a moment, until when, and who are the people behind a name such as `team:technical`?

Hand-offs fall where the local wall clock says. A turn ends exactly where the next begins, so nobody is ever on call by
accident and somebody always is: before the first hand-off the first in the order holds it already.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.target import parse_duration

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

    Raises ValueError for an empty order, or turns shorter than an hour or longer than a year.
    """

    name: str
    order: tuple[str, ...]
    every: timedelta
    handoff: Handoff
    zone: str
    start: date

    def __post_init__(self) -> None:
        if not self.order:
            raise ValueError(f"rotation {self.name} names nobody")
        if not SHORTEST_TURN_FOR <= self.every <= LONGEST_TURN_FOR:
            raise ValueError(f"rotation {self.name}: a turn lasts between an hour and a year")

    @classmethod
    def parse(cls, *, name: str, order: Iterable[str], every: str, handoff: str, zone: str, start: date) -> "Rotation":
        """The rotation that the directory's words mean. Raises ValueError that says what is wrong."""
        return cls(name, tuple(order), parse_duration(every), parse_handoff(handoff), zone, start)


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody stands in for a rotation from `starts_at` to before `ends_at`. Of two at once the later one wins."""

    rotation: str
    person: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """Who is on call from `starts_at` to before `ends_at`; `override` says that they stand in."""

    person: str
    starts_at: datetime
    ends_at: datetime
    override: bool = False


def on_call(rotation: Rotation, at: datetime, overrides: Iterable[Override] = ()) -> str:
    """The id of the one person who is on call at a moment."""
    standing_in = _standing_in(rotation, at, overrides)
    return standing_in.person if standing_in else _regular(rotation, at).person


def turn_at(rotation: Rotation, at: datetime, overrides: Iterable[Override] = ()) -> Turn:
    """The turn that a moment falls into; turns of the same person that follow each other are one."""
    fixed = tuple(overrides)
    first, *rest = turns(rotation, at, _horizon(rotation, at, fixed), fixed)
    ends_at = first.ends_at
    for turn in rest:
        if (turn.person, turn.override) != (first.person, first.override):
            break
        ends_at = turn.ends_at
    return Turn(first.person, first.starts_at, ends_at, first.override)


def next_turn(rotation: Rotation, at: datetime, overrides: Iterable[Override] = ()) -> Turn | None:
    """The next turn of somebody else after a moment, or None where one person is on call for ever."""
    fixed = tuple(overrides)
    current = on_call(rotation, at, fixed)
    for turn in turns(rotation, at, _horizon(rotation, at, fixed), fixed):
        if turn.person != current:
            return turn_at(rotation, turn.starts_at, fixed)
    return None


def next_handoff(rotation: Rotation, at: datetime, overrides: Iterable[Override] = ()) -> datetime | None:
    """When somebody else takes over next, or None where nobody ever does."""
    turn = next_turn(rotation, at, overrides)
    return turn.starts_at if turn else None


def turns(rotation: Rotation, since: datetime, until: datetime, overrides: Iterable[Override] = ()) -> Iterator[Turn]:
    """The turns that touch a span, in order, without a gap; the first and the last may reach beyond it."""
    fixed = [item for item in overrides if item.rotation == rotation.name and item.starts_at < item.ends_at]
    edges = sorted({edge for item in fixed for edge in (item.starts_at, item.ends_at)})
    at = since
    while True:
        regular = _regular(rotation, at)
        before = [edge for edge in edges if edge <= at]
        after = [edge for edge in edges if edge > at]
        starts_at = max([regular.starts_at, *before[-1:]])
        ends_at = min([regular.ends_at, *after[:1]])
        standing_in = _standing_in(rotation, at, fixed)
        yield Turn(standing_in.person if standing_in else regular.person, starts_at, ends_at, standing_in is not None)
        if ends_at >= until:
            return
        at = ends_at


def handoff_at(rotation: Rotation, nth: int) -> datetime:
    """When the nth turn begins (0 is the first): the wall clock's first moment of that name, in UTC.

    Where the clocks jump over it, the jump. Source: SLA rules R3.
    """
    return at_wall_clock(_anchor(rotation) + rotation.every * nth, ZoneInfo(rotation.zone))


def at_wall_clock(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC moment of a local time without a zone; the first of two, and the end of the gap where there is none."""
    early = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if early.astimezone(zone).replace(tzinfo=None) == local:
        return early
    low, high = local.replace(tzinfo=zone, fold=1).astimezone(UTC), early
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high.replace(microsecond=0)


def _horizon(rotation: Rotation, at: datetime, overrides: Iterable[Override]) -> datetime:
    settled_at = max([at, handoff_at(rotation, 0), *(item.ends_at for item in overrides)])
    return settled_at + rotation.every * (len(rotation.order) + 1)


def _anchor(rotation: Rotation) -> datetime:
    day = rotation.start
    if rotation.handoff.weekday is not None:
        day += timedelta(days=(rotation.handoff.weekday - day.weekday()) % 7)
    return datetime.combine(day, rotation.handoff.at)


def _regular(rotation: Rotation, at: datetime) -> Turn:
    local = at.astimezone(ZoneInfo(rotation.zone)).replace(tzinfo=None)
    nth = (local - _anchor(rotation)) // rotation.every
    while handoff_at(rotation, nth) > at:
        nth -= 1
    while handoff_at(rotation, nth + 1) <= at:
        nth += 1
    holder = rotation.order[max(nth, 0) % len(rotation.order)]
    return Turn(holder, handoff_at(rotation, nth), handoff_at(rotation, nth + 1))


def _standing_in(rotation: Rotation, at: datetime, overrides: Iterable[Override]) -> Override | None:
    found = None
    for item in overrides:
        if item.rotation == rotation.name and item.starts_at <= at < item.ends_at:
            found = item
    return found


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
    duties: Mapping[str, str] = field(default_factory=dict)


def people_for(targets: Iterable[str], roster: Roster, *, now: datetime) -> tuple[str, ...]:
    """The active people behind some targets now, in order, each once.

    Who is on call but no longer active is replaced by the next active one of the order. Unknown names give nobody.
    """
    found: dict[str, None] = {}
    for target in targets:
        found.update(dict.fromkeys(_behind(target, roster, frozenset(), now)))
    return tuple(found)


def _behind(target: str, roster: Roster, seen: frozenset[str], now: datetime) -> tuple[str, ...]:
    kind, name = parse_pointer(target)
    if kind is Pointer.DUTY:
        inner = roster.duties.get(name)
        return _behind(inner, roster, seen | {name}, now) if inner and name not in seen else ()
    if kind is Pointer.TEAM:
        return tuple(person for person in roster.teams.get(name, ()) if person in roster.active)
    if kind is Pointer.PERSON:
        return (name,) if name in roster.active else ()
    rotation = roster.rotations.get(name)
    return _holder(rotation, roster, now) if rotation else ()


def _holder(rotation: Rotation, roster: Roster, now: datetime) -> tuple[str, ...]:
    holder = on_call(rotation, now, roster.overrides)
    place = rotation.order.index(holder) if holder in rotation.order else 0
    candidates = (holder, *rotation.order[place:], *rotation.order[:place])
    return next(((person,) for person in candidates if person in roster.active), ())
