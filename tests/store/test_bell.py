"""Does one process hear at once that another has committed, and not itself?"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy.engine import make_url

from bot.store import inbox
from bot.store.bell import Bell
from bot.store.database import Database
from tests.make import NINE

pytestmark = pytest.mark.postgres


class Process:
    """What hears the bell."""

    def __init__(self) -> None:
        self.rings = threading.Semaphore(0)

    def heard(self, *, within: float = 5.0) -> bool:
        return self.rings.acquire(timeout=within)


@contextmanager
def bell(url: str, on_ring: Callable[[], object], name: str) -> Iterator[Bell]:
    bell = Bell(url, on_ring=on_ring, name=name)
    bell.start()
    try:
        assert bell.hears(within=10)
        yield bell
    finally:
        bell.close()


def test_a_commit_in_one_process_wakes_the_other_and_not_itself(postgres_url: str) -> None:
    web, worker = Process(), Process()
    database = Database(postgres_url)
    try:
        with bell(postgres_url, web.rings.release, "web") as rope, bell(postgres_url, worker.rings.release, "worker"):
            assert web.heard()
            assert worker.heard()
            database.on_commit(rope.ring)

            with database.transaction() as session:
                inbox.accept(session, key="Ev1", kind="event", body={}, now=NINE)

            assert worker.heard()
            assert not web.heard(within=0.2)
    finally:
        database.dispose()


def test_a_listener_that_was_cut_off_looks_once_and_hears_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.bell.RECONNECT_SECONDS", 0.05)
    web, worker = Process(), Process()
    with bell(postgres_url, web.rings.release, "web") as rope, bell(postgres_url, worker.rings.release, "worker"):
        assert worker.heard()
        plain = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as operator:
            operator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'"
            )

        assert worker.heard()
        rope.ring()
        assert worker.heard()
