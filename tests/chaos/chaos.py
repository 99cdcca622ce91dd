"""What is left of a desk's work when everything goes wrong at once, again and again? All of it, once.

People ask, answer and click; processes are killed at fault points and from outside and begin anew; Slack, the database
and the clock misbehave. Then all is calm for a while, and everything that was promised is counted.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from threading import Event, Timer
from time import monotonic
from typing import Any

from bot.sandbox.server import Address
from bot.store import remembered
from bot.store.database import Database
from tests.chaos.crowd import Crowd
from tests.chaos.fleet import Fleet
from tests.chaos.reckoning import Reckoning
from tests.chaos.town import found
from tests.chaos.weather import Weather
from tests.sandbox.script import Script
from tests.stories import stage
from tests.stories.stage import Bot

POINTS_AN_INTAKE = 80
"""About so many fault points are passed for each thing that somebody does."""

BATCH = 5
"""So many things are done between two moves of the clock."""

PATIENCE = 0.7
"""How often somebody waits until there is a process at all before they do something."""

BACKLOG_SECONDS = 1800
"""So long it may take, in earnest, until all that piled up is worked off."""

SECONDS_A_DEED = 3.0
"""Slower than what follows from it may be said in the internal channel: that takes one message a second."""

AWAY_SECONDS = 5
"""So much time passes at once for who waits until Slack lets somebody in again."""

CALM_MINUTES = 12
"""Longer than Slack repeats an event, than any lease and than any wait."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is done, and how much goes wrong."""

    seed: int
    intakes: int
    kills: int
    processes: int
    customers: int
    slow: int = 0
    jumps: int = 0
    """How often all processes are gone for some hours."""


class Chaos:
    """One run on one database; `tell` hears how far it is."""

    def __init__(
        self, plan: Plan, address: Address, database: str, folder: Path, *, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        self.plan, self.tell = plan, tell
        self.script = Script(address.control_url, patience=BACKLOG_SECONDS)
        self.chance = Random(plan.seed)  # noqa: S311 - cases, no secrets
        town = found(self.script, folder, customers=plan.customers)
        self.bot = Bot(address, database, folder, directory=town.directory)
        mean = POINTS_AN_INTAKE * plan.intakes / plan.kills * plan.processes
        self.fleet = Fleet(self.bot, plan.processes, self.chance, mean, folder / "chaos.log")
        self.db = Database(database)
        self.weather = Weather(self.script, database, self.fleet.full, self.chance, plan.slow)
        self.crowd = Crowd(self.script, town, self.db, self.chance)
        self.shown: dict[tuple[str, str], dict[str, Any]] = {}
        self.began = monotonic()
        self.jumped = 0

    def run(self) -> list[str]:
        """Live through it; gives all that is wrong in the end, a line each."""
        try:
            self.fleet.calm = True
            self._until_connected()
            self.fleet.calm = False
            self._storms()
            self._calms()
            return [*self._reckoning().wrong(), *self._audit()]
        finally:
            self.fleet.stop()
            self.db.dispose()

    def figures(self) -> Iterator[tuple[str, int]]:
        """How much there was of each."""
        yield "intakes", self.crowd.intakes
        yield "kills", self.fleet.kills
        yield "seconds", int(monotonic() - self.began)
        yield "acts that were not taken", self.crowd.refused
        yield from sorted(self.fleet.deaths.items())
        yield "starts that could not be", self.fleet.refusals.total()
        yield from sorted(self.weather.seen.items())
        yield from self._reckoning().figures()

    def _storms(self) -> None:
        plan, step = self.plan, 0
        while self.crowd.intakes < plan.intakes or self.fleet.kills < plan.kills:
            step += 1
            self.fleet.tend()
            if self.chance.random() < PATIENCE:
                self._until_heard()
            self.crowd.acts()
            if self.fleet.kills < plan.kills * self._done():
                self._kills()
            if step % BATCH == 0:
                self._goes_on(step // BATCH)

    def _done(self) -> float:
        """Which part of the work is done."""
        return self.crowd.intakes / self.plan.intakes

    def _goes_on(self, batch: int) -> None:
        """Time passes for what was done, and now and then something changes."""
        if self.weather.disk_is_full():
            # Each move of the clock would wait ten real seconds until the loops give this moment up.
            if self.chance.random() < 0.1:
                self._passes(1)
            self.weather.makes_room()
        if batch % 4 == 0:
            self.weather.changes()
            if self.weather.disk_is_full():
                return
        if self.jumped < self.plan.jumps * self._done():
            self.jumped += 1
            self._jumps()
        self._passes(self.chance.expovariate(1 / (BATCH * SECONDS_A_DEED)))
        if batch % 50 == 0:
            self._looks()
            self.tell(f"{self.crowd.intakes} intakes, {self.fleet.kills} kills, {int(monotonic() - self.began)} s")

    def _kills(self) -> None:
        """`kill -9`, now or while the clock moves on."""
        if not self.fleet.running:
            return
        if self.chance.random() < 0.5:
            self.fleet.kill()
        else:
            victim = self.chance.choice(self.fleet.running)
            timer = Timer(self.chance.random() / 2, self.fleet.kill, (victim,))
            timer.daemon = True
            timer.start()

    def _jumps(self) -> None:
        """All processes are gone, and find another hour when they come back."""
        for process in list(self.fleet.running):
            self.fleet.kill(process)
        self._passes(self.chance.uniform(1800, 3 * 3600))

    def _passes(self, seconds: float) -> None:
        moved = self.script.clock(advance=seconds)
        assert moved["ok"], moved

    def _calms(self) -> None:
        """Nothing goes wrong any more: what waits, leaves; what was lost, is read back by who begins then."""
        self.weather.clears()
        self.fleet.calm = True
        self.fleet.stop()
        self._until_connected()
        began = stage.play_on(self.bot.address).now()
        for _ in range(CALM_MINUTES):
            self._passes(60)
        while self._waiting(began):
            self._passes(60)
        self._looks()

    def _until_connected(self) -> None:
        self._until_heard(by=self.plan.processes)
        self._passes(0)

    def _until_heard(self, *, by: int = 1) -> None:
        """Wait until so many processes are there; whatever keeps them away passes, for it is not what is looked at."""
        pause = Event()
        while self.script.ask("/app")["connections"] < by:
            self.fleet.tend()
            self.weather.makes_room()
            if self.weather.keeps_away():
                self._passes(AWAY_SECONDS)
            pause.wait(0.05)

    def _waiting(self, since: datetime) -> bool:
        """Whether something must still be said, or a channel was not read back since."""
        with self.db.reading() as session:
            marks, read = remembered.starting(session, "read_back:"), remembered.starting(session, "read_at:")
        behind = [each for each in marks if each not in read or datetime.fromisoformat(read[each]) < since]
        return bool(behind) or any("is still" in line for line in self._reckoning().stuck())

    def _looks(self) -> None:
        """Take down what stands in the workspace: it forgets the oldest, and the latest look counts."""
        since = max((ts for _, ts in self.shown), default="0")
        newest = self.script.messages(since=since) if self.fleet.calm is False else self.script.messages()
        for each in newest:
            if not each["ephemeral_to"]:
                self.shown[each["channel"], each["ts"]] = each

    def _reckoning(self) -> Reckoning:
        now = stage.play_on(self.bot.address).now()
        return Reckoning(self.db, list(self.shown.values()), self.crowd.said, now=now)

    def _audit(self) -> Iterator[str]:
        verified = self.bot.asked("audit", "verify")
        if verified.returncode:
            yield f"bot audit verify: {verified.stdout} {verified.stderr}"
