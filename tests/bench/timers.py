"""Where do very many deadlines come from, ours and APScheduler's? Filled by hand, since neither is timed for that.

The due moments have no order that the rows' places know, as after weeks of arming and firing. APScheduler's store
keeps its jobs as it does, in a SQLite file with the settings of ours: both pay the same for a commit.
"""

import pickle
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from bot.store import deadlines
from bot.store.database import Database
from bot.store.engine import connect
from tests.bench import office

NOON = datetime(2040, 1, 2, 12, tzinfo=UTC)
"""Far from now: APScheduler must find nothing to run by itself."""
LATER_FOR = timedelta(days=300)


def filled(path: Path, rows: int) -> str:
    """The address of a SQLite desk with so many deadlines, none of them due at noon."""
    url = office.migrated(path)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.executemany(
            "INSERT INTO deadline (due_at, kind, subject, ticket_number, attempts, planned_for)"
            " VALUES (?, 'bench', ?, ?, 0, ?)",
            ((moment, str(number), number, moment) for number, moment in enumerate(map(stored, moments(rows)))),
        )
    return url


def fall_due(db: Database, times: int) -> None:
    """Let so many fall due at noon."""
    with db.transaction() as session:
        for number in range(times):
            due_at = NOON - timedelta(seconds=number % 60)
            deadlines.arm(session, kind="bench", subject=f"due {number}", due_at=due_at)


def moments(rows: int) -> Iterator[datetime]:
    """When so many deadlines are due, after noon."""
    chance = random.Random(rows)  # noqa: S311 - a table's contents, no secret
    later = LATER_FOR // timedelta(seconds=1)
    for _ in range(rows):
        yield NOON + timedelta(seconds=1 + chance.randrange(later))


def stored(moment: datetime) -> str:
    """A moment as SQLite keeps it."""
    return moment.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def nothing() -> None:
    """What APScheduler's jobs do."""


class Jobs:
    """APScheduler with a store of jobs that are due after noon; it is never let run them itself."""

    def __init__(self, path: Path, jobs: int) -> None:
        engine = connect(f"sqlite:///{path}").execution_options(watchbell_write=True)
        self.store = SQLAlchemyJobStore(engine=engine)
        self.scheduler = BackgroundScheduler(timezone="UTC", jobstores={"default": self.store})
        self.scheduler.start(paused=True)
        self._shape = self.scheduler.add_job(nothing, "date", run_date=NOON, id="shape").__getstate__()
        self.store.remove_job("shape")
        self._insert({str(number): moment for number, moment in enumerate(moments(jobs))})

    def fall_due(self, times: int) -> None:
        """Let so many fall due at noon."""
        self._insert({f"due {number}": NOON - timedelta(seconds=number % 60) for number in range(times)})

    def fetch_and_remove(self) -> int:
        """Take what is due as APScheduler does: fetch it, and remove one after the other; gives how many."""
        due = self.store.get_due_jobs(NOON)
        for each in due:
            self.store.remove_job(each.id)
        return len(due)

    def add(self, known: str, at: datetime) -> None:
        """Arm one job."""
        self.scheduler.add_job(nothing, "date", run_date=at, id=known)

    def _insert(self, due: dict[str, datetime]) -> None:
        rows = [
            {"id": known, "next_run_time": at.timestamp(), "job_state": self._state(known, at)}
            for known, at in due.items()
        ]
        with self.store.engine.begin() as connection:
            if rows:
                connection.execute(self.store.jobs_t.insert(), rows)

    def _state(self, known: str, at: datetime) -> bytes:
        return pickle.dumps({**self._shape, "id": known, "next_run_time": at})


@contextmanager
def apscheduler(path: Path, jobs: int) -> Iterator[Jobs]:
    """APScheduler's store with so many jobs, none of them due at noon."""
    found = Jobs(path, jobs)
    try:
        yield found
    finally:
        found.scheduler.shutdown(wait=True)


@contextmanager
def desk_rows(path: Path, rows: int) -> Iterator[Database]:
    """A SQLite desk with so many deadlines."""
    db = Database(filled(path, rows))
    try:
        yield db
    finally:
        db.dispose()
