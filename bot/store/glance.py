"""How does a process notice that somebody else has written to its database?

One thread takes one cheap look now and then, and wakes the loops only where something was committed, instead of each
loop asking its own tables. On PostgreSQL the bell is heard long before; there the look stands in for a bell that is
silent, as behind a pooler.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import psycopg
from sqlalchemy.engine import make_url

from bot.store.engine import connect_apart
from bot.store.errors import first_line

log = logging.getLogger(__name__)

SQLITE_SECONDS, POSTGRES_SECONDS = 1.0, 5.0
"""How often it looks; on one host, where a command beside a running desk rings no bell, more often."""

Mark = Callable[[], object]
"""Says something else than before where anybody has committed in between."""


class Glance:
    """Calls `on_news` within so many seconds after anybody, this process too, has committed to the database."""

    def __init__(self, url: str, *, on_news: Callable[[], object], every_seconds: float | None = None) -> None:
        self._url = url
        self._on_news = on_news
        self._every = every_seconds or (SQLITE_SECONDS if _is_sqlite(url) else POSTGRES_SECONDS)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._until_stopped, name="glance", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def close(self, *, within: float = 5.0) -> None:
        """Looks no more; waits so many seconds for the look in hand."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(within)

    def _until_stopped(self) -> None:
        said = ""
        while not self._stopping.is_set():
            try:
                with _marking(self._url) as mark:
                    said = ""
                    self._look(mark)
            except (sqlite3.Error, psycopg.Error) as error:
                if (why := first_line(error)) != said:
                    log.warning("cannot see whether others write, the ticks go on: %s", why)
                said = why
                self._stopping.wait(self._every)

    def _look(self, mark: Mark) -> None:
        seen = mark()
        # What was written before the first look, or while there was no connection, is made good by one call.
        self._on_news()
        while not self._stopping.wait(self._every):
            if (found := mark()) != seen:
                seen = found
                self._on_news()


@contextmanager
def _marking(url: str) -> Iterator[Mark]:
    """A connection of its own, outside any transaction, which says whether others have committed."""
    if _is_sqlite(url):
        with closing(sqlite3.connect(str(make_url(url).database), isolation_level=None)) as file:
            yield lambda: file.execute("PRAGMA data_version").fetchone()
    else:
        with connect_apart(url) as connection:
            # All of it: its end alone does not move where a later transaction was through before.
            yield lambda: connection.execute("SELECT pg_current_snapshot()::text").fetchone()


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"
