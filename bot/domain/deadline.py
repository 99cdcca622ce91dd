"""When does that fall due, and why? The core of `bot deadline`.

The options come as the words that were typed; the moment is local to the zone unless it bears an offset. Where clocks
change it follows rule R3: a time that is skipped means the end of the gap, one that comes twice its first occurrence
(for the end of a pause its last).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from bot.domain.business_calendar import ALWAYS, Calendar, parse_hours, parse_spans
from bot.domain.cadence import Every, grid
from bot.domain.counting import Pause, Plan, Segment, calendar_for, union
from bot.domain.ledger import Ledger, ledger_of
from bot.domain.opening_hours import WallSpan
from bot.domain.sla import Metric, Terms
from bot.domain.target import Target, TargetRange, Unit, elapsed, in_words, parse_target
from bot.domain.wall_clock import Occurrence, moment_of, zone_named

Read = TypeVar("Read")
BUSINESS_HOURS = "Mon-Fri 09:00-17:00"
HOLIDAY_YEARS_BEFORE, HOLIDAY_YEARS_AFTER = 1, 20


@dataclass(frozen=True, slots=True)
class Answer:
    """A due moment in the zone asked for with the ledger that says why; `aim_at` is the lower end of a range."""

    at: datetime
    due_at: datetime
    said: str
    zone: str
    ledger: Ledger
    aim_at: datetime | None = None

    def text(self, *, explain: bool = False) -> str:
        """The due moment alone on the first line, ISO 8601 with its offset; then the ledger if asked for."""
        lines = [self.due_at.isoformat()]
        if explain:
            lines.append(self.ledger.text())
        return "\n".join(lines)

    def as_json(self, *, explain: bool = False) -> str:
        """The answer as one JSON object, durations in seconds."""
        told: dict[str, object] = {
            "due_at": self.due_at.isoformat(),
            "at": self.at.isoformat(),
            "target": self.said,
            "timezone": self.zone,
        }
        if self.aim_at:
            told["aim_at"] = self.aim_at.isoformat()
        if explain:
            told["ledger"] = [
                {
                    "kind": row.kind.value,
                    "from": self._local(row.begins_at),
                    "to": self._local(row.ends_at),
                    "open_seconds": row.open_for.total_seconds(),
                    "total_seconds": row.total_for.total_seconds(),
                }
                for row in self.ledger.rows
            ]
        return json.dumps(told)

    def _local(self, at: datetime) -> str:
        return at.astimezone(zone_named(self.zone)).isoformat()


def answer(
    *,
    at: str,
    target: str,
    hours: str,
    zone: str,
    holidays: Iterable[date] = (),
    closed: Iterable[str] = (),
    open_on: Iterable[str] = (),
    pauses: Iterable[str] = (),
) -> Answer:
    """When a target falls due on hours given in words: business hours count on them too, whatever they are (R18).

    Business days on `24x7` count Monday to Friday 09:00 to 17:00 (R16). Raises ValueError that names the wrong option.
    """
    own = _open_on(open_on)
    shut = frozenset([*holidays, *(_date("--closed", text) for text in closed)])
    support = Calendar(_named("--hours", parse_hours, hours), zone, shut, own)
    business = Calendar(parse_hours(BUSINESS_HOURS), zone, shut, own)
    promised = _named("--target", parse_target, target)
    unit = (promised.sla if isinstance(promised, TargetRange) else promised).unit
    calendar = support if unit is Unit.BUSINESS_HOURS else calendar_for(unit, support=support, business=business)
    return _answered(_moment("--at", at, zone), promised, calendar, zone, _pauses(pauses, zone))


def answer_by_terms(*, at: str, terms: Terms, metric: str, zone: str, pauses: Iterable[str] = ()) -> Answer:
    """When a metric of a handbook's terms falls due.

    Raises ValueError where the terms promise nothing for it, or it never pauses and pauses are given (R9).
    """
    promised = terms.targets.get(metric) or terms.target(metric)
    if promised is None:
        raise ValueError(f"the handbook promises no {metric.replace('_', ' ')} for this tier and severity")
    paused = _pauses(pauses, zone)
    if paused and metric != Metric.RESOLUTION:
        raise ValueError(f"--pause: {metric.replace('_', ' ')} never pauses")
    unit = (promised.sla if isinstance(promised, TargetRange) else promised).unit
    return _answered(_moment("--at", at, zone), promised, terms.calendar_of(unit), zone, paused)


def answer_update(*, at: str, every: Every, zone: str) -> Answer:
    """When the first update after an opening at `at` falls due (R19): one step of the grid counts like a target."""
    start, here = _moment("--at", at, zone), zone_named(zone)
    if isinstance(every, timedelta):
        step, calendar, said = elapsed(every), ALWAYS, f"every {in_words(every)}"
    else:
        step, calendar, said = Target(1, Unit.BUSINESS_DAYS), every.calendar, str(every)
    ledger = ledger_of(Plan(start, step, (Segment(start, calendar),)), zone=zone)
    return Answer(start.astimezone(here), grid(start, every, start).astimezone(here), said, zone, ledger)


def holiday_years(at: str) -> range:
    """The years whose public holidays bear on a deadline from `at`. Raises ValueError for what is no moment."""
    year = _moment("--at", at, "UTC").year
    return range(year - HOLIDAY_YEARS_BEFORE, year + HOLIDAY_YEARS_AFTER + 1)


def parse_moment(text: str, zone: str, occurrence: Occurrence = Occurrence.FIRST) -> datetime:
    """The UTC moment of a date and time, local to the zone unless it bears an offset (R3). Raises ValueError."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(f"{text!r} is no date and time such as 2026-01-09T16:30") from error
    if ":" not in text:
        raise ValueError(f"{text!r} has no time of day; say it as 2026-01-09T16:30")
    if read.tzinfo is None:
        return moment_of(read, zone_named(zone), occurrence)
    return read.astimezone(UTC)


