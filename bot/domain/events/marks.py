"""What did people of ours mark on a ticket, and whom of the customer's did that call in?"""

from dataclasses import dataclass

from bot.domain.events.words import Words
from bot.domain.mark import Mark


@dataclass(frozen=True, slots=True)
class Marked:
    """A person of ours stated something of the ticket that the handbook may answer; `reason` is what they saw."""

    mark: Mark
    reason: Words


@dataclass(frozen=True, slots=True)
class Unmarked:
    """It turned out otherwise; whoever was called stays called."""

    mark: Mark
    reason: Words


@dataclass(frozen=True, slots=True)
class CustomerContacted:
    """The customer's own contacts of a kind were written to, by these media beside Slack, or are called.

    `people` are the directory's ids; `said` is what we asked of them. Source: service policy §Severity 1 (ledger PG-5).
    """

    contacts: str
    people: tuple[str, ...]
    media: tuple[str, ...]
    called: bool
    said: Words
