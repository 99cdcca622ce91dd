"""How long do a thousand customer updates take that are all due at once?

Each is rendered, written into the timeline, put on its way and armed again. What it is held against only fetches a
thousand jobs and removes them.
"""

from datetime import datetime

from bot.services import due
from bot.store import deadlines
from tests.bench import office, timers
from tests.bench.claims import DUE, JOBS, ROWS
from tests.bench.goal import Goal, faster
from tests.bench.measure import interleaved, p50, scaled
from tests.bench.queue import Queue, queue

ROUNDS = 5


def goals(part: float) -> list[Goal]:
    """A thousand updates among a million deadlines, against APScheduler's fetch and removal of a thousand."""
    times = scaled(DUE, part)
    with office.folder() as where:
        url = timers.filled(where / "desk.db", scaled(ROWS, part))
        with (
            queue(where / "desk.db", url, tickets=times, severity="sev2") as desk,
            timers.apscheduler(where / "jobs.db", scaled(JOBS, part)) as jobs,
        ):
            took = interleaved(
                {"ours": lambda: fire(desk, times), "theirs": jobs.fetch_and_remove},
                before={"ours": lambda: _ready(desk), "theirs": lambda: jobs.fall_due(times)},
                rounds=scaled(ROUNDS, part),
            )
    return [
        faster(
            f"{times:,} customer updates: rendered, timeline, outbox, re-armed",
            p50(took["ours"]) * 1e3, p50(took["theirs"]) * 1e3, 2, unit="ms",
        )
    ]  # fmt: skip


def fire(desk: Queue, times: int) -> None:
    """Do everything that is due at the next update's moment, and check that it was the updates."""
    now = _next(desk)
    before = _updates(desk)
    while due.fire(desk.desk, now=now):
        pass
    said = _updates(desk) - before
    if said != times:
        raise AssertionError(f"{said} updates, not {times}")


def _ready(desk: Queue) -> None:
    desk.arrives()
    desk.only("update")


def _next(desk: Queue) -> datetime:
    with desk.desk.db.reading() as session:
        moment = deadlines.next_at(session)
    assert moment is not None
    return moment


def _updates(desk: Queue) -> int:
    with desk.desk.db.reading() as session:
        found = session.connection().exec_driver_sql("SELECT sum(updates_sent) FROM ticket").scalar_one()
    return int(found)
