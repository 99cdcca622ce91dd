"""What is a finished message, who may see it, and what comes first when many wait?

A message is rendered when it is enqueued; a card, which says how a ticket stands, when it leaves. What was said is kept
either way, so that it can be audited; only the relay sends it.
"""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, ClassVar

Block = dict[str, Any]
"""One Block Kit block as Slack takes it."""


class Kind(StrEnum):
    """What a message is for. Its metadata bears `watchbell_` and this word."""

    RECEIPT = "receipt"
    QUESTION = "question"
    PAGE = "page"
    CARD = "card"
    UPDATE = "update"
    ESCALATION = "escalation"
    RESOLUTION = "resolution"
    CLOSING = "closing"
    REPLY = "reply"
    ALARM = "alarm"
    NOTICE = "notice"

    @property
    def event_type(self) -> str:
        """The `event_type` of the message's metadata in Slack."""
        return f"watchbell_{self.value}"


class Visibility(StrEnum):
    """Who may read a message: a customer's people too, or only ours."""

    CUSTOMER = "customer"
    INTERNAL = "internal"


class Priority(IntEnum):
    """What leaves first when Slack is slow: pages, Sev 1 updates, replies, edits, the rest."""

    PAGE = 0
    UPDATE = 1
    REPLY = 2
    EDIT = 3
    REST = 4


@dataclass(frozen=True, slots=True)
class Message:
    """A finished message. `text` says the whole thing (notifications, screen readers) and names the ticket."""

    kind: Kind
    text: str
    blocks: tuple[Block, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class CustomerMessage(Message):
    """A message that a customer's people may read: it holds nothing internal."""

    visibility: ClassVar[Visibility] = Visibility.CUSTOMER


@dataclass(frozen=True, slots=True)
class InternalMessage(Message):
    """A message for our own people. The relay refuses to post it where a customer reads."""

    visibility: ClassVar[Visibility] = Visibility.INTERNAL


AnyMessage = CustomerMessage | InternalMessage
"""Every message is one of the two: there is no message of unknown audience."""


@dataclass(frozen=True, slots=True)
class Unworded:
    """A message that says how things stand when it leaves: its readers are known, its words are found then."""

    kind: Kind
    visibility: Visibility
