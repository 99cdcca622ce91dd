"""Which work of its own does the desk do each night, and what keeps its copies outside the database?"""

from datetime import datetime, timedelta
from pathlib import Path

from bot.app import seal_folder
from bot.app.aside import Aside
from bot.clock import Clock
from bot.domain.message import InternalMessage
from bot.messages import alarms
from bot.scheduler import Loops
from bot.services import pruning, seals, staff_news
from bot.services.desk import Desk, Work
from bot.store import deadlines

COPY_EVERY = timedelta(minutes=1)
"""How often the folder of seals is brought up to date."""

ADVICE = "Either the folder or the database is not what it was. Run `bot audit verify --seals` and keep both."


def begin(desk: Desk, loops: Loops, clock: Clock, aside: Aside, *, seals_dir: Path | None) -> None:
    """Arm the nightly work, and let the folder follow the database's seals."""
    if aside.now():
        return
    with desk.db.transaction() as session:
        work = Work(desk, session)
        # What is armed stays: a night that was slept through is made up for at once.
        if desk.seal_key is None or deadlines.due_of(session, kind=seals.DEADLINE, subject="all") is None:
            seals.arm(work, now=clock.now())
        if deadlines.due_of(session, kind=pruning.DEADLINE, subject="all") is None:
            pruning.arm(work, now=clock.now())
    if seals_dir is not None:
        folder = seals_dir
        loops.every(COPY_EVERY, "copy seals", aside.chore(lambda: copy_seals(desk, folder, clock)))


def copy_seals(desk: Desk, folder: Path, clock: Clock) -> None:
    """Write the seals that the folder lacks; alarm operations, once, of a file that says something else."""
    for name in seal_folder.follow(desk, folder):
        _alarm(desk, name, now=clock.now())


def _alarm(desk: Desk, name: str, *, now: datetime) -> None:
    title = f"{name} is not the seal that the database has"

    def say(zone: str) -> InternalMessage:
        return alarms.findings(desk.catalog, title=title, lines=(), advice=ADVICE, zone=zone, now=now)

    with desk.db.transaction() as session:
        staff_news.alarm(Work(desk, session), say, key=f"seal_differs:{name}", managers=True, now=now)
