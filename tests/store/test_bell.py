"""Does one process hear at once that another has committed, and not itself?"""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, Queue
from threading import Semaphore

import psycopg
import pytest
from sqlalchemy.engine import make_url

from bot.store import inbox
from bot.store.bell import ANY, CHANNEL, Bell
from bot.store.database import Database
from tests.make import NINE

pytestmark = pytest.mark.postgres


class Process:
    """What hears the bell, and of which tables."""

    def __init__(self) -> None:
        self.rings: Queue[frozenset[str]] = Queue()

    def heard(self, *, within: float = 5.0) -> frozenset[str] | None:
        try:
            return self.rings.get(timeout=within)
        except Empty:
            return None


@contextmanager
def bell(url: str, process: Process, name: str) -> Iterator[Bell]:
    bell = Bell(url, on_ring=process.rings.put, name=name)
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
        with bell(postgres_url, web, "web") as rope, bell(postgres_url, worker, "worker"):
            assert web.heard() == ANY
            assert worker.heard() == ANY
            database.tell_of_commits(rope.ring)

            with database.transaction() as session:
                inbox.accept(session, key="Ev1", kind="event", body={}, now=NINE)

            assert worker.heard() == frozenset({"inbox"})
            assert web.heard(within=0.2) is None
    finally:
        database.dispose()


def test_a_listener_that_was_cut_off_looks_once_and_hears_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.bell.RECONNECT_SECONDS", 0.05)
    web, worker = Process(), Process()
    with bell(postgres_url, web, "web") as rope, bell(postgres_url, worker, "worker"):
        assert worker.heard() == ANY
        plain = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as operator:
            operator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'"
            )

        assert worker.heard() == ANY
        rope.ring({"outbox", "lane"})
        assert worker.heard() == frozenset({"outbox", "lane"})


def test_the_first_ring_after_the_rope_was_cut_is_heard(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.bell.RECONNECT_SECONDS", 0.05)
    web, worker = Process(), Process()
    with bell(postgres_url, web, "web") as rope, bell(postgres_url, worker, "worker"):
        assert worker.heard() == ANY
        rope.ring({"inbox"})
        assert worker.heard() == frozenset({"inbox"})
        plain = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as operator:
            operator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'SELECT pg_notify%'"
            )

        rope.ring({"outbox", "lane"})
        assert worker.heard() == frozenset({"outbox", "lane"})


def test_a_ring_of_an_older_program_says_nothing_of_tables_and_may_mean_any(postgres_url: str) -> None:
    worker = Process()
    with bell(postgres_url, worker, "worker"):
        assert worker.heard() == ANY
        plain = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as older:
            older.execute("SELECT pg_notify(%s, %s)", (CHANNEL, "another"))
        assert worker.heard() == ANY


def test_a_server_that_is_away_is_told_once_and_not_each_time_that_it_is_asked(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Semaphore(0)

    def connect(*_: object, **options: object) -> None:
        assert options["tcp_user_timeout"], "a network that is silent ends it"
        asked.release()
        raise psycopg.OperationalError("connection refused\n\tIs the server running on that host?")

    monkeypatch.setattr("bot.store.bell.RECONNECT_SECONDS", 0.001)
    monkeypatch.setattr("bot.store.bell.psycopg.connect", connect)
    silent = Bell("postgresql://127.0.0.1/away", on_ring=lambda _: None, name="web")
    silent.start()
    for _ in range(50):
        assert asked.acquire(timeout=5)
    silent.close()

    told = [each.getMessage() for each in caplog.records]
    assert told == ["the bell is silent, the ticks go on: connection refused"] * 2
