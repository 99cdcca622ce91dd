"""How does a process wait for its end without looking again and again whether somebody asked for it?"""

import select
import signal
import socket
from collections.abc import Callable


def until_asked(*, over: Callable[[], bool], every_seconds: float) -> bool:
    """Wait in the main thread for SIGTERM or Ctrl-C, which end it at once.

    False where `over`, asked at first and then every so often, says yes before.
    """
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda came, _frame: asked.append(came))
    # Whichever thread the system hands a signal to, Python writes to this socket, and the main thread wakes.
    near, far = socket.socketpair()
    with near, far:
        far.setblocking(False)  # noqa: FBT003 - the library's parameter has no name
        before = signal.set_wakeup_fd(far.fileno(), warn_on_full_buffer=False)
        try:
            while not asked:
                if over():
                    return False
                select.select([near], [], [], every_seconds)
        finally:
            signal.set_wakeup_fd(before)
    return True
