"""Do the loops look for work when there is some, rest when there is none, and never die?"""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from apscheduler.schedulers import base
from apscheduler.triggers import interval

from bot.clock import MovableClock
from bot.scheduler import Loop, Loops, Stumbles

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
LONG = timedelta(hours=1)


class Desk:
    """A queue of due moments that a loop works off; each turn is noted."""

    def __init__(self) -> None:
        self.dues: list[datetime] = []
        self.done: list[tuple[datetime, datetime]] = []
        self.broken = 0
        self.worked = threading.Condition()

    def step(self, now: datetime) -> bool:
        with self.worked:
            if self.broken:
                self.broken -= 1
                raise LookupError("the database is away")
            due = next((due for due in sorted(self.dues) if due <= now), None)
            if due is None:
                return False
            self.dues.remove(due)
            self.done.append((due, now))
            self.worked.notify_all()
            return True

    def next_at(self, _now: datetime) -> datetime | None:
        with self.worked:
            self.worked.notify_all()
            return min(self.dues, default=None)

    def until(self, met: Callable[[], bool]) -> bool:
        with self.worked:
            return self.worked.wait_for(met, timeout=5)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NINE)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def loops(clock: MovableClock, desk: Desk) -> Iterator[Loops]:
    loops = Loops(clock, tick=LONG)
    loops.add(Loop("desk", desk.step, desk.next_at))
    yield loops
    loops.stop()


def rested(loops: Loops) -> bool:
    return soon(loops.idle)


def soon(met: Callable[[], bool]) -> bool:
    arrived = threading.Event()
    for _ in range(3000):
        if met():
            return True
        arrived.wait(0.01)
    return False


def test_what_is_due_at_the_start_is_done_at_once(loops: Loops, desk: Desk) -> None:
    desk.dues = [NINE, NINE - LONG]

    loops.start()

    assert desk.until(lambda: len(desk.done) == 2)
    assert [due for due, _ in desk.done] == [NINE - LONG, NINE]


def test_a_move_of_the_clock_wakes_a_loop_for_what_is_due_then(loops: Loops, desk: Desk, clock: MovableClock) -> None:
    desk.dues = [NINE + LONG]
    loops.start()
    assert rested(loops)
    assert desk.done == []
    assert loops.rest().next_due == NINE + LONG

    clock.advance(LONG)

    assert desk.until(lambda: desk.done == [(NINE + LONG, NINE + LONG)])


def test_a_commit_wakes_a_loop_long_before_the_backstop(loops: Loops, desk: Desk) -> None:
    loops.start()
    assert rested(loops)
    desk.dues = [NINE]

    loops.wake()

    assert desk.until(lambda: bool(desk.done))


def test_a_loop_can_be_woken_alone(clock: MovableClock, desk: Desk) -> None:
    other = Desk()
    loops = Loops(clock, tick=LONG)
    wake = loops.add(Loop("desk", desk.step, desk.next_at))
    loops.add(Loop("other", other.step, other.next_at))
    loops.start()
    try:
        assert rested(loops)
        desk.dues, other.dues = [NINE], [NINE]

        wake()

        assert desk.until(lambda: bool(desk.done))
        assert other.done == []
    finally:
        loops.stop()


def test_a_lost_wake_up_is_made_good_by_the_backstop(clock: MovableClock, desk: Desk) -> None:
    loops = Loops(clock, tick=timedelta(seconds=0.05))
    loops.add(Loop("desk", desk.step, desk.next_at))
    loops.start()
    try:
        assert rested(loops)
        desk.dues = [NINE]

        assert desk.until(lambda: bool(desk.done))
    finally:
        loops.stop()


