"""How does a process end in time, whatever hangs?

Its parts share one limit: what one of them does not need is left for the next. A thread that waits for Slack, another
medium or a lock cannot be ended from outside, and Python waits for such threads before it leaves. So the process has a
last moment of its own, after which it leaves without them. That loses nothing: what was not committed is begun again,
and a message whose sending was cut off is looked up when its lease has run out, as after `kill -9`.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

log = structlog.get_logger()

Leave = Callable[[int], object]
"""Ends the process at once with this exit code, whatever its threads do."""

STOP_SECONDS = 10.0
"""No process takes longer than this from SIGTERM to its end; supervisors may rely on it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, in real seconds, an end in order may take, and after how long the process leaves in any case."""

    in_order: float = STOP_SECONDS - 2
    at_last: float = STOP_SECONDS - 1


LIMITS = Limits()


class Countdown:
    """What is left of so many seconds; `clock` is monotonic."""

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = clock() + seconds

    def left(self) -> float:
        """Seconds, never below nought."""
        return max(self._until - self._clock(), 0.0)

    def share(self, parts: int) -> float:
        """How long the first of so many parts may take, so that something is left for each of the others."""
        return self.left() / parts


def leave_after(seconds: float, leave: Leave, code: int, *, once: Callable[[], bool] = lambda: True) -> None:
    """Leave with this exit code so many seconds after `once` has said yes, unless the process has ended before."""

    def wait() -> None:
        if not once():
            return
        threading.Event().wait(seconds)
        log.warning("left_with_work_in_hand", after_seconds=seconds)
        leave(code)

    # A daemon: it runs on while Python waits for the other threads, and keeps nobody waiting itself.
    threading.Thread(target=wait, name="last-moment", daemon=True).start()
