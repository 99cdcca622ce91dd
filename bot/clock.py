"""What time is it, and how do we wait for a moment? The only reader of the wall clock.

Three clocks answer: the system's, one that follows the local workspace, and one that a test moves by hand.
"""

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode, urlsplit, urlunsplit

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.sync.client import ClientConnection, connect

log = logging.getLogger(__name__)

FIRST_WORD_SECONDS = 10.0
SIGN_OF_LIFE_SECONDS = 1.0
RECONNECT_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Rest:
    """Whether a process has nothing left to do at this moment, and when it next will (aware UTC)."""

    idle: bool
    next_due: datetime | None = None


class Clock(Protocol):
    """Says what time it is and wakes those who wait for a later moment."""

    def now(self) -> datetime:
        """The present moment, aware UTC."""

    def seconds_until(self, moment: datetime) -> float | None:
        """Real seconds to wait for a moment; None where a move of the clock will wake us instead."""

    def attach(self, *, wake: Callable[[], None], rest: Callable[[], Rest]) -> None:
        """From now on calls `wake` whenever time jumps, and asks `rest` whether the work of that moment is done."""

    def changed(self) -> None:
        """Takes notice that a loop came to rest or waits for another moment."""

    def close(self) -> None:
        """Stops listening for time."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware UTC."""
        return datetime.now(UTC)

    def seconds_until(self, moment: datetime) -> float | None:
        """Real seconds to wait for a moment; 0 where it is past."""
        return max((moment - self.now()).total_seconds(), 0.0)

    def attach(self, *, wake: Callable[[], None], rest: Callable[[], Rest]) -> None:
        """Does nothing: where somebody sets the machine's clock, the scheduler's backstop notices."""

    def changed(self) -> None:
        """Does nothing: nobody waits for us."""

    def close(self) -> None:
        """Does nothing."""


class MovableClock:
    """A clock that stands still until it is moved; for tests and stories in one process."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._wakes: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """The moment it was last moved to."""
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Jumps to a moment and wakes everybody; going back is an error in the caller (ValueError)."""
        if moment < self._now:
            raise ValueError(f"the clock stands at {self._now} and cannot go back to {moment}")
        self._now = moment
        for wake in self._wakes:
            wake()

    def advance(self, duration: timedelta) -> None:
        """Jumps on by a duration and wakes everybody."""
        self.move_to(self._now + duration)

    def seconds_until(self, moment: datetime) -> float | None:
        """0 where the moment is past; else None, for a move will wake us."""
        return 0.0 if moment <= self._now else None

    def attach(self, *, wake: Callable[[], None], rest: Callable[[], Rest]) -> None:  # noqa: ARG002 - the protocol's name
        """Calls `wake` at each move."""
        self._wakes.append(wake)

    def changed(self) -> None:
        """Does nothing: whoever moves the clock looks for itself."""

    def close(self) -> None:
        """Wakes nobody any more."""
        self._wakes.clear()


class ClockUnreachableError(Exception):
    """The workspace's clock does not answer; the message is one sentence for the operator."""