def _answered(
    start: datetime, promised: Target | TargetRange, calendar: Calendar, zone: str, pauses: tuple[Pause, ...]
) -> Answer:
    here = zone_named(zone)
    binding = promised.sla if isinstance(promised, TargetRange) else promised
    plan = Plan(start, binding, (Segment(start, calendar),))
    ledger = ledger_of(plan, pauses, zone=zone)
    aim_at = Plan(start, promised.slo, plan.segments).due_at(pauses) if isinstance(promised, TargetRange) else None
    if ledger.due_at is None:
        raise ValueError("--pause: the last pause has no end")
    return Answer(
        start.astimezone(here),
        ledger.due_at.astimezone(here),
        in_words(promised),
        zone,
        ledger,
        aim_at.astimezone(here) if aim_at else None,
    )


def _pauses(texts: Iterable[str], zone: str) -> tuple[Pause, ...]:
    found = []
    for text in texts:
        first, slash, last = text.partition("/")
        if not slash:
            raise ValueError(f"--pause: {text!r} is not FROM/TO, such as 2026-01-12T12:00/2026-01-13T10:00")
        begins_at = _moment("--pause", first, zone)
        ends_at = _moment("--pause", last, zone, Occurrence.LAST)
        if ends_at <= begins_at:
            raise ValueError(f"--pause: {text!r} ends before it begins")
        found.append(Pause(begins_at, ends_at))
    return union(found)


def _open_on(texts: Iterable[str]) -> Mapping[date, tuple[WallSpan, ...]]:
    own: dict[date, tuple[WallSpan, ...]] = {}
    for text in texts:
        day, _, spans = text.strip().partition(" ")
        on = _date("--open", day)
        own[on] = _named("--open", parse_spans, ",".join([*map(str, own.get(on, ())), spans]))
    return own


def _date(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(f"{option}: {text!r} is no date such as 2026-11-26") from error


def _moment(option: str, text: str, zone: str, occurrence: Occurrence = Occurrence.FIRST) -> datetime:
    try:
        return parse_moment(text, zone, occurrence)
    except ValueError as error:
        raise ValueError(f"{option}: {error}") from error


def _named(option: str, read: Callable[[str], Read], text: str) -> Read:
    try:
        return read(text)
    except ValueError as error:
        raise ValueError(f"{option}: {error}") from error
