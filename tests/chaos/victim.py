"""How does a process of the desk end where nobody expects it? It runs as ever, until it passes its last point."""

import itertools
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import typer
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

MOST_PAGES = 2**30
DOOMED = "doomed at "


class Doom:
    """Ends the process at the nth fault point that any of its threads passes, as `kill -9` does."""

    def __init__(self, nth: int) -> None:
        self._nth = nth
        self._passed = itertools.count(1)

    def __call__(self, point: str) -> None:
        # One step of the interpreter: two threads never get the same number.
        if next(self._passed) == self._nth:
            os.write(2, f"\n{DOOMED}{point}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)


def live(words: Sequence[str]) -> None:
    """`bot run`, ended at a fault point; `words` are its number and the file that says that the disk is full."""
    from bot.app import runtime
    from bot.commands.answering import OneLine
    from bot.settings import load

    nth, full = int(words[0]), Path(words[1])
    _let_the_disk_fill(full)
    try:
        with OneLine():
            runtime.run(load(), fault=Doom(nth))
    except typer.Exit as ended:
        sys.exit(ended.exit_code)


def _let_the_disk_fill(full: Path) -> None:
    def before(connection: Connection) -> None:
        is_full = full.exists()
        if connection.dialect.name == "sqlite" and is_full != connection.info.get("full", False):
            # SQLite takes no less than what the file has by now: from here on it cannot grow.
            connection.exec_driver_sql(f"PRAGMA max_page_count = {1 if is_full else MOST_PAGES}")
            connection.info["full"] = is_full

    event.listen(Engine, "begin", before)