def test_a_loop_that_stumbles_goes_on(loops: Loops, desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.broken, desk.dues = 2, [NINE]

    loops.start()

    assert desk.until(lambda: bool(desk.done))
    assert "the desk loop stumbled and goes on" in caplog.text
    assert rested(loops)
    assert loops.stumbling() == []


def test_what_fails_for_an_hour_is_told_whole_once(
    loops: Loops, desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level("INFO", logger="bot.scheduler")
    monkeypatch.setattr("bot.scheduler.AFTER_ERROR_SECONDS", (0.001,))
    desk.broken, desk.dues = 200, [NINE]

    loops.start()

    assert desk.until(lambda: bool(desk.done))
    loops.stop()
    ours = [each for each in caplog.records if each.name == "bot.scheduler"]
    assert [(each.levelname, bool(each.exc_info)) for each in ours] == [("ERROR", True), ("INFO", False)]
    assert "the desk loop goes on as before, having stumbled 200 times" in caplog.text


def test_what_fails_as_before_is_told_again_in_a_line_now_and_then(
    loops: Loops, desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.scheduler.AFTER_ERROR_SECONDS", (0.001,))
    monkeypatch.setattr("bot.scheduler.SAID_AGAIN_SECONDS", 0.0)
    desk.broken, desk.dues = 3, [NINE]

    loops.start()

    assert desk.until(lambda: bool(desk.done))
    loops.stop()
    assert "the desk loop still stumbles, 3 times by now: LookupError: the database is away" in caplog.text
    assert len([each for each in caplog.records if each.exc_info]) == 1


def test_what_comes_and_goes_is_told_whole_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="bot.scheduler")
    stumbles = Stumbles("the desk loop")

    for _ in range(50):
        for why in ("too many connections", "connection reset"):
            stumbles.failed(LookupError(why))
        stumbles.went_well()

    assert [(each.levelname, bool(each.exc_info)) for each in caplog.records] == [
        ("ERROR", True), ("ERROR", True), ("INFO", False),
    ]  # fmt: skip


def test_we_are_not_idle_while_a_send_is_under_way(clock: MovableClock, desk: Desk) -> None:
    sending = threading.Event()
    sending.set()
    loops = Loops(clock, tick=LONG)
    loops.add(Loop("relay", desk.step, desk.next_at, busy=sending.is_set))
    loops.start()
    try:
        assert desk.until(lambda: loops.seconds_since_tick() is not None)
        assert not loops.idle()

        sending.clear()

        assert rested(loops)
    finally:
        loops.stop()


def test_a_loop_that_rests_is_not_behind_and_one_that_hangs_is(clock: MovableClock, desk: Desk) -> None:
    let_go, begun = threading.Event(), threading.Event()

    def step(now: datetime) -> bool:
        found = desk.step(now)
        if found:
            begun.set()
            let_go.wait(30)
        return found

    loops = Loops(clock, tick=LONG)
    wake = loops.add(Loop("desk", step, desk.next_at))
    loops.start()
    try:
        assert soon(lambda: loops.seconds_since_tick() == 0.0)
        desk.dues = [NINE]

        wake()

        assert begun.wait(30)
        assert soon(lambda: (loops.seconds_since_tick() or 0.0) > 0.0)
    finally:
        let_go.set()
        loops.stop()


def test_stopping_waits_for_the_step_in_hand(clock: MovableClock) -> None:
    begun, let_go, ended = threading.Event(), threading.Event(), threading.Event()

    def step(now: datetime) -> bool:
        begun.set()
        let_go.wait(5)
        ended.set()
        return False

    loops = Loops(clock, tick=LONG)
    loops.add(Loop("slow", step, lambda now: now))
    loops.start()
    assert begun.wait(5)
    threading.Timer(0.05, let_go.set).start()

    assert loops.stop()
    assert ended.is_set()


def test_stopping_gives_up_on_a_step_that_hangs(clock: MovableClock) -> None:
    begun, let_go = threading.Event(), threading.Event()

    def step(now: datetime) -> bool:
        begun.set()
        let_go.wait(5)
        return False

    loops = Loops(clock, tick=LONG)
    loops.add(Loop("hung", step, lambda now: now))
    loops.start()
    assert begun.wait(5)

    assert not loops.stop(within=timedelta(seconds=0.05))
    let_go.set()


def test_a_chore_that_fails_is_run_again(loops: Loops) -> None:
    turns: list[int] = []
    twice = threading.Event()

    def chore() -> None:
        turns.append(1)
        if len(turns) > 1:
            twice.set()
        raise LookupError("no answer")

    loops.every(timedelta(seconds=0.05), "heartbeat", chore)
    loops.start()

    assert twice.wait(5)


def test_a_chore_goes_on_when_the_machines_clock_is_set_back(clock: MovableClock) -> None:
    class Ahead(datetime):
        """What a clock says that goes wrong by a day."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Ahead":
            there = datetime.now(tz) + timedelta(days=1)
            return cls.fromtimestamp(there.timestamp(), tz)

    done, let_go = threading.Event(), threading.Event()
    loops = Loops(clock, tick=timedelta(seconds=0.05))
    loops.every(timedelta(seconds=0.2), "look", done.set)
    loops.when_set_back(let_go.set)
    with pytest.MonkeyPatch.context() as wrong:
        for module in (base, interval):
            wrong.setattr(module, "datetime", Ahead)
        loops.start()

    assert done.wait(10)
    assert let_go.wait(10)
    loops.stop()
