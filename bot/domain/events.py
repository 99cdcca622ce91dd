"""What happened to a ticket? Each event becomes one row of the timeline, and a decision who hears of it.

Fields hold facts. What people wrote is typed `Words`: the trail keeps only its salted digest, so that a person's words
can be erased and the proof stays (see store/trail.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NewType, get_args

from bot.domain.ticket import Severity, Source

Words = NewType("Words", str)
"""What a person wrote. Never a fact that a rule decides on."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A customer's problem became a ticket. Everything that its clocks need is in this row."""

    customer: str
    severity: Severity
    category: str
    source: Source
    tier: str
    zone: str
    handbook: str
    summary: Words
    requester: str


@dataclass(frozen=True, slots=True)
class CustomerWrote:
    """Somebody of the customer wrote on the ticket. `courtesy` marks a thank-you that asks for nothing."""

    message: str
    text: Words
    courtesy: bool = False


@dataclass(frozen=True, slots=True)
class Replied:
    """A person of ours answered in public: this is what ends a response clock (R12)."""

    message: str
    text: Words


@dataclass(frozen=True, slots=True)
class Noted:
    """A person of ours wrote an internal note."""

    message: str
    text: Words


@dataclass(frozen=True, slots=True)
class Edited:
    """The author changed a message."""

    message: str
    text: Words


@dataclass(frozen=True, slots=True)
class Deleted:
    """The author removed a message in Slack; what it did to the clocks stays (R12)."""

    message: str


@dataclass(frozen=True, slots=True)
class DetailsAdded:
    """Required metadata arrived (ledger IN-3): `fields_given` names what was filled in."""

    fields_given: tuple[str, ...]
    text: Words


@dataclass(frozen=True, slots=True)
class Regraded:
    """Support changed the severity, with a reason; clocks are recomputed (R10)."""

    before: Severity
    after: Severity
    reason: Words


@dataclass(frozen=True, slots=True)
class Claimed:
    """Somebody of ours owns the ticket now."""

    owner: str
    before: str | None


@dataclass(frozen=True, slots=True)
class WorkStarted:
    """A person of ours began to work on it: this ends the two-hour rule's clock (service policy §Severity 1)."""


@dataclass(frozen=True, slots=True)
class WaitingStarted:
    """We wait for the customer, for a reason that pauses resolution (R9)."""

    reason: str


@dataclass(frozen=True, slots=True)
class WaitingEnded:
    """The reason to wait is gone."""

    reason: str


@dataclass(frozen=True, slots=True)
class Escalated:
    """A chain of pages began at a level, or a running one was raised to it."""

    escalation: str
    level: int
    before: int | None
    trigger: str
    reason: Words


@dataclass(frozen=True, slots=True)
class EscalationAsked:
    """Somebody of the customer asked for an escalation that needs one click of ours."""

    reason: Words


@dataclass(frozen=True, slots=True)
class Paged:
    """The people of a level were paged. `round` counts how often the whole chain was walked."""

    escalation: str
    level: int
    attempt: int
    round: int
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevelSkipped:
    """A level had nobody to page and was passed over at once, out loud."""

    escalation: str
    level: int
    why: str


@dataclass(frozen=True, slots=True)
class Exhausted:
    """Every level was paged and nobody acknowledged: an alarm of its own, and the chain goes round again."""

    escalation: str
    round: int


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Somebody has it. `after_for` counts from the first page of this chain."""

    escalation: str
    level: int
    after_for: timedelta


@dataclass(frozen=True, slots=True)
class PageDeclined:
    """Somebody who was paged cannot take it."""

    escalation: str
    level: int


@dataclass(frozen=True, slots=True)
class StoodDown:
    """The chain ended without an acknowledgement because there is nothing left to page for."""

    escalation: str
    why: str


@dataclass(frozen=True, slots=True)
class UpdateAsked:
    """The owner was asked for the words of the next customer update."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class UpdateWritten:
    """A person of ours wrote what the next update says."""

    text: Words


@dataclass(frozen=True, slots=True)
class UpdatePosted:
    """The customer got the update that was due. `missed` counts those that an outage swallowed before this one (R6)."""

    due_at: datetime
    nth: int
    written: bool
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Resolved:
    """A person of ours solved it, with a closing note (SLA handbook §Communications)."""

    root_cause: Words
    workaround: Words
    prevention: Words


@dataclass(frozen=True, slots=True)
class Reopened:
    """It is not solved: resolution resumes with the time already used (R13)."""


@dataclass(frozen=True, slots=True)
class Closed:
    """It is over. `how` is `confirmed` or `silence`."""

    how: str


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


def _snake(name: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name).lstrip("_")


Event = (
    Opened
    | CustomerWrote
    | Replied
    | Noted
    | Edited
    | Deleted
    | DetailsAdded
    | Regraded
    | Claimed
    | WorkStarted
    | WaitingStarted
    | WaitingEnded
    | Escalated
    | EscalationAsked
    | Paged
    | LevelSkipped
    | Exhausted
    | Acknowledged
    | PageDeclined
    | StoodDown
    | UpdateAsked
    | UpdateWritten
    | UpdatePosted
    | Resolved
    | Reopened
    | Closed
    | Breached
    | Warned
)


ERASED = Words("(erased)")
"""What stands in for words that were taken out of the record."""

KINDS: Mapping[str, type[Event]] = MappingProxyType({_snake(kind.__name__): kind for kind in get_args(Event)})
"""Every event by the timeline's word for it."""


def kind_of(event: Event) -> str:
    """Give the timeline's word for an event: `CustomerWrote` is `customer_wrote`."""
    return _snake(type(event).__name__)


def revived(kind: str, facts: Mapping[str, Any], words: Mapping[str, str]) -> Event:
    """Make an event again from a row of the timeline; words that were erased read as such."""
    made = KINDS[kind]
    values: dict[str, Any] = {}
    for item in fields(made):
        if item.type is Words:
            values[item.name] = Words(words.get(item.name, ERASED))
        elif item.type is datetime:
            values[item.name] = datetime.fromisoformat(facts[item.name])
        elif item.type is timedelta:
            values[item.name] = timedelta(seconds=facts[item.name])
        elif item.type == tuple[str, ...]:
            values[item.name] = tuple(facts[item.name])
        elif isinstance(item.type, type) and issubclass(item.type, StrEnum):
            values[item.name] = item.type(facts[item.name])
        else:
            values[item.name] = facts[item.name]
    return made(**values)


def split(event: Event) -> tuple[dict[str, object], dict[str, Words]]:
    """Part an event's plain facts from the words of people."""
    facts: dict[str, object] = {}
    words: dict[str, Words] = {}
    for item in fields(event):
        value = getattr(event, item.name)
        if item.type is Words:
            words[item.name] = Words(value)
        else:
            facts[item.name] = value
    return facts, words
