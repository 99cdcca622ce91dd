"""What happened to a ticket? Each event becomes one row of the timeline, and a decision who hears of it.

Fields hold facts. What people wrote is typed `Words`: the trail keeps only its salted digest, so that a person's words
can be erased and the proof stays (see store/trail.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

from bot.domain.ticket import Severity, Source

Words = NewType("Words", str)
"""What a person wrote. Never a fact that a rule decides on."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A customer's problem became a ticket. Everything that its clocks need is in this row.

    `written_at` is when the customer wrote it: earlier than the row's own moment where the desk was away meanwhile.
    """

    written_at: datetime
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
    """The people of a level, or of a duty, were paged. `round` counts how often the whole chain was walked."""

    escalation: str
    level: int
    attempt: int
    round: int
    people: tuple[str, ...]
    duty: str = ""


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
    duty: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Somebody has it. `after_for` counts from the first page of this chain."""

    escalation: str
    level: int
    after_for: timedelta
    duty: str = ""


@dataclass(frozen=True, slots=True)
class PageDeclined:
    """Somebody who was paged cannot take it."""

    escalation: str
    level: int
    duty: str = ""


@dataclass(frozen=True, slots=True)
class Released:
    """Whoever had it gave it back: the pages begin again."""

    before: str


@dataclass(frozen=True, slots=True)
class Snoozed:
    """An acknowledged ticket may be quiet until a moment, for a reason; it ends by itself and changes no rhythm."""

    until: datetime
    reason: Words


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
class Declined:
    """Triage found that the ticket is none of ours to work on; the reason is the customer's to read (ledger SV-5)."""

    reason: Words


@dataclass(frozen=True, slots=True)
class Merged:
    """It is the same problem as another ticket, which goes on in its place (R14)."""

    into: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Absorbed:
    """Another ticket went into this one; `starts` are the starts of its open clocks by metric (R14)."""

    ticket: str
    starts: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Rebased:
    """The ticket pins another version of its handbook now; open clocks are recomputed on it (R7)."""

    before: str
    handbook: str


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
    | Released
    | Snoozed
    | StoodDown
    | UpdateAsked
    | UpdateWritten
    | UpdatePosted
    | Resolved
    | Reopened
    | Closed
    | Declined
    | Merged
    | Absorbed
    | Rebased
    | Breached
    | Warned
    | AnalysisAsked
    | BreachAnalysed
    | Excused
)