class _Word(BaseModel):
    """What the workspace says: the time, and the number under which it asks whether we are done."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    now: AwareDatetime
    ask: int | None = None


class FollowedClock:
    """The local workspace's time, taken over a WebSocket; it answers the workspace once our work of a moment is done.

    `url` is the workspace's control address, with or without `/clock`. The first `now()` raises
    ClockUnreachableError where nothing answers within ten real seconds.
    """

    def __init__(self, url: str, *, name: str = "bot", patience: float = FIRST_WORD_SECONDS) -> None:
        self._url = url
        self._address = follow_address(url, name=name)
        self._patience = patience
        self._told = threading.Event()
        self._stopping = threading.Event()
        self._lock = threading.RLock()
        self._now: datetime | None = None
        self._open_ask: int | None = None
        self._said: Rest | None = None
        self._connection: ClientConnection | None = None
        self._wake: Callable[[], None] | None = None
        self._rest: Callable[[], Rest] | None = None
        self._thread: threading.Thread | None = None

    def now(self) -> datetime:
        """The workspace's time, aware UTC; the first call waits for the workspace's first word."""
        if self._now is None:
            self._begin()
            self._told.wait(self._patience)
        now = self._now
        if now is None:
            self.close()
            raise ClockUnreachableError(
                f"CLOCK_URL: no clock answers at {self._url}; start the workspace (bot sandbox) or unset CLOCK_URL."
            )
        return now

    def seconds_until(self, moment: datetime) -> float | None:
        """0 where the moment is past; else None, for the workspace will wake us."""
        return 0.0 if moment <= self.now() else None

    def attach(self, *, wake: Callable[[], None], rest: Callable[[], Rest]) -> None:
        """From now on each new moment calls `wake`, and `rest` decides when the workspace gets its answer."""
        with self._lock:
            self._wake, self._rest = wake, rest
        self._begin()
        self.changed()

    def changed(self) -> None:
        """Answers an open question if our work is done, or reports the new next due."""
        with self._lock:
            if self._connection is None or self._rest is None:
                return
            rest = self._rest()
            if not rest.idle:
                return
            if self._open_ask is not None:
                asked, self._open_ask = self._open_ask, None
                self._said = rest
                self._send({"answer": asked, "idle": True, "next_due": _iso(rest.next_due)})
            elif rest != self._said:
                self._said = rest
                self._send({"next_due": _iso(rest.next_due)})

    def close(self) -> None:
        """Hangs up; the workspace then counts this process as gone."""
        self._stopping.set()
        with self._lock:
            connection = self._connection
        if connection is not None:
            connection.close()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout=5)

    def _begin(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._follow, name="clock", daemon=True)
                self._thread.start()

    def _follow(self) -> None:
        while not self._stopping.is_set():
            try:
                with connect(
                    self._address, proxy=None, open_timeout=5, close_timeout=1, compression=None
                ) as connection:
                    self._talk(connection)
            except ConnectionClosed:
                if not self._stopping.is_set():
                    log.info("the clock at %s hung up", self._address)
            except (OSError, InvalidHandshake, InvalidURI) as error:
                log.debug("the clock at %s cannot be reached: %s", self._address, error)
            self._stopping.wait(RECONNECT_SECONDS)

    def _talk(self, connection: ClientConnection) -> None:
        with self._lock:
            self._connection, self._open_ask, self._said = connection, None, None
        try:
            self._listen(connection)
        finally:
            with self._lock:
                self._connection = None

    def _listen(self, connection: ClientConnection) -> None:
        while not self._stopping.is_set():
            try:
                frame = connection.recv(timeout=SIGN_OF_LIFE_SECONDS)
            except TimeoutError:
                self._show_life()
                continue
            try:
                word = _Word.model_validate_json(frame)
            except ValidationError as error:
                log.warning("the clock at %s said something that we do not understand: %s", self._address, error)
                continue
            self._hear(word)

    def _hear(self, word: _Word) -> None:
        # One lock over moment, waking and question: an answer given in between would call the new moment's work done.
        with self._lock:
            self._now = word.now.astimezone(UTC)
            if self._wake is not None:
                self._wake()
            if word.ask is not None:
                self._open_ask = word.ask
        self._told.set()
        self.changed()

    def _show_life(self) -> None:
        with self._lock:
            if self._connection is None:
                return
            if self._open_ask is not None:
                due = self._said.next_due if self._said is not None else None
                self._send({"answer": self._open_ask, "idle": False, "next_due": _iso(due)})
        # A rest that nobody reported (a loop whose wake-up found nothing to do) is reported here at the latest.
        self.changed()

    def _send(self, frame: dict[str, object]) -> None:
        if self._connection is None:
            return
        try:
            self._connection.send(json.dumps(frame))
        except (ConnectionClosed, OSError) as error:
            log.debug("the clock did not hear us: %s", error)


def follow_address(url: str, *, name: str = "bot") -> str:
    """The WebSocket address that a control address stands for: `http://h:1` and `ws://h:1/clock` mean the same."""
    parts = urlsplit(url)
    scheme = {"https": "wss", "wss": "wss"}.get(parts.scheme, "ws")
    path = parts.path.rstrip("/").removesuffix("/follow").removesuffix("/clock")
    return urlunsplit((scheme, parts.netloc, f"{path}/clock/follow", urlencode({"name": name}), ""))


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
