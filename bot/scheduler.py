"""When does each loop look for work, and is there any left?

A loop looks when its next work is due, and steps while that is now; then it waits for the earliest of: that moment, a
wake-up (a commit that concerns it, a move of the clock), the backstop. The database holds every deadline; here is only
the waiting. APScheduler keeps no job that matters: it pokes the loops now and then and runs the periodic chores.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from bot.clock import Clock, Rest, SystemClock

log = logging.getLogger(__name__)

AFTER_ERROR_SECONDS = (0.25, 0.5, 1.0, 2.0, 5.0)
LONGEST_WAIT_SECONDS = 3600.0
SAID_AGAIN_SECONDS = 60.0
"""How often is logged that something fails as it did before: a database that is away for an hour must fill no disk."""
TAKEN_BY_ANOTHER_SECONDS = 0.05
"""Pause where something is due but not to be had: another process has it in hand."""


@dataclass(frozen=True, slots=True)
class Loop:
    """One kind of work.

    `next_at(now)` says when there is work (aware UTC); `step(now)` does one piece of what is due and says whether it
    found any; `busy()` says whether something that a step began is still under way elsewhere.
    """

    name: str
    step: Callable[[datetime], bool]
    next_at: Callable[[datetime], datetime | None]
    busy: Callable[[], bool] = lambda: False


class Stumbles:
    """What the log says of failures in a row: the first whole, and of the same again one line a minute.

    What comes and goes, as with a database that has too few connections, is told anew only after a minute too.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._why = ""
        self._count = 0
        self._said: dict[str, float] = {}

    def failed(self, error: Exception) -> None:
        """Say it where it is new, or was not said for a while."""
        first_line = str(error).strip().partition("\n")[0]
        why = f"{type(error).__name__}: {first_line}"
        self._count += 1
        now = time.monotonic()
        self._said = {each: at for each, at in self._said.items() if now - at < SAID_AGAIN_SECONDS}
        if why in self._said:
            return
        if why != self._why:
            log.error("%s stumbled and goes on", self._what, exc_info=error)
        else:
            log.error("%s still stumbles, %d times by now: %s", self._what, self._count, why)
        self._why, self._said[why] = why, now

    def went_well(self) -> None:
        """Say that it is over, where anything was said."""
        if self._why:
            log.info("%s goes on as before, having stumbled %d times", self._what, self._count)
            self._why, self._count = "", 0


class _Runner:
    """One loop's thread, and how far it has got."""

    def __init__(self, loop: Loop, clock: Clock, *, stopping: threading.Event) -> None:
        self.loop = loop
        self.clock = clock
        self.stopping = stopping
        self.poked = threading.Event()
        self.lock = threading.Lock()
        self.woken = 1
        self.seen = 0
        self.next_at: datetime | None = None
        self.ticked: float | None = None
        self.waits = False
        self.errors = 0
        self.stumbles = Stumbles(f"the {loop.name} loop")
        self.thread = threading.Thread(target=self.run, name=loop.name, daemon=True)

    def wake(self) -> None:
        """There may be new work."""
        with self.lock:
            self.woken += 1
        self.poked.set()

    def at_rest(self) -> bool:
        """Whether the last step found nothing and nobody has woken us since."""
        with self.lock:
            return self.seen == self.woken and not self.loop.busy()

    def run(self) -> None:
        while not self.stopping.is_set():
            self.poked.clear()
            with self.lock:
                woken = self.woken
            if self.once():
                continue
            # A loop that keeps failing counts as done with this moment, else simulated time would wait for it for ever.
            if self.errors in {0, len(AFTER_ERROR_SECONDS)}:
                with self.lock:
                    self.seen = woken
            self.clock.changed()
            self.wait()

    def once(self) -> bool:
        """One step: whether it found work; a failed one counts in `errors`."""
        try:
            now = self.clock.now()
            self.next_at = self.loop.next_at(now)
            found = self.next_at is not None and self.next_at <= now and self.loop.step(now)
        except Exception as error:  # noqa: BLE001 - the outermost guard
            # Whatever broke, the other tickets' deadlines must not wait for it.
            self.errors = min(self.errors + 1, len(AFTER_ERROR_SECONDS))
            self.stumbles.failed(error)
            return False
        self.errors = 0
        self.stumbles.went_well()
        self.ticked = time.monotonic()
        return found

    def wait(self) -> None:
        """Rest until a wake-up comes or something is due; who rests in order is not behind with anything."""
        self.waits = not self.errors
        self.poked.wait(self.wait_seconds())
        if self.waits:
            self.ticked = time.monotonic()
        self.waits = False

    def seconds_since_tick(self) -> float | None:
        """How long the present step has taken, or since when steps fail; 0 at rest, None before the first has ended."""
        if self.ticked is None or self.waits:
            return None if self.ticked is None else 0.0
        return time.monotonic() - self.ticked

    def wait_seconds(self) -> float:
        """How long to wait for a wake-up that does not come."""
        if self.errors:
            return AFTER_ERROR_SECONDS[self.errors - 1]
        if self.next_at is None:
            return LONGEST_WAIT_SECONDS
        seconds = self.clock.seconds_until(self.next_at)
        if seconds is None:
            return LONGEST_WAIT_SECONDS
        return min(max(seconds, TAKEN_BY_ANOTHER_SECONDS), LONGEST_WAIT_SECONDS)


