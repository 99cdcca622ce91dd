"""Where does something stand in Slack that was sent?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a message stands in Slack; `ts` is None where nothing can be edited later."""

    channel: str | None
    ts: str | None
