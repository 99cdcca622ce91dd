"""What is on its way to the app, was it taken, and when is it sent again?"""

import asyncio
import time
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from bot.sandbox.faults import Faults
from bot.sandbox.signed_http import SignedHttp
from bot.sandbox.sockets import Answer, Sockets
from bot.sandbox.timekeeper import Timekeeper
from bot.sandbox.wire import Json

MOST_WAITING = 5000

T = TypeVar("T")

RETRIES = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))


class Courier:
    """Carries events, commands and interactions to the app, over Socket Mode or signed HTTP.

    An event that is not taken is repeated at once, after a minute and after five more (simulated), then dropped, as
    Slack does (so is all beyond 5,000 that wait); commands and interactions are never repeated.
    """

    def __init__(self, *, sockets: Sockets, http: SignedHttp, timekeeper: Timekeeper, faults: Faults) -> None:
        self.request_url: str | None = None
        self.sent = 0
        self.dropped = 0
        self.arrived_at = 0.0
        self._waiting = 0
        self._sockets = sockets
        self._http = http
        self._timekeeper = timekeeper
        self._faults = faults
        self._in_flight: set[asyncio.Task[Any]] = set()
        self._held: list[Json] = []

    @property
    def connected(self) -> bool:
        """Whether an app is there to be reached."""
        return self.request_url is not None or bool(self._sockets.connections)

    def event(self, payload: Json) -> None:
        """Sends an event on its way and returns at once."""
        now = self._timekeeper.now
        if self._faults.take(("reorder",), now=now):
            self._held.append(payload)
            return
        self._start(self._deliver(payload, attempt=0, reason=""))
        if self._faults.take(("duplicate",), now=now):
            self._start(self._deliver(payload, attempt=0, reason=""))
        self._release()

    async def interaction(self, kind: str, payload: Json) -> Answer:
        """Carries a command or an interaction, and waits for what the app answers."""
        task = self._start(self._carry(kind, payload, attempt=0, reason=""))
        if self._faults.take(("duplicate",), now=self._timekeeper.now):
            self._start(self._carry(kind, payload, attempt=0, reason=""))
        return await task

    async def quiet(self) -> None:
        """Waits until everything sent was taken or given up for now."""
        self._release()
        while self._in_flight:
            await asyncio.wait(self._in_flight)

    def _release(self) -> None:
        held, self._held = self._held, []
        for payload in reversed(held):
            self._start(self._deliver(payload, attempt=0, reason=""))

    def _start(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        self.sent += 1
        task = asyncio.get_running_loop().create_task(work)
        self._in_flight.add(task)
        task.add_done_callback(self._arrived)
        return task

    def _arrived(self, task: "asyncio.Task[Any]") -> None:
        self._in_flight.discard(task)
        self.arrived_at = time.monotonic()

    async def _deliver(self, payload: Json, *, attempt: int, reason: str) -> None:
        answer = await self._carry("events_api", payload, attempt=attempt, reason=reason)
        if answer.acked:
            return
        if attempt == len(RETRIES) or not answer.retry:
            self.dropped += 1
            return

        def again() -> None:
            self._start(self._deliver(payload, attempt=attempt + 1, reason=answer.reason))

        def again_later() -> None:
            self._waiting -= 1
            again()

        if len(self._in_flight) + self._waiting > MOST_WAITING:
            self.dropped += 1
        elif RETRIES[attempt]:
            self._waiting += 1
            self._timekeeper.schedule(self._timekeeper.now + RETRIES[attempt], again_later, hidden=True)
        else:
            again()

    async def _carry(self, kind: str, payload: Json, *, attempt: int, reason: str) -> Answer:
        if self._faults.standing("away", now=self._timekeeper.now):
            return Answer(acked=False, reason="no_connection")
        if self.request_url is not None:
            return await self._http.deliver(self.request_url, kind, payload, attempt=attempt, reason=reason)
        return await self._sockets.deliver(kind, payload, attempt=attempt, reason=reason)
