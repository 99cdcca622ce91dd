"""How does a process wait for its end without looking again and again whether somebody asked for it?"""

import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def until_asked(*, over: Callable[[], bool], every_seconds: float) -> bool:
    """Wait in the main thread for SIGTERM or Ctrl-C, which end it at once.

    False where `over`, asked at first and then every so often, says yes before.
    """
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda came, _frame: asked.append(came))
    with _signalled() as came:
        while not asked:
            if over():
                return False
            select.select([came], [], [], every_seconds)
    return True


@contextmanager
def _signalled() -> Iterator[int]:
    """A file that can be read once a signal has come, whichever thread the system handed it to."""
    near, far = os.pipe()
    os.set_blocking(far, False)
    before = signal.set_wakeup_fd(far, warn_on_full_buffer=False)
    try:
        yield near
    finally:
        signal.set_wakeup_fd(before)
        os.close(near)
        os.close(far)
