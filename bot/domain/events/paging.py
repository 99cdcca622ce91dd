"""Who was paged, and who answered?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.events.words import Words


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
    """The people of a level, or of a duty, were paged. `round` counts how often the whole chain was walked.

    `within` is how long the page waits for an acknowledgement.
    """

    escalation: str
    level: int
    attempt: int
    round: int
    people: tuple[str, ...]
    duty: str = ""
    within: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class LevelSkipped:
    """A level was passed over at once, out loud: nobody was there, or the handbook does not page it just then.

    `planned` is the latter: nobody has to mend it. With a `duty` nobody who holds it was there.
    """

    escalation: str
    level: int
    why: str
    planned: bool = False
    duty: str = ""


@dataclass(frozen=True, slots=True)
class Exhausted:
    """Pages went up to the last level unanswered: an alarm of its own, and the chain goes round again."""

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
    """Whoever had it gave it back, and the pages begin again; or they have `left` the team."""

    before: str
    left: bool = False


@dataclass(frozen=True, slots=True)
class Snoozed:
    """An acknowledged ticket may be quiet until a moment, for a reason; it ends by itself and changes no rhythm."""

    until: datetime
    reason: Words


@dataclass(frozen=True, slots=True)
class StoodDown:
    """The chain ended without an acknowledgement because there is nothing left to page for.

    Of `levels`, by their numbers, no response is owed any more either.
    """

    escalation: str
    why: str
    levels: tuple[str, ...] = ()
