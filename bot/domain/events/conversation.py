"""What was said on a ticket, and by which side?"""

from dataclasses import dataclass
from typing import Literal

from bot.domain.events.words import Words


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
class NeverCame:
    """Slack will never take what was for the customer: the `kind` of message and why; what it did to the clocks stays.

    `message` names the reply, where it is one.
    """

    kind: str
    why: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class LeakNoticed:
    """Words for the customer held something of ours or of others; `found` are kinds, never the words themselves.

    `where` is the form or the thread; `asked` says that the author was shown it first and sent it anyway.
    """

    where: str
    found: tuple[str, ...]
    asked: bool


@dataclass(frozen=True, slots=True)
class DetailsAdded:
    """Required metadata arrived (ledger IN-3): `fields_given` names what was filled in."""

    fields_given: tuple[str, ...]
    text: Words
    message: str = ""
    """The message that carries them into the room together with their files, where files came along."""


@dataclass(frozen=True, slots=True)
class DetailsRead:
    """Required metadata stood in a message (ledger IN-3); its words are the message's."""

    message: str
    fields_given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SplitOff:
    """Messages of this ticket's are another problem, and became a ticket of their own."""

    ticket: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Continues:
    """This ticket goes on from another: messages were split off from it, or it was over when somebody wrote again."""

    ticket: str
    how: Literal["split", "written"]
