"""How long, and how often, may the app answer an interaction at its response_url?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.errors import SlackError
from bot.sandbox.message import Message

LIVES_FOR = timedelta(minutes=30)
USES = 5


@dataclass(slots=True)
class ResponseUrl:
    """Where the app may answer an interaction: five uses within thirty simulated minutes."""

    channel: str
    user: str
    message: Message | None
    until: datetime
    uses_left: int = USES

    def use(self, *, now: datetime) -> None:
        """Uses it once; raises SlackError used_url or expired_url."""
        if now > self.until:
            raise SlackError("expired_url")
        if self.uses_left == 0:
            raise SlackError("used_url")
        self.uses_left -= 1
