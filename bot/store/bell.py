"""How does a process hear at once that another one has committed something?

PostgreSQL carries a ring from process to process (NOTIFY); it says which tables were written to, so that each process
wakes only who waits for those. A ring that is lost costs one tick of the backstop, no more: nothing depends on it.
LISTEN needs a connection of its own, past any pooler.
"""

import logging
import threading
from collections.abc import Callable, Collection

import psycopg

from bot.store.engine import connect_apart
from bot.store.errors import first_line

log = logging.getLogger(__name__)

CHANNEL = "watchbell"
ANY: frozenset[str] = frozenset()
"""The tables of a ring that says nothing of them."""

GLANCE_SECONDS = 0.5
RECONNECT_SECONDS = 2.0


class Bell:
    """Rings in the other processes of a PostgreSQL database, and calls `on_ring` when one of them rings.

    It is called with the tables that were written to; with none where any may have been. `name` tells this process
    from the others and has no blanks. Hand `ring` to Database.tell_of_commits.
    """

    def __init__(self, url: str, *, on_ring: Callable[[frozenset[str]], object], name: str) -> None:
        self._url = url
        self._on_ring = on_ring
        self._name = name
        self._rung = threading.Event()
        self._lock = threading.Lock()
        self._tables: set[str] = set()
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

    def ring(self, tables: Collection[str]) -> None:
        """Lets the other processes look for work in these tables; returns at once."""
        with self._lock:
            self._tables.update(tables)
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
        said = ""
        while not self._stopping.is_set():
            try:
                with connect_apart(self._url) as connection:
                    said = ""
                    work(connection)
            except psycopg.Error as error:
                self._hearing.clear()
                # Once for each reason: a server that is away for an hour is asked thousands of times.
                if (why := first_line(error)) != said:
                    log.warning("the bell is silent, the ticks go on: %s", why)
                said = why
                self._stopping.wait(RECONNECT_SECONDS)

    def _listen(self, connection: psycopg.Connection) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        self._hearing.set()
        # What was rung while nobody listened is made good by one look.
        self._on_ring(ANY)
        while not self._stopping.is_set():
            rings = [ring.payload.split() for ring in connection.notifies(timeout=GLANCE_SECONDS, stop_after=1)]
            others = [frozenset(tables) for name, *tables in rings if name != self._name]
            if others:
                # A ring without tables is an older program's.
                self._on_ring(frozenset().union(*others) if all(others) else ANY)

    def _pull(self, connection: psycopg.Connection) -> None:
        while not self._stopping.is_set():
            self._rung.wait()
            self._rung.clear()
            with self._lock:
                tables, self._tables = self._tables, set()
            if tables and not self._stopping.is_set():
                ring = " ".join([self._name, *sorted(tables)])
                try:
                    connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, ring))
                except psycopg.Error:
                    # That the line was cut shows only now: the next one takes this ring along.
                    self.ring(tables)
                    raise
