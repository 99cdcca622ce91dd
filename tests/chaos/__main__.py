"""Does the desk survive everything at once, in full count? `python -m tests.chaos`, as `make chaos` runs it.

Options: how many intakes and kills, the seed of an earlier run, one database only. Exit code 1 where anything is wrong.
"""

import argparse
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import randbelow

from bot.store.migrate import upgrade
from tests.chaos.chaos import Chaos, Plan
from tests.postgres import server
from tests.stories import stage

PROCESSES = {"sqlite": 1, "postgresql": 4}
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
WRONG_SHOWN = 40
REMEMBERED = 10**6
"""Messages of a channel that the workspace keeps: what it forgot would be missed in the end."""


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """An empty, migrated database of a kind."""
    if kind == "sqlite":
        url = f"sqlite:///{folder}/watchbell.db"
        upgrade(url)
        yield url
        return
    with server() as running:
        url = running.create("chaos", empty=True)
        upgrade(url)
        yield url


def play(plan: Plan, kind: str, folder: Path) -> bool:
    """One run; whether all was right."""
    print(f"{kind}: {plan}", flush=True)
    with database(kind, folder) as url, stage.workspace(kept=REMEMBERED) as address:
        chaos = Chaos(plan, address, url, folder, tell=lambda line: print(f"  {line}", flush=True))
        wrong = chaos.run()
        for name, number in chaos.figures():
            print(f"  {name:<32}{number:>8}")
        for sentence, count in chaos.fleet.refusals.most_common(5):
            print(f"  {count} x {sentence}")
    for line in wrong[:WRONG_SHOWN]:
        print(f"  WRONG: {line}")
    print(f"{kind}: {f'{len(wrong)} things are wrong' if wrong else 'everything is there once'}", flush=True)
    return not wrong


def main() -> int:
    """Run what was asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--intakes", type=int, default=10_000)
    asked.add_argument("--kills", type=int, default=1_000)
    asked.add_argument("--seed", type=int, default=randbelow(2**32))
    asked.add_argument("--database", choices=list(PROCESSES), action="append")
    asked.add_argument("--keep", type=Path, help="a folder for the databases and logs, kept afterwards")
    given = asked.parse_args()
    # Ended from outside it ends in order too: no process of its own stays behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print(f"seed {given.seed}", flush=True)
    well = True
    for kind in given.database or list(PROCESSES):
        plan = Plan(
            seed=given.seed, intakes=given.intakes, kills=given.kills, processes=PROCESSES[kind],
            customers=max(6, given.intakes // 200), slow=given.intakes // 1000, jumps=max(1, given.intakes // 1000),
        )  # fmt: skip
        root = given.keep or (MEMORY if MEMORY.is_dir() else None)
        folder = Path(tempfile.mkdtemp(prefix=f"watchbell-chaos-{kind}-", dir=root))
        well = play(plan, kind, folder) and well
        if given.keep is None and well:
            shutil.rmtree(folder)
        else:
            print(f"{kind}: see {folder}", flush=True)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
