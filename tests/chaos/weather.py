"""How do Slack, the database and the clock misbehave meanwhile? At random, and each of it ends again."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psycopg

from bot.store.engine import parse_url
from tests.sandbox.script import Script

FAULTS: tuple[dict[str, object], ...] = (
    {"kind": "429", "times": 3, "retry_after": 5},
    {"kind": "429", "method": "chat.postMessage", "times": 8, "retry_after": 20},
    {"kind": "500", "times": 3},
    {"kind": "500", "method": "chat.postMessage", "times": 6},
    {"kind": "500", "method": "chat.update", "times": 4},
    {"kind": "duplicate", "times": 10},
    {"kind": "reorder", "times": 6},
    {"kind": "drop_sockets"},
    {"kind": "refresh"},
    {"kind": "away", "for": "2 minutes"},
)
SILENT = ("timeout_before", "timeout_after")
SLOW: tuple[dict[str, object], ...] = (
    {"kind": "timeout_after", "method": "chat.postMessage", "times": 3},
    {"kind": "timeout_before", "method": "chat.postMessage", "times": 3},
    {"kind": "timeout_after", "method": "chat.update", "times": 2},
    {"kind": "timeout_after", "times": 2},
)
"""What takes ten real seconds: Slack says nothing until we give up."""


@dataclass
class Weather:
    """`slow` is how often Slack may say nothing at all."""

    script: Script
    database: str
    full: Path
    chance: Random
    slow: int
    seen: Counter[str] = field(default_factory=Counter)

    def changes(self) -> None:
        """Let something go wrong."""
        kinds: list[Callable[[], None]] = [self._slack, self._slack, self._slack, self._cut]
        if self.slow:
            kinds.append(self._silence)
        self.chance.choice(kinds)()

    def disk_is_full(self) -> bool:
        """Whether nothing can be written now."""
        return self.full.exists()

    def makes_room(self) -> None:
        """Let the disk take something again."""
        self.full.unlink(missing_ok=True)

    def keeps_away(self) -> bool:
        """Whether Slack lets nobody in for a while."""
        return any(each["kind"] == "away" for each in self.script.ask("/faults")["faults"])

    def clears(self) -> None:
        """Let everything work again."""
        self.makes_room()
        assert self.script.ask("/faults", {"clear": True})["ok"]

    def _slack(self) -> None:
        self._order(self.chance.choice(FAULTS))

    def _silence(self) -> None:
        self.slow -= 1
        self._order(self.chance.choice(SLOW))

    def _order(self, fault: dict[str, object]) -> None:
        self.seen[str(fault["kind"])] += 1
        assert self.script.ask("/faults", fault)["ok"]

    def _cut(self) -> None:
        """End every connection to PostgreSQL; let SQLite's disk be full until somebody makes room."""
        url = parse_url(self.database)
        if url.get_backend_name() == "sqlite":
            self.seen["disk full"] += 1
            self.full.touch()
            return
        self.seen["database cut"] += 1
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
