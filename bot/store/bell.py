"""How does a process hear at once that another one has committed something?

PostgreSQL carries a ring from process to process (NOTIFY). A ring that is lost costs one tick of the backstop, no more:
nothing depends on it. LISTEN needs a connection of its own, past any pooler.
"""

import logging
import threading
from collections.abc import Callable

import psycopg
from sqlalchemy.engine import make_url

log = logging.getLogger(__name__)

CHANNEL = "watchbell"
GLANCE_SECONDS = 0.5
RECONNECT_SECONDS = 2.0


class Bell:
    """Rings in the other processes of a PostgreSQL database, and calls `on_ring` when one of them rings.

    `name` tells this process from the others. Hand `ring` to Database.on_commit.
    """

    def __init__(self, url: str, *, on_ring: Callable[[], object], name: str) -> None:
        self._conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._on_ring = on_ring
        self._name = name
        self._rung = threading.Event()
        self._stopping = threading.Event()
        self._hearing = threading.Event()
        self._threads = [
            threading.Thread(target=self._until_stopped, args=(work,), name=name, daemon=True)
            for name, work in (("bell-ear", self._listen), ("bell-rope", self._pull))
        ]

    def start(self) -> None:
        """Begins to hear and to ring."""
        for thread in self._threads:
            thread.start()

    def ring(self) -> None:
        """Lets the other processes look for work; returns at once."""
        self._rung.set()

    def hears(self, *, within: float) -> bool:
        """Whether it listened within that many real seconds."""
        return self._hearing.wait(within)

    def close(self, *, within: float = 5.0) -> None:
        """Hears and rings no more; waits so many seconds for each of its two threads."""
        self._stopping.set()
        self._rung.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(within)

    def _until_stopped(self, work: Callable[[psycopg.Connection], None]) -> None:
        while not self._stopping.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as connection:
                    work(connection)
            except psycopg.Error as error:
                self._hearing.clear()
                log.warning("the bell is silent, the ticks go on: %s", str(error).strip())
                self._stopping.wait(RECONNECT_SECONDS)

    def _listen(self, connection: psycopg.Connection) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        self._hearing.set()
        # What was rung while nobody listened is made good by one look.
        self._on_ring()
        while not self._stopping.is_set():
            rings = {ring.payload for ring in connection.notifies(timeout=GLANCE_SECONDS, stop_after=1)}
            if rings - {self._name}:
                self._on_ring()

    def _pull(self, connection: psycopg.Connection) -> None:
        while not self._stopping.is_set():
            self._rung.wait()
            self._rung.clear()
            if not self._stopping.is_set():
                connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, self._name))
