"""Which work of its own does the desk do each night, and what keeps its copies outside the database?"""

from datetime import timedelta
from pathlib import Path

from bot.app import seal_folder
from bot.app.aside import Aside
from bot.clock import Clock
from bot.messages import alarms
from bot.scheduler import Loops
from bot.services import pruning, seals, staff_news
from bot.services.desk import Desk, Work

COPY_EVERY = timedelta(minutes=1)
"""How often the folder of seals is brought up to date."""

ADVICE = "Either the folder or the database is not what it was. Run `bot audit verify --seals` and keep both."


def begin(desk: Desk, loops: Loops, clock: Clock, aside: Aside, *, seals_dir: Path | None) -> None:
    """Arm the nightly work, and let the folder follow the database's seals."""
    if aside.now():
        return
    with desk.db.transaction() as session:
        work = Work(desk, session)
        seals.arm(work, now=clock.now())
        pruning.arm(work, now=clock.now())
    if seals_dir is not None:
        folder = seals_dir
        loops.every(COPY_EVERY, "copy seals", aside.chore(lambda: copy_seals(desk, folder, clock)))


def copy_seals(desk: Desk, folder: Path, clock: Clock) -> None:
    """Write the seals that the folder lacks; alarm operations, once, of a file that says something else."""
    now = clock.now()
    for name in seal_folder.follow(desk, folder):
        with desk.db.transaction() as session:
            work = Work(desk, session)
            staff_news.alarm(
                work,
                lambda zone, name=name: alarms.findings(
                    desk.catalog, title=f"{name} is not the seal that the database has", lines=(), advice=ADVICE,
                    zone=zone, now=now,
                ),
                key=f"seal_differs:{name}", managers=True, now=now,
            )  # fmt: skip
