"""How are processes of the desk kept running, however often they are killed, and how did each of them end?"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.chaos import victim
from tests.forked import Forked
from tests.stories.stage import Bot

NEVER = 2**60
MOST_IN_VAIN = 300
BY_HAND = "kill -9"


@dataclass
class Fleet:
    """`size` processes; each is begun anew at once, and lives for about `mean` fault points."""

    bot: Bot
    size: int
    chance: Random
    mean: float
    log: Path
    calm: bool = False
    """Whether the processes that are begun from now on live for ever."""
    running: list[Forked] = field(default_factory=list)
    deaths: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    """Ends that were no kill: a start without Slack or without a database, by the sentence that the operator reads."""
    vain: int = 0
    """How many starts in a row could not be."""
    _killed: set[int] = field(default_factory=set)

    @property
    def full(self) -> Path:
        """While this file is there, the disk of SQLite is full."""
        return self.log.with_suffix(".full")

    @property
    def kills(self) -> int:
        """How many processes were killed so far, from outside or at a fault point."""
        return self.deaths.total()

    def tend(self) -> None:
        """Count those that ended, and let as many begin."""
        for process in list(self.running):
            if process.poll() is not None:
                self._bury(process)
        while len(self.running) < self.size:
            nth = NEVER if self.calm else 1 + int(self.chance.expovariate(1 / self.mean))
            words = (str(nth), str(self.full))
            self.running.append(Forked(*words, env=self.bot.environment(), folder=self.bot.folder, begin=victim.live))

    def kill(self, process: Forked | None = None) -> None:
        """`kill -9` for one of them, whatever it is doing."""
        doomed = process or self.chance.choice(self.running)
        self._killed.add(doomed.pid)
        doomed.kill()

    def stop(self) -> None:
        """Kill them all and begin none."""
        for process in self.running:
            self.kill(process)
        for process in list(self.running):
            self._bury(process)

    def _bury(self, process: Forked) -> None:
        ended = process.wait()
        self.running.remove(process)
        with self.log.open("a", encoding="utf-8") as log:
            log.write(ended.stderr)
        self.vain *= process.pid not in self._killed
        last = (ended.stderr.strip().splitlines() or [""])[-1]
        if last.startswith(victim.DOOMED):
            self.deaths[last.removeprefix(victim.DOOMED)] += 1
            self.vain = 0
        elif process.pid in self._killed:
            self.deaths[BY_HAND] += 1
        else:
            self.refusals[f"exit {ended.returncode}: {last}"[:200]] += 1
            self.vain += 1
            assert self.vain < MOST_IN_VAIN, f"no process can begin any more: {last}"
