"""When is what was written while nobody listened read back?"""

import threading
from datetime import datetime, timedelta

from slack_sdk import WebClient

from bot.clock import Clock
from bot.scheduler import Loops
from bot.services.desk import Desk
from bot.slack.readback import read_back

READ_AGAIN_FOR = timedelta(seconds=30)
"""After this a channel that could not be read back is tried again."""


class CatchUp:
    """Reads back what was written while nobody listened: at the start, after each new connection, and now and then."""

    def __init__(self, desk: Desk, clock: Clock, client: WebClient, loops: Loops) -> None:
        self._desk, self._clock, self._client, self._loops = desk, clock, client, loops
        self._wanted = threading.Event()
        self._wanted.set()
        self._again_at: datetime | None = None

    def want(self) -> None:
        """Something may be missing."""
        self._wanted.set()
        self._loops.wake()

    def step(self, now: datetime) -> bool:
        """Read back, whether that was wanted or is due; a channel that could not be read is tried again later."""
        self._wanted.clear()
        self._again_at = now + READ_AGAIN_FOR
        caught = read_back(client=self._client, desk=self._desk, clock=self._clock, bot_user=self._desk.bot_user)
        if not caught.failed:
            self._again_at = None
        return True

    def next_at(self, now: datetime) -> datetime | None:
        """Now where that is wanted, else when a channel that could not be read is tried again."""
        return now if self._wanted.is_set() else self._again_at
