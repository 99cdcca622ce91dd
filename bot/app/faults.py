"""At which instants can a running process be ended, or made to fail, by whoever started it?

Tests only: a desk passes these points where a fault was handed to `runtime.start`, and no setting does that.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.delivery.sent import Sent
from bot.delivery.slack import Sender
from bot.store.tables import OutboxRow

Fault = Callable[[str], None]
"""Called with the name of each point that a thread passes; it may raise, wait, or never come back."""

POINTS = (
    "commit.before",
    "commit.after",
    "ack.before",
    "ack.after",
    "send.before",
    "send.after",
    "look_up.before",
    "look_up.after",
)
"""Every point: around each commit, each acknowledgement of an envelope, each send and each look-up before a repeat."""


@dataclass(frozen=True, slots=True)
class PassingSender:
    """A sender that passes a point before and after each call that leaves a trace, or looks for one."""

    sender: Sender
    fault: Fault

    def send(self, row: OutboxRow) -> Sent:
        """Makes it visible; raises what the sender raises."""
        self.fault("send.before")
        sent = self.sender.send(row)
        self.fault("send.after")
        return sent

    def look_up(self, row: OutboxRow) -> Sent | None:
        """Where an earlier attempt put it; raises what the sender raises."""
        self.fault("look_up.before")
        found = self.sender.look_up(row)
        self.fault("look_up.after")
        return found

    def is_external(self, lane: str) -> bool:
        """Whether people of another organisation read there; raises what the sender raises."""
        return self.sender.is_external(lane)
