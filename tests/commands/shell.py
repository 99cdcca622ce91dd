"""What does somebody type into a shell of their own, and what do they read?"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from bot.__main__ import cli
from bot.app.local import DIRECTORY
from bot.sandbox.server import Address
from tests import forked

DIRECTORY_TEXT = DIRECTORY.read_text(encoding="utf-8")
ROOT = Path(__file__).parent.parent.parent
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one line on standard error; fails where there is not exactly one, or a traceback."""
        assert "Traceback" not in self.err, self.err
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        return lines[0]


@dataclass(frozen=True, slots=True)
class Shell:
    """An empty folder with an environment of its own, in which somebody types."""

    folder: Path
    environ: dict[str, str]

    def types(self, *words: str, **environ: str) -> Said:
        """A command that ends by itself and leaves nothing behind, in this process: a new one takes a second."""
        done = CliRunner().invoke(cli, list(words), env={**self.environ, **environ}, prog_name="bot")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Said(done.exit_code, done.stdout, done.stderr)

    def runs(self, *words: str, **environ: str) -> Said:
        """A command in a process of its own."""
        done = forked.run(*words, env=self.whole(environ), folder=self.folder)
        return Said(done.returncode, done.stdout, done.stderr)

    def starts(self, *words: str) -> subprocess.Popen[str]:
        """A command that goes on until somebody ends it, from the very first instruction."""
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder, env=self.whole({}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def whole(self, environ: dict[str, str]) -> dict[str, str]:
        """The environment of a process; what is empty counts as absent."""
        return {**os.environ, "PYTHONPATH": str(ROOT), **self.environ, **environ}

    def file(self, name: str, content: str) -> str:
        (self.folder / name).write_text(content, encoding="utf-8")
        return name


def on(address: Address) -> dict[str, str]:
    """What a process is told so that it works on the local workspace."""
    return {
        "SLACK_BOT_TOKEN": address.bot_token,
        "SLACK_APP_TOKEN": address.app_token,
        "SLACK_SIGNING_SECRET": address.signing_secret,
        "SLACK_API_URL": address.api_url,
        "CLOCK_URL": address.control_url,
    }
