"""How long does `bot --help` take, against importing the libraries that a desk runs on?"""

import subprocess
import sys
from pathlib import Path

from tests.bench.goal import Goal, at_most
from tests.bench.measure import interleaved, p50, scaled

ROUNDS = 12
LIBRARIES = "slack_bolt, sqlmodel, apscheduler.schedulers.background, jinja2"


def goals(part: float) -> list[Goal]:
    """Both in new processes, from start to end."""
    bot = Path(sys.executable).with_name("bot")
    took = interleaved(
        {"help": lambda: _run(bot, "--help"), "imports": lambda: _run(sys.executable, "-c", f"import {LIBRARIES}")},
        rounds=scaled(ROUNDS, part),
    )
    ours, theirs = (p50(took[name]) * 1e3 for name in ("help", "imports"))
    return [at_most("bot --help, against importing the runtime libraries", ours, theirs, 0.2, unit="ms")]


def _run(*words: str | Path) -> None:
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
