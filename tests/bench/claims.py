"""How long does it take to find and take what is due, among very many deadlines that are not?"""

from bot.store import deadlines
from bot.store.database import Database
from tests.bench import office, timers
from tests.bench.goal import Goal, faster
from tests.bench.measure import interleaved, p50, scaled

ROUNDS = 15
DUE, ROWS, JOBS = 1_000, 1_000_000, 100_000


def goals(part: float) -> list[Goal]:
    """A thousand due of a million, against APScheduler's thousand due of a hundred thousand."""
    due = scaled(DUE, part)
    with (
        office.folder() as where, timers.desk_rows(where / "desk.db", scaled(ROWS, part)) as db,
        timers.apscheduler(where / "jobs.db", scaled(JOBS, part)) as jobs,
    ):  # fmt: skip
        took = interleaved(
            {"ours": lambda: claim(db, due), "theirs": lambda: _all(jobs.fetch_and_remove(), due)},
            before={"ours": lambda: timers.fall_due(db, due), "theirs": lambda: jobs.fall_due(due)},
            rounds=scaled(ROUNDS, part),
        )
    return [
        faster(
            f"claim of {due:,} due among {scaled(ROWS, part):,}", p50(took["ours"]) * 1e3, p50(took["theirs"]) * 1e3,
            50, unit="ms",
        )
    ]  # fmt: skip


def claim(db: Database, due: int) -> None:
    """Take all that is due, committed."""
    with db.transaction() as session:
        _all(len(deadlines.take_all_due(session, limit=due, now=timers.NOON)), due)


def _all(found: int, due: int) -> None:
    if found != due:
        raise AssertionError(f"{found} were due, not {due}")
