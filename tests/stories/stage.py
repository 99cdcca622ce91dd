"""How does a test get the whole bot on its local workspace: in this process, or as one that can be killed?"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.app import runtime
from bot.app.local import DIRECTORY, settings_for
from bot.app.workspace import manifest
from bot.sandbox.server import Address, Server
from bot.sandbox.workspace import KEPT_MESSAGES, Workspace
from tests import forked
from tests.forked import Ended, Forked, command_line
from tests.sandbox.script import Script
from tests.stories.play import Play

MONDAY = datetime(2026, 1, 5, 14, 0, tzinfo=UTC)
"""Ana is on call, New York is at work, and nothing of any holiday is near."""


@contextmanager
def workspace(*, start_at: datetime = MONDAY, kept: int = KEPT_MESSAGES) -> Iterator[Address]:
    """The local workspace alone, as strict as it gets; it remembers so many messages of a channel."""
    with Server(start_at=start_at, manifest=manifest(), workspace=Workspace(kept=kept)) as address:
        yield address


@contextmanager
def desk(
    address: Address, database: str, *, http: bool = False, directory: Path | None = None, handbook: str | None = None
) -> Iterator[runtime.Runtime]:
    """The whole desk in this process, on a workspace and an empty migrated database."""
    given = {name: value for name, value in (("directory", directory), ("handbook", handbook)) if value}
    settings = settings_for(address, database, http=http).model_copy(update=given)
    script = Script(address.control_url)
    with runtime.running(settings) as running:
        if http:
            script.ask("/app", {"request_url": f"{running.url}/slack/events"})
        yield running


@dataclass
class Bot:
    """Bot processes on a workspace, to be started, killed and asked things on the command line."""

    address: Address
    database: str
    folder: Path
    directory: Path = DIRECTORY
    running: list[Forked] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """What a process is told of where it is."""
        return {
            **os.environ,
            "SLACK_BOT_TOKEN": self.address.bot_token,
            "SLACK_APP_TOKEN": self.address.app_token,
            "SLACK_SIGNING_SECRET": self.address.signing_secret,
            "SLACK_API_URL": self.address.api_url,
            "CLOCK_URL": self.address.control_url,
            "DATABASE_URL": self.database,
            "DIRECTORY": str(self.directory),
            "HOST": "127.0.0.1",
            "PORT": "0",
            "LOG_LEVEL": "WARNING",
        }

    def start(self, *words: str, begin: Callable[[tuple[str, ...]], None] = command_line) -> Forked:
        """Start one more process, `bot run` or what is named, and wait until it listens and has caught up."""
        script = Script(self.address.control_url)
        # The folder holds no `.env` of a developer's.
        process = Forked(*(words or ("run",)), env=self.environment(), folder=self.folder, begin=begin)
        self.running.append(process)
        joined = {"ok": False}
        # A busy machine may need longer than the workspace waits at a time.
        while not joined["ok"] and process.poll() is None:
            joined = script.ask("/app", {"await_connections": len(self.running)})
        assert joined["ok"], f"the bot ended: {process.wait()}"
        script.clock(advance=0)
        return process

    def kill(self, process: Forked | None = None) -> None:
        """`kill -9`, in the middle of whatever it does."""
        victim = process or self.running[-1]
        victim.kill()
        victim.wait()
        self.running.remove(victim)

    def ends(self, process: Forked, *, within: float = 60) -> Ended:
        """End it with SIGTERM, and how it ended; fails where it has not after so many seconds."""
        process.signal(signal.SIGTERM)
        self.running.remove(process)
        return process.wait(within)

    def asked(self, *words: str) -> Ended:
        """What the command line answers."""
        return forked.run(*words, env=self.environment(), folder=self.folder)

    def stop(self) -> None:
        """Kill what still runs."""
        for process in list(self.running):
            self.kill(process)


def play_on(address: Address) -> Play:
    return Play(address.control_url)