class Loops:
    """The desk's loops, each in a thread of its own, woken by commits and by the clock.

    `tick` is how long a wake-up that got lost may go unnoticed. Chores run in APScheduler's threads, each at most once
    at a time.
    """

    def __init__(self, clock: Clock, *, tick: timedelta) -> None:
        self._clock = clock
        self._tick = tick
        self._stopping = threading.Event()
        self._runners: list[_Runner] = []
        self._chores: list[tuple[str, Callable[[], object], timedelta]] = []
        self._scheduler: BackgroundScheduler | None = None
        self._when_set_back: Callable[[], object] = lambda: None

    def add(self, loop: Loop) -> Callable[[], None]:
        """Takes a loop on, before start; gives the call that wakes it alone."""
        runner = _Runner(loop, self._clock, stopping=self._stopping)
        self._runners.append(runner)
        return runner.wake

    def every(self, interval: timedelta, name: str, chore: Callable[[], object]) -> None:
        """Runs a chore at each interval of real time; before start."""
        self._chores.append((name, chore, interval))

    def when_set_back(self, call: Callable[[], object]) -> None:
        """Has `call` called where the machine's clock was set back by more than a moment; before start."""
        self._when_set_back = _guarded("let go", call)

    def start(self) -> None:
        """Starts every loop and the backstop."""
        scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        scheduler.add_job(self.wake, "interval", seconds=self._tick.total_seconds(), id="backstop")
        for name, chore, interval in self._chores:
            scheduler.add_job(_guarded(name, chore), "interval", seconds=interval.total_seconds(), id=name)
        self._scheduler = scheduler
        for runner in self._runners:
            runner.thread.start()
        self._clock.attach(wake=self.wake, rest=self.rest)
        scheduler.start()
        threading.Thread(target=self._keep_up, args=(scheduler,), name="keep-up", daemon=True).start()

    def _keep_up(self, scheduler: BackgroundScheduler) -> None:
        """Look now and then whether the machine's clock was set back.

        The scheduler plans by that clock: its jobs would rest until it is again as late as it was.
        """
        while not self._stopping.wait(self._tick.total_seconds()):
            now = SystemClock().now()
            late = [job for job in scheduler.get_jobs() if job.next_run_time - now > job.trigger.interval]
            for job in late:
                log.warning("the clock was set back: %s goes on now", job.id)
                job.modify(next_run_time=now)
            if late:
                self._when_set_back()

    def wake(self) -> None:
        """There may be new work for any of the loops."""
        for runner in self._runners:
            runner.wake()

    def idle(self) -> bool:
        """Whether every loop found nothing to do at this moment and nothing is under way."""
        return all(runner.at_rest() for runner in self._runners)

    def rest(self) -> Rest:
        """What the clock asks for: whether we are idle, and when something is next due."""
        idle = self.idle()
        dues = [runner.next_at for runner in self._runners if runner.next_at is not None]
        return Rest(idle=idle, next_due=min(dues, default=None))

    def seconds_since_tick(self) -> float | None:
        """How many real seconds the slowest loop is at one step; 0 while all rest, None before each has done one."""
        ages = [runner.seconds_since_tick() for runner in self._runners]
        known = [age for age in ages if age is not None]
        return max(known) if known and len(known) == len(ages) else None

    def stumbling(self) -> list[str]:
        """The names of loops whose thread is gone or whose last step failed: none while all is well."""
        return [runner.loop.name for runner in self._runners if runner.errors or not runner.thread.is_alive()]

    def stop(self, *, within: timedelta = timedelta(seconds=10)) -> bool:
        """Lets each loop finish its step and ends it; whether all ended in time."""
        self._stopping.set()
        if self._scheduler is not None and self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for runner in self._runners:
            runner.poked.set()
        give_up = time.monotonic() + within.total_seconds()
        for runner in self._runners:
            if runner.thread.is_alive():
                runner.thread.join(max(give_up - time.monotonic(), 0.0))
        late = [runner.loop.name for runner in self._runners if runner.thread.is_alive()]
        if late:
            log.warning("still at work when it was time to stop: %s", ", ".join(late))
        return not late


def _guarded(name: str, chore: Callable[[], object]) -> Callable[[], None]:
    stumbles = Stumbles(f"the chore {name}")

    def run() -> None:
        try:
            chore()
        except Exception as error:  # noqa: BLE001 - the outermost guard
            # A chore that fails today is tried again at its next interval; the desk itself goes on.
            stumbles.failed(error)
        else:
            stumbles.went_well()

    return run
