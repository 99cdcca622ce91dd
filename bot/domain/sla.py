"""What is promised, what has happened, and what does a clock say about it?

The values of the clocks: events of a ticket's log go in, clocks come out; `sla_clocks` holds the rules between them.
Which act is which event is for the caller to say by rule R12: `Replied` is a public reply that a person of ours wrote
or approved, and nothing else is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from bot.domain.business_calendar import Calendar
from bot.domain.counting import calendar_for
from bot.domain.target import Target, TargetRange, Unit, elapsed

WARN_PART = Fraction(4, 5)


class Metric(StrEnum):
    """What a clock measures; the window of an escalation level is the metric `level_metric(n)`."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"
    WORKED = "worked"


class State(StrEnum):
    """How a clock stands: a fact of the log and the moment asked (R5, R6, R8).

    `running`, `paused` and `breached` are open; the others have ended, `missed` too late.
    """

    RUNNING = "running"
    PAUSED = "paused"
    BREACHED = "breached"
    MET = "met"
    MISSED = "missed"
    CLOSED_WITHOUT_RESPONSE = "closed_without_response"
    MERGED = "merged"
    CANCELLED = "cancelled"


OPEN_STATES = frozenset({State.RUNNING, State.PAUSED, State.BREACHED})


ACKNOWLEDGE = "acknowledge"
"""The metric of a chain of pages: from its first page to somebody's word that they have it. No promise to anybody."""


def level_metric(level: int) -> str:
    """The name of the metric for the response window of an escalation level."""
    return f"level_{level}"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the pinned handbook promises for one tier and severity.

    `targets` and `warn` are keyed by metric; a warning is a stricter target or a part of the counted time, four fifths
    where none is given (internal only). `worked_for` is elapsed. `pauses` are the reasons that stop the
    resolution clock. `own` are the terms of metrics that another tier promises, or that have a target of their own.
    """

    calendar: Calendar
    business_calendar: Calendar
    targets: Mapping[str, Target | TargetRange] = field(default_factory=dict)
    warn: Mapping[str, Target | Fraction] = field(default_factory=dict)
    worked_for: timedelta | None = None
    regrade: Literal["from_start", "from_change"] = "from_start"
    pauses: frozenset[str] = frozenset({"waiting_for_customer"})
    own: Mapping[str, "Terms"] = field(default_factory=dict)

    def of(self, metric: str) -> "Terms":
        """The terms that hold for that metric."""
        return self.own.get(metric, self)

    def target(self, metric: str) -> Target | None:
        """What binds us for that metric: of a range its upper end; None where nothing is promised."""
        if metric == Metric.WORKED:
            return None if self.worked_for is None else elapsed(self.worked_for)
        promised = self.targets.get(metric)
        return promised.sla if isinstance(promised, TargetRange) else promised

    def warning(self, metric: str) -> Target | Fraction:
        """When that metric warns: of a range its lower end, else what the handbook says, else four fifths."""
        given = self.warn.get(metric)
        promised = self.targets.get(metric)
        if given is None and isinstance(promised, TargetRange):
            return promised.slo
        return WARN_PART if given is None else given

    def calendar_of(self, unit: Unit) -> Calendar:
        """The calendar that the unit counts on under these terms (R16, R18)."""
        return calendar_for(unit, support=self.calendar, business=self.business_calendar)


@dataclass(frozen=True, slots=True)
class Opened:
    """The ticket was opened; its text is no response, whoever wrote it."""

    at: datetime
    severity: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class Regraded:
    """The severity was changed; the terms are those of the new one (R10)."""

    at: datetime
    severity: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class TierChanged:
    """The tier or its calendar was changed, or open clocks were re-based on an edited handbook (R7, R11)."""

    at: datetime
    terms: Terms


@dataclass(frozen=True, slots=True)
class CustomerWrote:
    """The customer wrote and now waits for us."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Replied:
    """A person of ours replied where the customer reads it (R12)."""

    at: datetime


@dataclass(frozen=True, slots=True)
class WorkStarted:
    """The ticket was put in progress."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reason to wait began."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """A reason to wait ended; others may still hold."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """The ticket was resolved."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Reopened:
    """A resolved, closed or declined ticket was opened again; `fresh` starts its resolution anew (R13)."""

    at: datetime
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """The ticket was closed."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Declined:
    """Triage found that the ticket is none of ours to promise."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Merged:
    """The ticket went into another, which goes on in its place (R14)."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Absorbed:
    """Another ticket went into this one: `starts` are the starts of its open clocks by metric (R14)."""

    at: datetime
    starts: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Excused:
    """The latest breach of a metric was excused; it stays a breach (R8)."""

    at: datetime
    metric: str
    reason: str
    actor: str


@dataclass(frozen=True, slots=True)
class Engaged:
    """An escalation level was engaged and now owes its response."""

    at: datetime
    level: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class Paged:
    """Somebody was paged by a chain; `within` is how long its first page waits for an acknowledgement, elapsed."""

    at: datetime
    chain: str
    within: timedelta


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Somebody has what that chain paged for."""

    at: datetime
    chain: str


@dataclass(frozen=True, slots=True)
class StoodDown:
    """That chain ended because there is nothing left to page for; of `levels` no response is owed any more."""

    at: datetime
    chain: str
    levels: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenOut:
    """What the customer waits for an answer to is another ticket's now; that one answers it."""

    at: datetime


Event = (
    Opened
    | Regraded
    | TierChanged
    | CustomerWrote
    | Replied
    | WorkStarted
    | Waiting
    | Resumed
    | Resolved
    | Reopened
    | Closed
    | Declined
    | Merged
    | Absorbed
    | Excused
    | Engaged
    | Paged
    | Acknowledged
    | StoodDown
    | TakenOut
)


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock as it stands: moments in UTC, durations in counted time.

    `due_at` and `warn_at` are None while a pause holds them off and where nothing is promised any more; `previous` are
    earlier due moments that a change moved; `left_for` is the counted time to the due moment, negative when overdue and
    None once ended. Source: SLA rules R4 to R17.
    """

    metric: str
    nth: int
    severity: str
    target: Target | None
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    state: State
    ended_at: datetime | None
    breached_at: datetime | None
    rebased: bool
    excused: Excused | None
    used_for: timedelta
    paused_for: timedelta
    left_for: timedelta | None
    previous: tuple[datetime, ...]

    @property
    def is_open(self) -> bool:
        """Whether it still runs, waits or is overdue."""
        return self.state in OPEN_STATES
