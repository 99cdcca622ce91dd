"""How long does it take to let something be due?

Ours is armed in the transaction of its cause, as ever, and as many with one as an ordinary ticket arms; that commits
whether something is armed or not. So what is measured is by how much longer it takes. APScheduler commits each job by
itself, and has no way to do it with what caused it: its commit is what arming costs there. One commit differs from the
next by more than arming takes, so that only many rounds show it.
"""

from datetime import datetime, timedelta
from itertools import count

from bot.store import deadlines, remembered
from bot.store.database import Database
from tests.bench import office, timers
from tests.bench.goal import Goal, faster
from tests.bench.measure import interleaved, p50, scaled

ROUNDS, AT_ONCE, LEAST = 200, 10, 20
ROWS, JOBS = 1_000_000, 100_000


def goals(part: float) -> list[Goal]:
    """Ours among a million against `add_job` among a hundred thousand."""
    numbers = count()
    with (
        office.folder() as where, timers.desk_rows(where / "desk.db", scaled(ROWS, part)) as db,
        timers.apscheduler(where / "jobs.db", scaled(JOBS, part)) as jobs,
    ):  # fmt: skip
        took = interleaved(
            {
                "ours": lambda: _cause(db, numbers, arming=AT_ONCE),
                "without": lambda: _cause(db, numbers, arming=0),
                "theirs": lambda: jobs.add(f"new {next(numbers)}", _later(next(numbers))),
            },
            rounds=scaled(ROUNDS, part, least=LEAST),
        )
    ours, theirs = (p50(took["ours"]) - p50(took["without"])) / AT_ONCE * 1e6, p50(took["theirs"]) * 1e6
    return [faster(f"arming a deadline, against add_job at {scaled(JOBS, part):,} jobs", ours, theirs, 20)]


def _cause(db: Database, numbers: "count[int]", *, arming: int) -> None:
    """Something happens, is noted, and lets so much be due."""
    with db.transaction() as session:
        remembered.keep(session, "bench", f"event {next(numbers)}")
        for _ in range(arming):
            number = next(numbers)
            deadlines.arm(session, kind="bench", subject=f"new {number}", due_at=_later(number), ticket_number=number)


def _later(number: int) -> datetime:
    return timers.NOON + timedelta(hours=1, seconds=7919 * number % 86400)
