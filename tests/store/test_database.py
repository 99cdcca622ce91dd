"""What is one transaction, and who is woken by it?"""

import sqlite3
from datetime import timedelta
from itertools import chain, repeat
from typing import Any

import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError
from sqlmodel import Session, select

from bot.store import deadlines, inbox, outbox, remembered
from bot.store.database import Database
from bot.store.engine import connect
from bot.store.savepoint import undoable
from bot.store.tables import InboxRow, Setting
from tests.make import NINE
from tests.postgres import Server
from tests.store.script import all_at_once


class PulledPlugError(Exception):
    """The process ends here."""


def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    def write_and_die() -> None:
        with database.transaction() as session:
            session.add(Setting(id="a", value="1"))
            session.flush()
            raise PulledPlugError

    with pytest.raises(PulledPlugError):
        write_and_die()
    with database.reading() as session:
        assert session.get(Setting, "a") is None


@pytest.mark.parametrize(("point", "kept"), [("commit.before", False), ("commit.after", True)])
def test_cutting_off_around_the_commit_keeps_all_or_nothing(database_url: str, point: str, kept: bool) -> None:
    def cut(reached: str) -> None:
        if reached == point:
            raise PulledPlugError

    database = Database(database_url, fault=cut)
    with pytest.raises(PulledPlugError), database.transaction() as session:
        session.add(Setting(id="a", value="1"))
    with database.reading() as session:
        assert (session.get(Setting, "a") is not None) is kept
    database.dispose()


def test_a_database_that_fails_is_in_trouble_until_it_has_kept_something(database_url: str) -> None:
    full = True

    def fill(point: str) -> None:
        if full and point == "commit.before":
            raise OperationalError("COMMIT", None, Exception("the disk is full\nor so"))

    database = Database(database_url, fault=fill)
    begun: list[str] = []
    database.on_trouble(lambda: begun.append(database.trouble))

    def write(name: str) -> None:
        with database.transaction() as session:
            session.add(Setting(id=name, value="1"))

    for name in ("a", "b"):
        with pytest.raises(OperationalError):
            write(name)
    assert begun == ["the disk is full"]
    full = False
    with database.transaction():
        """Nothing is written, so nothing is known."""
    assert database.trouble
    write("c")
    assert not database.trouble
    database.dispose()


def test_what_is_refused_for_a_mistake_is_no_trouble(database: Database) -> None:
    def twice() -> None:
        with database.transaction() as session:
            session.add_all([Setting(id="a", value="1"), Setting(id="a", value="2")])

    with pytest.raises(IntegrityError):
        twice()
    assert not database.trouble


@pytest.mark.parametrize("point", ["commit.before", "commit.after"])
def test_after_a_cut_the_next_transaction_begins_afresh_in_any_thread(database_url: str, point: str) -> None:
    cuts = chain([False, True], repeat(False))

    def cut(reached: str) -> None:
        if reached == point and next(cuts):
            raise PulledPlugError

    database = Database(database_url, fault=cut)

    def write(name: str) -> None:
        with database.transaction() as session:
            session.add(Setting(id=name, value="1"))

    write("a")
    with pytest.raises(PulledPlugError):
        write("b")
    all_at_once(lambda number: write("cde"[number]), threads=3)
    with database.reading() as session:
        found = set(session.exec(select(Setting.id)))
    assert found - {"b"} == {"a", "c", "d", "e"}
    assert ("b" in found) is (point == "commit.after")
    database.dispose()


def test_what_one_transaction_read_the_next_one_reads_anew(database: Database) -> None:
    with database.transaction() as session:
        session.add(Setting(id="a", value="1"))
    with database.transaction() as session:
        read = session.get_one(Setting, "a")
    elsewhere = Database(database.url)
    with elsewhere.transaction() as session:
        session.get_one(Setting, "a").value = "2"
    elsewhere.dispose()
    with database.transaction() as session:
        assert (session.get_one(Setting, "a").value, read.value) == ("2", "1")


