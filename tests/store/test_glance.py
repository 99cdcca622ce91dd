"""Does a process notice that somebody else has written to its database, and stay quiet where nobody has?"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest
from sqlalchemy.engine import make_url

from bot.store import inbox
from bot.store.database import Database
from bot.store.glance import Glance
from tests.make import NINE


@contextmanager
def glance(url: str) -> Iterator[threading.Semaphore]:
    news = threading.Semaphore(0)
    looking = Glance(url, on_news=news.release, every_seconds=0.05)
    looking.start()
    try:
        yield news
    finally:
        looking.close()


def accept(database: Database, key: str) -> None:
    with database.transaction() as session:
        inbox.accept(session, key=key, kind="event", body={}, now=NINE)


def test_a_commit_of_another_process_is_noticed(database: Database) -> None:
    other = Database(database.url)
    try:
        with glance(database.url) as news:
            assert news.acquire(timeout=30), "what was written before the first look is made good"

            accept(other, "Ev1")
            assert news.acquire(timeout=30)
            accept(other, "Ev2")
            assert news.acquire(timeout=30)
    finally:
        other.dispose()


def test_nobody_is_woken_where_nothing_was_committed(sqlite_url: str) -> None:
    with glance(sqlite_url) as news, closing(sqlite3.connect(str(make_url(sqlite_url).database))) as reader:
        assert news.acquire(timeout=30)
        reader.execute("SELECT count(*) FROM inbox").fetchone()

        assert not news.acquire(timeout=0.3)


@pytest.mark.postgres
def test_a_commit_is_noticed_though_a_later_transaction_was_through_before_it(postgres_url: str) -> None:
    slow, quick = Database(postgres_url), Database(postgres_url)
    try:
        with glance(postgres_url) as news:
            assert news.acquire(timeout=30)
            with slow.transaction() as session:
                inbox.accept(session, key="Ev1", kind="event", body={}, now=NINE)
                session.flush()
                accept(quick, "Ev2")
                assert news.acquire(timeout=30)
            assert news.acquire(timeout=30)
    finally:
        slow.dispose()
        quick.dispose()


@pytest.mark.postgres
def test_a_look_that_fails_is_taken_again(postgres_url: str, caplog: pytest.LogCaptureFixture) -> None:
    database = Database(postgres_url)
    try:
        with glance(postgres_url) as news:
            assert news.acquire(timeout=30)
            with database.reading() as session:
                session.connection().exec_driver_sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND query LIKE 'SELECT pg_current_snapshot%%'"
                )

            assert news.acquire(timeout=30), "a new connection begins with one look at everything"
        assert "cannot see whether others write" in caplog.text
    finally:
        database.dispose()


def test_a_server_that_is_away_is_told_once(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = threading.Semaphore(0)

    def connect(*_: object, **options: object) -> None:
        assert options["tcp_user_timeout"], "a network that is silent ends it"
        asked.release()
        raise psycopg.OperationalError("connection refused\n\tIs the server running on that host?")

    monkeypatch.setattr("bot.store.glance.psycopg.connect", connect)
    blind = Glance("postgresql://127.0.0.1/away", on_news=lambda: None, every_seconds=0.001)
    blind.start()
    for _ in range(50):
        assert asked.acquire(timeout=5)
    blind.close()

    told = [each.getMessage() for each in caplog.records]
    assert told == ["cannot see whether others write, the ticks go on: connection refused"]
