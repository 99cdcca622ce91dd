"""How does a process hang for good? It runs as ever, until a thread passes one point; that thread never comes back."""

import os
import sys
import threading
from collections.abc import Sequence

import typer

HANGS = "hangs now"


def live(words: Sequence[str]) -> None:
    """`bot run`; `words` are the point (`nowhere` is none), then the limits of its end where they are not the usual."""
    from bot.app import runtime
    from bot.app.ending import LIMITS, Limits
    from bot.commands.answering import OneLine
    from bot.settings import load

    where, *seconds = words
    limits = Limits(*map(float, seconds)) if seconds else LIMITS

    def passes(point: str) -> None:
        if point == where:
            os.write(2, f"{HANGS}\n".encode())
            threading.Event().wait()

    try:
        with OneLine():
            runtime.run(load(), fault=passes, limits=limits, leave=os._exit)
    except typer.Exit as ended:
        sys.exit(ended.exit_code)
