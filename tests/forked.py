"""How does a test start the bot as a process of its own without paying for the imports each time?

One process that has imported the bot is kept for each test run; every command is a fork of it. A fork is a process like
any other: it has its own environment, folder, output and exit code, takes signals and can be killed.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import mkstemp

LOADED = [
    "bot.__main__", "bot.app.runtime", "bot.app.local", "bot.app.doctor", "bot.app.operate", "tests.warm",
    "tests.forked",
]  # fmt: skip
_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(LOADED)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code, negative for a signal, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


def command_line(words: tuple[str, ...]) -> None:
    """`bot WORDS`."""
    sys.argv = ["bot", *words]
    from bot.__main__ import main

    main()


class Forked:
    """A running `bot WORDS` in a process of its own; its output is kept in files until it is asked for.

    `begin` is what runs there instead of the command line: a function of a module.
    """

    def __init__(
        self,
        *words: str,
        env: Mapping[str, str],
        folder: Path,
        begin: Callable[[tuple[str, ...]], None] = command_line,
    ) -> None:
        self._files = (_empty_file(), _empty_file())
        self._fork: ForkServerProcess = _forking.Process(
            target=_be_a_process, args=(begin, words, dict(env), folder, self._files), daemon=True
        )
        self._fork.start()
        assert self._fork.pid is not None
        self.pid = self._fork.pid

    def poll(self) -> int | None:
        """The exit code; None while it runs."""
        return self._fork.exitcode

    @property
    def returncode(self) -> int | None:
        """The exit code; None while it runs."""
        return self.poll()

    def kill(self) -> None:
        """`kill -9`."""
        self._fork.kill()

    def signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def wait(self, within: float = 60) -> Ended:
        """How it ended; fails, and kills it, where it has not ended after that many seconds."""
        self._fork.join(within)
        code = self.poll()
        if code is None:
            self._fork.kill()
            self._fork.join()
        out, err = self.written()
        for file in self._files:
            file.unlink(missing_ok=True)
        assert code is not None, f"still running after {within:.0f} s\n{out}\n{err}"
        return Ended(code, out, err)

    def written(self) -> tuple[str, str]:
        """What it has written so far, to standard output and to standard error."""
        out, err = (file.read_text(encoding="utf-8") if file.exists() else "" for file in self._files)
        return out, err


def run(*words: str, env: Mapping[str, str], folder: Path, within: float = 60) -> Ended:
    """One command of the command line, from start to end."""
    return Forked(*words, env=env, folder=folder).wait(within)


def _empty_file() -> Path:
    number, path = mkstemp(prefix="watchbell-test-")
    os.close(number)
    return Path(path)


def _be_a_process(
    begin: Callable[[tuple[str, ...]], None],
    words: tuple[str, ...],
    env: dict[str, str],
    folder: Path,
    files: tuple[Path, Path],
) -> None:
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    for stream, path, number in zip((sys.stdout, sys.stderr), files, (1, 2), strict=True):
        stream.flush()
        target = os.open(path, os.O_WRONLY | os.O_APPEND)
        os.dup2(target, number)
        os.close(target)
    begin(words)
