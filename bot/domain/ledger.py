"""Why this deadline: which open spans were used up, which pauses did not count, and what is the sum?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.counting import NO_TIME, Pause, Plan, Stretch, stretches
from bot.domain.life import Life
from bot.domain.sla import Event
from bot.domain.target import Target, Unit, in_words
from bot.domain.wall_clock import zone_named


class Kind(StrEnum):
    """What a row of the ledger says: time that counts, a pause that does not, a business day gone by."""

    OPEN = "open"
    PAUSED = "paused"
    BUSINESS_DAY = "business day"


@dataclass(frozen=True, slots=True)
class Row:
    """One span: how much of it was open, and the counted time so far; of a pause, the open time that it took."""

    kind: Kind
    begins_at: datetime
    ends_at: datetime
    open_for: timedelta
    total_for: timedelta


@dataclass(frozen=True, slots=True)
class Ledger:
    """A deadline and the spans that lead to it, moments in UTC; `due_at` is None while a pause holds it off."""

    target: Target
    started_at: datetime
    due_at: datetime | None
    zone: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """The ledger as plain lines in the zone's wall time with offsets."""
        head = f"{in_words(self.target)} from {self._said(self.started_at)} in {self.zone}"
        due = "not due while paused" if self.due_at is None else f"due {self._said(self.due_at)}"
        return "\n".join([head, *map(self._line, self.rows), due, *self.notes])

    def _line(self, row: Row) -> str:
        begins, total = self._said(row.begins_at), _hours(row.total_for)
        if row.kind is Kind.BUSINESS_DAY:
            return f"  {begins}  business day {row.total_for.days}"
        span = f"  {begins} to {self._said(row.ends_at)}"
        if row.kind is Kind.PAUSED:
            return f"{span}  paused, {_hours(row.open_for)} of open time not counted"
        return f"{span}  {_hours(row.open_for)}, {total} in all"

    def _said(self, at: datetime) -> str:
        local = at.astimezone(zone_named(self.zone))
        return f"{local:%a} {local.isoformat(sep=' ', timespec='minutes' if not local.second else 'seconds')}"


def ledger_of(plan: Plan, pauses: Sequence[Pause] = (), *, zone: str, notes: Iterable[str] = ()) -> Ledger:
    """The ledger of a plan: what has counted up to the due moment, or up to the pause that holds it off."""
    due_at = plan.due_at(pauses)
    if plan.target.unit is Unit.BUSINESS_DAYS:
        rows = tuple(_day_rows(plan, pauses, due_at))
    else:
        rows = tuple(_span_rows(stretches(plan.started_at, plan.segments, pauses), due_at))
    return Ledger(plan.target, plan.started_at, due_at, zone, rows, tuple(notes))


def explain(
    events: Iterable[Event], metric: str, *, zone: str, nth: int | None = None, now: datetime | None = None
) -> Ledger:
    """Why the clock of that metric is due when it is, the last one unless `nth` is given.

    Raises ValueError where the ticket has no such clock, or it has no target.
    """
    life = Life()
    for event in sorted(events, key=lambda each: each.at):
        life.append(event)
    found = [each for each in life.running if each.metric == metric and nth in {None, each.nth}]
    plan = found[-1].binding(found[-1].ended_at or now) if found else None
    if plan is None:
        raise ValueError(f"the ticket has no {metric.replace('_', ' ')} clock with a target")
    clock = found[-1]
    spoken = ", ".join(f"{due_at:%Y-%m-%d %H:%M}Z" for due_at in clock.previous)
    notes = [f"moved by a change; due before that: {spoken}"] if clock.previous else []
    if clock.rebased:
        notes.append("rebased: counted from its start it had gone by when it was changed, and nobody is breached so")
    return ledger_of(plan, clock.pauses_until(clock.ended_at), zone=zone, notes=notes)


def _hours(length: timedelta) -> str:
    """Counted time has no days: 26 hours of it can be four days."""
    hours, rest = divmod(length, timedelta(hours=1))
    said = f"{hours} hour" + ("" if hours == 1 else "s")
    if not hours:
        return in_words(rest)
    return f"{said} {in_words(rest)}" if rest >= timedelta(seconds=1) else said


def _span_rows(cut: Iterable[Stretch], due_at: datetime | None, total_for: timedelta = NO_TIME) -> Iterator[Row]:
    for stretch in cut:
        if due_at is not None and stretch.begins_at >= due_at:
            return
        ends_at = stretch.ends_at if due_at is None or (stretch.ends_at and stretch.ends_at < due_at) else due_at
        if ends_at is None:
            return
        if stretch.paused:
            taken = stretch.calendar.between(stretch.begins_at, ends_at)
            yield Row(Kind.PAUSED, stretch.begins_at, ends_at, taken, total_for)
            continue
        for opens_at, closes_at in stretch.calendar.spans(stretch.begins_at, ends_at):
            total_for += closes_at - opens_at
            yield Row(Kind.OPEN, opens_at, closes_at, closes_at - opens_at, total_for)


def _day_rows(plan: Plan, pauses: Sequence[Pause], due_at: datetime | None) -> Iterator[Row]:
    days = plan.business_days()
    for number, day_at in enumerate(days, start=1):
        yield Row(Kind.BUSINESS_DAY, day_at, day_at, NO_TIME, timedelta(days=number))
    for stretch in stretches(plan.started_at, plan.segments, pauses):
        if stretch.paused and stretch.ends_at and stretch.begins_at < days[-1]:
            ends_at = min(stretch.ends_at, days[-1])
            taken = stretch.calendar.between(stretch.begins_at, ends_at)
            yield Row(Kind.PAUSED, stretch.begins_at, ends_at, taken, NO_TIME)
    if due_at != days[-1]:
        yield from _span_rows(stretches(days[-1], plan.segments, pauses), due_at)
