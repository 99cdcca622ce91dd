"""Which status updates were asked for, written and posted?"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.events.words import Words


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
