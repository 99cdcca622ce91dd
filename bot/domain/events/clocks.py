"""Which promises were nearly or really broken, and what was made of it?"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.events.words import Words


@dataclass(frozen=True, slots=True)
class Breached:
    """A target passed unmet. `due_at` is when; the row's own moment is when we noticed (R6)."""

    metric: str
    nth: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Warned:
    """A target is about to be missed (SLA handbook §Definitions: the SLO is stricter than the SLA)."""

    metric: str
    nth: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class AnalysisAsked:
    """Somebody was asked why targets were missed and what is done about it; `breaches` are `metric:nth` (SL-9)."""

    breaches: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BreachAnalysed:
    """Why the targets were missed, and the remediation action: what, by whom of ours, until which date (SL-9)."""

    breaches: tuple[str, ...]
    owner: str
    until: str
    cause: Words
    action: Words


@dataclass(frozen=True, slots=True)
class Excused:
    """A manager excused the latest breach of a metric; it stays a breach and is reported apart (R8)."""

    metric: str
    nth: int
    reason: Words
