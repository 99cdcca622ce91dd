"""How does one clock run from its start to its end, through regrades, changes of tier and pauses?"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.counting import Pause, Plan, Segment, counted_until, stretches
from bot.domain.sla import Clock, Excused, Metric, State, Terms
from bot.domain.target import Target, Unit


class Ending(StrEnum):
    """What ended a clock: the act it asks for, the ticket's end without that act, a merge, or a loss of purpose."""

    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    MERGED = "merged"
    CANCELLED = "cancelled"


ENDED_STATES = {
    Ending.ANSWERED: State.MET,
    Ending.UNANSWERED: State.CLOSED_WITHOUT_RESPONSE,
    Ending.MERGED: State.MERGED,
    Ending.CANCELLED: State.CANCELLED,
}


@dataclass(slots=True)
class Running:
    """A clock under way: each event changes it in place, `read` gives the value that others see.

    `plans` holds one way to count after a usual change, more after a rebase: the earliest due moment binds (R10).
    `promised` is whether it had a target at any time.
    """

    metric: str
    nth: int
    severity: str
    started_at: datetime
    terms: Terms
    pauses: list[Pause]
    plans: tuple[Plan, ...] = ()
    eras: list[tuple[datetime, Terms, Unit]] = field(default_factory=list)
    promised: bool = False
    rebased: bool = False
    previous: tuple[datetime, ...] = ()
    breached_at: datetime | None = None
    not_before: datetime | None = None
    ended_at: datetime | None = None
    ending: Ending | None = None
    excused: Excused | None = None
    unseen: list[tuple[str, Terms, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        target = self.terms.target(self.metric)
        self.eras = [(self.started_at, self.terms, target.unit if target else Unit.COUNTED)]
        if target:
            self._replan((self._plan(self.started_at, target),))

    @property
    def is_open(self) -> bool:
        """Whether nothing has ended it yet."""
        return self.ended_at is None

    def settle(self, at: datetime) -> None:
        """Record a due moment that went by before `at`: whatever follows, that breach stays (R5, R8)."""
        if self.breached_at is not None or not self.is_open or (self.not_before and self.not_before >= at):
            return
        # Pauses only put a due moment off, so that what was found once stands until the plans change.
        self.not_before = self.due_at()
        if self.not_before is not None and self.not_before < at:
            self.breached_at = self.not_before

    def end(self, at: datetime, ending: Ending) -> None:
        """End it at `at`; exactly at due is in time (R5)."""
        if self.is_open:
            self.settle(at)
            self.ended_at, self.ending = at, ending

    def resume(self, at: datetime) -> None:
        """Take it up again after a reopening, with the time already used (R13)."""
        self.ended_at = self.ending = None
        unseen, self.unseen = self.unseen, []
        for severity, terms, new_era in unseen:
            self.change(at, severity, terms, new_era=new_era)

    def change(self, at: datetime, severity: str, terms: Terms, *, new_era: bool) -> None:
        """Regrade it (R10), or with `new_era` change its tier, which keeps the time used on the old calendar (R11)."""
        if not self.is_open:
            self.unseen.append((severity, terms, new_era))
            return
        self.settle(at)
        target = terms.target(self.metric)
        self.severity, self.terms = severity, terms
        unit = target.unit if target else self.eras[-1][2]
        if new_era:
            self.eras.append((at, terms, unit))
        else:
            self.eras = [(begins_at, old, unit) for begins_at, old, _ in self.eras]
            self.eras[-1] = (self.eras[-1][0], terms, unit)
        if target is None:
            self._replan(())
        elif terms.regrade == "from_change" and not new_era:
            self._replan((self._plan(at, target),))
        else:
            self._recompute(at, target)

    def start_earlier(self, at: datetime, started_at: datetime) -> None:
        """Keep the earlier start of a ticket that was merged into this one at `at` (R14)."""
        if not self.is_open or started_at >= self.started_at:
            return
        self.settle(at)
        self.started_at = started_at
        target = self.terms.target(self.metric)
        if target:
            self._recompute(at, target)

    def due_at(self, as_of: datetime | None = None) -> datetime | None:
        """When it falls due by the pauses known, those still open counted as ending at `as_of` where given."""
        return self._bound(self.pauses_until(as_of))[1]

    def binding(self, as_of: datetime | None = None) -> Plan | None:
        """The plan that decides the due moment; the latest one while none can be said."""
        return self._bound(self.pauses_until(as_of))[0]

    def read(self, now: datetime) -> Clock:
        """The clock as it stands at `now`."""
        at = now if self.ended_at is None else self.ended_at
        pauses = self.pauses_until(self.ended_at)
        plan, due_at = self._bound(pauses)
        used_for, paused_for = self._spent(at)
        breached_at = self.breached_at
        if breached_at is None and due_at is not None and due_at < at:
            breached_at = due_at
        return Clock(
            metric=self.metric,
            nth=self.nth,
            severity=self.severity,
            target=self.terms.target(self.metric),
            started_at=self.started_at,
            due_at=due_at,
            warn_at=self._warn_at(plan, pauses),
            state=self._state(breached=breached_at is not None, at=at),
            ended_at=self.ended_at,
            breached_at=breached_at,
            rebased=self.rebased,
            excused=self.excused,
            used_for=used_for,
            paused_for=paused_for,
            left_for=self._left_for(at) if self.is_open else None,
            previous=self.previous,
        )

    def _recompute(self, at: datetime, target: Target) -> None:
        """R10: from the start; where that has gone by, the earlier of the old due and the new time from now."""
        plan = self._plan(self.started_at, target)
        due_at = plan.due_at(self.pauses_until(None))
        if due_at is None or due_at > at:
            self._replan((plan,))
        else:
            self._replan((*self.plans, self._plan(at, target)), rebased=True)

    def _replan(self, plans: tuple[Plan, ...], *, rebased: bool = False) -> None:
        old_due_at = self.due_at()
        self.not_before = None
        self.plans, self.rebased, self.promised = plans, rebased, self.promised or bool(plans)
        if old_due_at is not None and old_due_at != self.due_at():
            self.previous += (old_due_at,)

    def _plan(self, started_at: datetime, target: Target, unit: Unit | None = None) -> Plan:
        return Plan(started_at, target, self._segments(unit))

    def _segments(self, unit: Unit | None = None) -> tuple[Segment, ...]:
        return tuple(Segment(begins_at, terms.calendar_of(unit or era)) for begins_at, terms, era in self.eras)

    def pauses_until(self, as_of: datetime | None) -> tuple[Pause, ...]:
        """The pauses that bear on this metric (R9), none of them beyond `as_of` where a moment is given."""
        if self.metric != Metric.RESOLUTION:
            return ()
        if as_of is None:
            return tuple(self.pauses)
        return tuple(
            Pause(pause.begins_at, as_of if pause.ends_at is None else min(pause.ends_at, as_of))
            for pause in self.pauses
            if pause.begins_at < as_of
        )

    def _bound(self, pauses: tuple[Pause, ...]) -> tuple[Plan | None, datetime | None]:
        """The plan that decides the due moment, and that moment; the latest plan while none can be said."""
        dues = [(due, plan) for plan in self.plans if (due := plan.due_at(pauses)) is not None]
        if dues:
            due_at, plan = min(dues, key=lambda each: each[0])
            return plan, due_at
        return (self.plans[-1] if self.plans else None), None

    def _warn_at(self, plan: Plan | None, pauses: tuple[Pause, ...]) -> datetime | None:
        if plan is None:
            return None
        warning = self.terms.warning(self.metric)
        if isinstance(warning, Target):
            return self._plan(plan.started_at, warning, warning.unit).due_at(pauses)
        return plan.warn_at(warning, pauses)

    def _spent(self, at: datetime) -> tuple[timedelta, timedelta]:
        """The counted time and the open time that pauses took, from the start until `at`."""
        segments, pauses = self._segments(), self.pauses_until(self.ended_at)
        used_for = counted_until(at, stretches(self.started_at, segments, pauses))
        return used_for, counted_until(at, stretches(self.started_at, segments, ())) - used_for

    def _left_for(self, at: datetime) -> timedelta | None:
        pauses = self.pauses_until(at)
        plan, due_at = self._bound(pauses)
        if plan is None or due_at is None:
            return None
        if due_at < at:
            return -plan.counted_between(due_at, at, pauses)
        return plan.counted_between(at, due_at, ())

    def _state(self, *, breached: bool, at: datetime) -> State:
        if self.ending is Ending.MERGED:
            return State.MERGED
        if breached:
            return State.BREACHED if self.is_open else State.MISSED
        if self.ending is not None:
            return ENDED_STATES[self.ending]
        if not self.plans:
            return State.CANCELLED
        paused = any(each.begins_at <= at and each.ends_at is None for each in self.pauses_until(None))
        return State.PAUSED if paused else State.RUNNING
