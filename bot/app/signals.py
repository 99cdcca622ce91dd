"""How does a process hear that it shall end, from its first moment on, without looking for it again and again?"""

import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ENDING = (signal.SIGTERM, signal.SIGINT)
"""What supervisors send, and Ctrl-C."""


class End:
    """Whether SIGTERM or Ctrl-C came since; `came` is a file that can be read from then on, and that nobody reads."""

    def __init__(self, came: int) -> None:
        self._came = came
        self.over = False

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the signal at most so many seconds, without a number for as long as it is heard; whether it came."""
        try:
            return bool(select.select([self._came], [], [], seconds)[0]) and not self.over
        except OSError:
            # The block ended before anybody waited.
            return False

    def wait_unless(self, over: Callable[[], bool], *, every_seconds: float) -> bool:
        """Wait for the signal; False where `over`, asked at first and then every so often, says yes before."""
        while not self.wait(0):
            if over():
                return False
            self.wait(every_seconds)
        return True


@contextmanager
def end_asked() -> Iterator[End]:
    """Take the signals for as long as the block lasts, whichever thread the system hands them to.

    For the main thread. A signal ends nothing by itself: whoever asked for it is heard at the next wait.
    """
    near, far = os.pipe()
    os.set_blocking(far, False)
    before = signal.set_wakeup_fd(far, warn_on_full_buffer=False)
    handlers = {number: signal.signal(number, lambda *_: None) for number in ENDING}
    end = End(near)
    try:
        yield end
    finally:
        end.over = True
        for number, handler in handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(before)
        os.close(far)
        os.close(near)
