"""What time is it in the local workspace, and who must have done their work before it moves on?"""

import asyncio
import heapq
import itertools
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.wire import Json, iso

log = logging.getLogger(__name__)

SILENCE_SECONDS = 10.0
TICK_SECONDS = 0.25


@dataclass(eq=False, slots=True)
class Follower:
    """A process that takes its time from here: what it last said of itself."""

    name: str
    send: Callable[[Json], Awaitable[None]]
    answered: int = 0
    idle: bool = True
    next_due: datetime | None = None
    played_due: datetime | None = None
    ignored: bool = False
    heard_at: float = 0.0
    spoke: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, *, answer: int | None, idle: bool, next_due: datetime | None) -> None:
        """Takes in an answer, a sign of life or an unsolicited change of its next due."""
        self.heard_at = time.monotonic()
        self.ignored = False
        self.next_due = next_due
        if answer is not None:
            self.idle = idle
            if idle:
                self.answered = max(self.answered, answer)
        self.spoke.set()


class Timekeeper:
    """Simulated time: never goes back, and plays every deadline on the way at its own moment and in order.

    `quiet` waits until nothing is on its way to the app; `activity` counts what happened, so that settling knows
    whether anything new did.
    """

    def __init__(self, start_at: datetime) -> None:
        self.now = start_at
        self.rate = 0.0
        self.followers: list[Follower] = []
        self.quiet: Callable[[], Awaitable[None]] = _nothing
        self.activity: Callable[[], int] = int
        self.on_move: Callable[[], None] = _no_one
        self._agenda: list[tuple[datetime, int, bool, Callable[[], None]]] = []
        self._order = itertools.count()
        self._asked = 0
        self._moving = asyncio.Lock()

    def schedule(self, at: datetime, action: Callable[[], None], *, hidden: bool = False) -> None:
        """Does something at a simulated moment; at once when the clock next moves where that is past.

        What is hidden is played on the way but is no "next event": nobody waits for a redelivery.
        """
        heapq.heappush(self._agenda, (at, next(self._order), hidden, action))

    def next_due(self) -> datetime | None:
        """The earliest moment that anybody waits for."""
        dues = [follower.next_due for follower in self.followers if not follower.ignored and follower.next_due]
        dues += [at for at, _, hidden, _ in self._agenda if not hidden]
        return min(dues, default=None)

    def as_json(self) -> Json:
        """What GET /clock answers."""
        followers = [
            {"name": f.name, "idle": f.idle, "ignored": f.ignored, "next_due": iso(f.next_due)} for f in self.followers
        ]
        return {"now": iso(self.now), "rate": self.rate, "next_due": iso(self.next_due()), "processes": followers}

    async def settle(self) -> None:
        """Waits until everything that happened so far has been taken in and answered by every process."""
        async with self._moving:
            await self._settle()

    async def move_to(self, moment: datetime) -> None:
        """Goes to a moment over every deadline on the way; a moment in the past moves nothing."""
        async with self._moving:
            await self._settle()
            while (due := self._step_before(moment)) is not None:
                await self._arrive(max(due, self.now))
            if moment > self.now:
                await self._arrive(moment)

    async def move_by(self, duration: timedelta) -> None:
        """Goes on by a duration from wherever the clock is when its turn comes."""
        await self.move_to(self.now + duration)

    async def move_next(self) -> bool:
        """Goes to the next deadline; False where nobody waits for anything."""
        await self.settle()
        dues = [due for follower in self.followers if (due := self._due_of(follower)) is not None]
        dues += [at for at, _, hidden, _ in self._agenda if not hidden]
        if not dues:
            return False
        await self.move_to(max(min(dues), self.now))
        return True

    async def tick(self) -> None:
        """Lets time pass by `rate` simulated seconds a real second, until cancelled."""
        last = time.monotonic()
        while True:
            await asyncio.sleep(TICK_SECONDS)
            passed = min(time.monotonic() - last, 4 * TICK_SECONDS)
            last = time.monotonic()
            if self.rate > 0:
                await self.move_by(timedelta(seconds=passed * self.rate))

    def _step_before(self, limit: datetime) -> datetime | None:
        dues = [due for follower in self.followers if (due := self._due_of(follower)) is not None]
        if self._agenda:
            dues.append(self._agenda[0][0])
        due = min(dues, default=None)
        return due if due is not None and due <= limit else None

    def _due_of(self, follower: Follower) -> datetime | None:
        due = follower.next_due
        if follower.ignored or due is None:
            return None
        if due <= self.now:
            # The process was given this very moment and still names it: going round again would never end.
            if follower.played_due == due:
                return None
            follower.played_due = due
        return due

    async def _arrive(self, moment: datetime) -> None:
        self.now = moment
        self.on_move()
        while self._agenda and self._agenda[0][0] <= self.now:
            heapq.heappop(self._agenda)[3]()
        await self._settle()
        for follower in self.followers:
            if follower.played_due is not None and follower.played_due == follower.next_due:
                log.warning("%s still waits for %s, which is past; going on", follower.name, follower.next_due)

    async def _settle(self) -> None:
        while True:
            before = self.activity()
            await self.quiet()
            await self._ask()
            if self.activity() == before:
                return

    async def _ask(self) -> None:
        self._asked += 1
        asked = self._asked
        waiting = [follower for follower in self.followers if not follower.ignored]
        for follower in waiting:
            follower.heard_at = time.monotonic()
        await asyncio.gather(*(self._answer(follower, asked) for follower in waiting))

    async def _answer(self, follower: Follower, asked: int) -> None:
        try:
            await follower.send({"now": iso(self.now), "ask": asked})
        except (OSError, RuntimeError):
            self.leave(follower)
            return
        while follower.answered < asked and follower in self.followers:
            follower.spoke.clear()
            left = SILENCE_SECONDS - (time.monotonic() - follower.heard_at)
            try:
                await asyncio.wait_for(follower.spoke.wait(), max(left, 0.001))
            except TimeoutError:
                if time.monotonic() - follower.heard_at >= SILENCE_SECONDS:
                    follower.ignored = True
                    log.warning("%s has not answered for ten seconds and is ignored", follower.name)
                    return

    async def join(self, follower: Follower) -> None:
        """A process follows the clock from now on, and hears at once what time it is."""
        self.followers.append(follower)
        follower.heard_at = time.monotonic()
        await follower.send({"now": iso(self.now), "ask": self._asked})

    def leave(self, follower: Follower) -> None:
        """A closed socket is a dead process: nobody waits for it any more."""
        if follower in self.followers:
            self.followers.remove(follower)
        follower.spoke.set()


async def _nothing() -> None:
    return None


def _no_one() -> None:
    return None
