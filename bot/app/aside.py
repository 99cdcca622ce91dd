"""May this process do work, or has a newer program taken over?

While a new release comes up, the database is migrated first, and processes of the old program run on. They go on
hearing Slack: what it brings is committed and acknowledged. They claim nothing more: no deadline, no message, no event
out of the inbox, since they may not know what the new program writes there. Migrations only ever add (see
store/migrations), so that the old statements go on working.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.scheduler import Loop
from bot.store.database import Database

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 1.0
"""How long an answer holds: a migration is noticed at the latest after this."""


class Aside:
    """Says whether this process stands aside; asks the database now and then. Once it does, it does for good."""

    def __init__(self, db: Database, *, every_seconds: float = LOOK_EVERY_SECONDS) -> None:
        self._db = db
        self._every = every_seconds
        self._looked: float | None = None
        self._aside = False

    def now(self) -> bool:
        """Whether the database belongs to a newer program by now."""
        if self._aside or (self._looked is not None and time.monotonic() - self._looked < self._every):
            return self._aside
        self._looked = time.monotonic()
        self._aside = self._db.is_ahead()
        if self._aside:
            log.warning("stands_aside", why="a newer program has migrated the database; this one only hears Slack now")
        return self._aside

    def loop(self, loop: Loop) -> Loop:
        """The same loop, which finds nothing to do while this process stands aside."""

        def next_at(now: datetime) -> datetime | None:
            return None if self.now() else loop.next_at(now)

        return replace(loop, step=lambda now: not self.now() and loop.step(now), next_at=next_at)

    def chore(self, chore: Callable[[], object]) -> Callable[[], None]:
        """The same chore, left out while this process stands aside."""

        def run() -> None:
            if not self.now():
                chore()

        return run