def test_a_database_that_was_closed_is_opened_again_by_who_goes_on(database: Database) -> None:
    for number in range(3):
        with database.transaction() as session:
            session.add(Setting(id=str(number), value=""))
        database.dispose()
    with database.reading() as session:
        assert len(session.exec(select(Setting)).all()) == 3


def test_what_a_reader_changes_is_forgotten(database: Database) -> None:
    with database.reading() as session:
        session.add(Setting(id="a", value="1"))
    with database.reading() as session:
        assert session.get(Setting, "a") is None


def test_rows_stay_readable_after_the_commit(database: Database) -> None:
    with database.transaction() as session:
        row = Setting(id="a", value="1")
        session.add(row)
    with database.reading() as session:
        found = session.exec(select(Setting)).one()
    assert (row.value, found.value) == ("1", "1")


def test_loops_are_woken_by_changes_and_not_by_finding_nothing(database: Database) -> None:
    woken: list[str] = []
    stop = database.on_commit(lambda: woken.append("!"))
    with database.transaction() as session:
        assert inbox.next_pending(session, now=NINE) is None
        assert deadlines.take_due(session, now=NINE) is None
        assert outbox.claim(session, lease_for=timedelta(minutes=1), limit=5, now=NINE) == []
    assert woken == []
    with database.transaction() as session:
        inbox.accept(session, key="E1", kind="message", body={}, now=NINE)
    assert woken == ["!"]
    with database.transaction() as session:
        assert not inbox.accept(session, key="E1", kind="message", body={}, now=NINE)
    assert woken == ["!"]
    with database.transaction() as session:
        row = inbox.next_pending(session, now=NINE)
        assert row is not None
        inbox.finish(session, row, now=NINE)
    assert woken == ["!", "!"]
    stop()
    with database.transaction() as session:
        session.add(Setting(id="a", value="1"))
    assert woken == ["!", "!"]


def test_what_was_undone_wakes_nobody_and_is_no_sign_that_the_database_keeps_things(database_url: str) -> None:
    def cut(point: str) -> None:
        if point == "commit.before" and is_full:
            raise OperationalError("COMMIT", None, Exception("database or disk is full"))

    def undo_part(session: Session) -> None:
        with undoable(session):
            remembered.keep(session, "part", "undone")
            session.flush()
            raise ValueError("broken")

    is_full = True
    database = Database(database_url, fault=cut)
    woken: list[str] = []
    database.on_commit(lambda: woken.append("setting"))
    with pytest.raises(OperationalError, match="full"), database.transaction() as session:
        remembered.keep(session, "whole", "refused")
    is_full = False

    with database.transaction() as session, pytest.raises(ValueError, match="broken"):
        undo_part(session)

    assert (woken, database.trouble) == ([], "database or disk is full")
    with database.transaction() as session:
        with pytest.raises(ValueError, match="broken"):
            undo_part(session)
        remembered.keep(session, "whole", "kept")
    assert (woken, database.trouble) == (["setting"], "")
    database.dispose()


def test_a_loop_is_woken_by_changes_of_its_own_tables_only(database: Database) -> None:
    woken: list[str] = []
    database.on_commit(lambda: woken.append("inbox"), of=["inbox"])
    database.on_commit(lambda: woken.append("deadline"), of=["deadline", "lane"])
    with database.transaction() as session:
        inbox.accept(session, key="E1", kind="message", body={}, now=NINE)
    assert woken == ["inbox"]
    with database.transaction() as session:
        deadlines.arm(session, kind="close", subject="1", due_at=NINE)
    assert woken == ["inbox", "deadline"]
    with database.transaction() as session:
        session.add(Setting(id="a", value="1"))
    assert woken == ["inbox", "deadline"]
    with database.transaction() as session:
        assert deadlines.take_due(session, now=NINE) is not None
        row = inbox.next_pending(session, now=NINE)
        assert row is not None
        inbox.finish(session, row, now=NINE)
    assert woken[2:] == ["inbox", "deadline"]


