"""How did a ticket go on, from opening to its end?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.events.words import Words
from bot.domain.ticket import Severity, Source


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
class Assigned:
    """The desk itself gave the ticket to somebody; `why` says by which rule, so that it can be checked (LC-4)."""

    owner: str
    before: str | None
    why: str


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
class Rated:
    """The customer said how it went, from 1 (very bad) to 5; `before` is what they had said (ledger FB-1)."""

    score: int
    before: int
    comment: Words


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
class Retiered:
    """The customer's tier or zone changed: time used keeps the old calendar, the rest runs in the new one (R11)."""

    before: str
    tier: str
    zone_before: str
    zone: str


@dataclass(frozen=True, slots=True)
class Rebased:
    """The ticket pins another version of its handbook now; open clocks are recomputed on it (R7)."""

    before: str
    handbook: str