def test_a_woken_loop_sees_what_woke_it(database: Database) -> None:
    seen: list[int] = []

    def look() -> None:
        with database.transaction() as session:
            seen.append(inbox.pending_count(session, now=NINE))

    database.on_commit(look)
    with database.transaction() as session:
        inbox.accept(session, key="E1", kind="message", body={}, now=NINE)
    assert seen == [1]


def test_a_transaction_inside_another_is_refused_on_sqlite(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.transaction(), pytest.raises(RuntimeError, match="hand the session on"), database.transaction():
        pass
    database.dispose()


def test_writers_of_two_processes_do_not_overwrite_each_other(database_url: str) -> None:
    databases = [Database(database_url) for _ in range(4)]

    def count_up(number: int) -> None:
        for _ in range(10):
            with databases[number].transaction() as session:
                row = session.exec(select(Setting).where(Setting.id == "count").with_for_update()).one()
                row.value = str(int(row.value) + 1)

    with databases[0].transaction() as session:
        session.add(Setting(id="count", value="0"))
    all_at_once(count_up)
    with databases[0].reading() as session:
        assert session.get_one(Setting, "count").value == "40"
    for each in databases:
        each.dispose()


def test_a_reader_is_not_held_up_by_a_writer(database: Database) -> None:
    with database.transaction() as session:
        session.add(Setting(id="a", value="1"))
    with database.transaction() as session:
        session.get_one(Setting, "a").value = "2"
        session.flush()
        with database.reading() as other:
            assert other.get_one(Setting, "a").value == "1"


def test_sqlite_is_opened_for_keeps(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.transaction() as session:
        connection = session.connection()
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    database.dispose()


def test_sqlite_takes_the_write_lock_before_it_reads(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
    with database.transaction() as session:
        assert session.exec(select(InboxRow)).all() == []
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.close()
    database.dispose()


def test_moments_come_back_as_utc_from_any_zone(database: Database) -> None:
    from zoneinfo import ZoneInfo

    local = NINE.astimezone(ZoneInfo("Asia/Kolkata"))
    with database.transaction() as session:
        deadlines.arm(session, kind="k", subject="s", due_at=local)
    with database.transaction() as session:
        found = deadlines.take_due(session, now=NINE)
    assert found is not None
    assert found.due_at == NINE
    assert str(found.due_at.tzinfo) == "UTC"


def test_a_commit_of_another_process_wakes_the_loops_of_its_tables_and_is_not_told_on(database: Database) -> None:
    woken: list[str] = []
    told: list[set[str]] = []
    database.on_commit(lambda: woken.append("inbox"), of=["inbox"])
    database.on_commit(lambda: woken.append("any"))
    database.tell_of_commits(lambda tables: told.append(set(tables)))
    database.wake({"inbox", "lane"})
    assert woken == ["inbox", "any"]
    database.wake({"lane"})
    assert woken == ["inbox", "any", "any"]
    assert told == []
    with database.transaction() as session:
        inbox.accept(session, key="E1", kind="message", body={}, now=NINE)
    assert told == [{"inbox"}]


@pytest.mark.postgres
@pytest.mark.parametrize(("more", "waits"), [("", "10"), ("&connect_timeout=3", "3")])
def test_a_network_that_is_silent_is_given_up_long_before_the_system_would(
    postgres_url: str, more: str, waits: str
) -> None:
    engine = connect(postgres_url + more)
    with engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        found = driver.info.get_parameters()
    engine.dispose()

    assert found["connect_timeout"] == waits
    assert found["tcp_user_timeout"] == "15000", "milliseconds in which nobody acknowledges what was sent"
    assert int(found["keepalives_idle"]) + 3 * int(found["keepalives_interval"]) <= 30


@pytest.mark.postgres
def test_a_database_that_took_nothing_for_a_while_is_written_to_as_soon_as_it_does_again(
    postgres: Server, postgres_url: str
) -> None:
    name = make_url(postgres_url).database
    database = Database(postgres_url)

    def write() -> None:
        with database.transaction() as session:
            remembered.keep(session, "any", "thing")

    postgres.run(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    with pytest.raises(InternalError, match="read-only"):
        write()
    postgres.run(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')

    write()

    assert database.trouble == ""
    database.dispose()
