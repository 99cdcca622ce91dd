"""Does a whole desk arrive on PostgreSQL, and does nothing go wrong where it cannot?"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import chain, repeat

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.engine import make_url

from bot.store import carry
from bot.store.database import Database
from bot.store.errors import CannotMove
from bot.store.tables import metadata
from tests.commands.shell import Shell
from tests.services.office import Office

pytestmark = pytest.mark.postgres


@pytest.fixture
def lived_in(desk: Shell) -> Shell:
    """A desk on SQLite that has worked for two hours, and is stopped."""
    database = Database(desk.environ["DATABASE_URL"])
    office = Office(database)
    office.opens()
    office.opens("sev3 “Zażółć gęślą jaźń” & more", by="dee")
    office.passes(minutes=70)
    database.dispose()
    return desk


def after_one(real: Callable[[Connection], None], then: Callable[..., None]) -> Callable[[Connection], None]:
    """The real call once, and something else from then on."""
    calls = chain([real], repeat(then))

    def call(connection: Connection) -> None:
        next(calls)(connection)

    return call


def rows(url: str) -> dict[str, int]:
    database = Database(url)
    with database.reading() as session:
        counted = {
            name: session.connection().execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }
    database.dispose()
    return counted


def contents(url: str) -> dict[str, list[str]]:
    """Every value of every row, as the program reads it."""
    database = Database(url)
    with database.reading() as session:
        found = {
            name: sorted(map(repr, session.connection().execute(select(table))))
            for name, table in metadata.tables.items()
        }
    database.dispose()
    return found


def test_a_whole_desk_arrives_verifies_and_goes_on(lived_in: Shell, empty_postgres_url: str) -> None:
    before, values = rows(lived_in.environ["DATABASE_URL"]), contents(lived_in.environ["DATABASE_URL"])
    tried = lived_in.types("migrate", "--to", empty_postgres_url, "--dry-run")
    assert (tried.code, tried.err) == (0, "")
    assert tried.out.startswith(f"would carry {sum(before.values())} rows to ")
    moved = lived_in.types("migrate", "--to", empty_postgres_url)
    assert (moved.code, moved.err) == (0, "")

    assert rows(empty_postgres_url) == before
    assert contents(empty_postgres_url) == values
    verified = lived_in.types("audit", "verify", DATABASE_URL=empty_postgres_url)
    assert verified.code == 0, verified.err
    database = Database(empty_postgres_url)
    office = Office(database)
    assert office.opens("sev3 The third") == "T-3"
    office.passes(hours=1)
    assert office.is_sound()
    database.dispose()


def test_the_old_desk_is_not_started_again(lived_in: Shell, empty_postgres_url: str) -> None:
    assert lived_in.types("migrate", "--to", empty_postgres_url).code == 0
    refused = lived_in.types("ticket", "list")
    assert refused.code == 1
    assert refused.sentence.startswith("This desk has moved: set DATABASE_URL to postgresql://")
    assert str(make_url(empty_postgres_url).database) in refused.sentence, "it is said where to, and not who may"
    assert "watchbell@" not in refused.sentence
    again = lived_in.types("migrate", "--to", empty_postgres_url)
    assert again.sentence.startswith("This desk has moved to postgresql://")


def test_nobody_writes_to_the_old_file_while_it_is_carried(
    lived_in: Shell, empty_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []

    def come_in(_: object) -> list[tuple[str, int, str]]:
        with closing(sqlite3.connect(lived_in.environ["DATABASE_URL"].removeprefix("sqlite:///"), timeout=0)) as other:
            try:
                other.execute("UPDATE ticket SET summary = 'written meanwhile'")
            except sqlite3.OperationalError as error:
                refused.append(str(error))
        return []

    monkeypatch.setattr(carry, "heads", come_in)
    assert lived_in.types("migrate", "--to", empty_postgres_url).code == 0

    assert set(refused) == {"database is locked"}


def test_a_file_that_is_no_database_is_named(shell: Shell, empty_postgres_url: str) -> None:
    shell.file("notes.txt", "These are notes and no database.")

    said = shell.types("migrate", "--to", empty_postgres_url, DATABASE_URL="sqlite:///notes.txt")

    assert said.sentence == "DATABASE_URL: notes.txt cannot be used: file is not a database."


def test_a_move_that_was_killed_before_it_marked_the_old_file_is_brought_to_its_end(
    lived_in: Shell, empty_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    # The target is committed, and the file is not.
    monkeypatch.setattr(Connection, "commit", after_one(Connection.commit, die))
    with pytest.raises(Killed):
        lived_in.types("migrate", "--to", empty_postgres_url)
    monkeypatch.undo()
    assert lived_in.types("ticket", "list").code == 0

    tried = lived_in.types("migrate", "--to", empty_postgres_url, "--dry-run")
    again = lived_in.types("migrate", "--to", empty_postgres_url)

    assert (tried.code, again.code) == (0, 0)
    assert again.out.startswith("this desk stands in postgresql://")
    assert lived_in.types("ticket", "list").sentence.startswith("This desk has moved: ")
    assert lived_in.types("audit", "verify", DATABASE_URL=empty_postgres_url).code == 0


def test_a_desk_that_went_on_after_such_a_move_is_not_taken_for_the_other(
    lived_in: Shell, empty_postgres_url: str
) -> None:
    assert lived_in.types("migrate", "--to", empty_postgres_url).code == 0
    old = Database(lived_in.environ["DATABASE_URL"])
    with old.transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM setting WHERE id = 'moved'")
    old.dispose()
    there = Database(empty_postgres_url)
    Office(there).opens("sev3 The third")
    there.dispose()

    assert "not empty" in lived_in.types("migrate", "--to", empty_postgres_url).sentence
    assert lived_in.types("ticket", "list").code == 0


def test_a_row_that_postgresql_does_not_keep_is_named_by_its_table(lived_in: Shell, empty_postgres_url: str) -> None:
    old = Database(lived_in.environ["DATABASE_URL"])
    with old.transaction() as session:
        session.connection().exec_driver_sql("UPDATE ticket SET summary = 'a' || char(0) || 'b' WHERE number = 1")
    old.dispose()

    refused = lived_in.types("migrate", "--to", empty_postgres_url)

    assert refused.sentence.startswith("A row of ticket cannot be carried, so nothing was written: PostgreSQL text")


def test_a_desk_that_runs_is_not_moved(lived_in: Shell, empty_postgres_url: str) -> None:
    running = Database(lived_in.environ["DATABASE_URL"])
    with running.reading() as session:
        session.connection()
    refused = lived_in.types("migrate", "--to", empty_postgres_url)
    assert refused.sentence.startswith("The desk is running")
    running.dispose()
    assert lived_in.types("migrate", "--to", empty_postgres_url, "--dry-run").code == 0


def test_nothing_is_written_where_the_target_is_in_use_or_the_record_is_not_sound(
    lived_in: Shell, postgres_url: str
) -> None:
    database = Database(lived_in.environ["DATABASE_URL"])
    with database.transaction() as session:
        timeline = metadata.tables["timeline"]
        session.connection().execute(timeline.update().where(timeline.c.seq == 2).values(actor="person:nobody"))
    database.dispose()
    refused = lived_in.types("migrate", "--to", postgres_url)
    assert refused.sentence.startswith("The record does not verify, so nothing was written: ")
    assert sum(rows(postgres_url).values()) == 0

    taken = Database(postgres_url)
    Office(taken)
    taken.dispose()
    assert "not empty" in lived_in.types("migrate", "--to", postgres_url).sentence


@pytest.mark.parametrize("to", ["sqlite:///other.db", "mysql://host/desk"])
def test_only_postgresql_is_a_target(lived_in: Shell, to: str) -> None:
    assert lived_in.types("migrate", "--to", to).code == 1


def test_a_file_that_is_not_there_is_named(shell: Shell, postgres_url: str) -> None:
    refused = shell.types("migrate", "--to", postgres_url, DATABASE_URL="sqlite:///none.db")
    assert refused.sentence == "DATABASE_URL names none.db, which is not there."
    assert shell.types("migrate", "--dry-run").code == 2


def test_a_move_that_is_cut_off_leaves_both_sides_as_they_were(
    lived_in: Shell, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise CannotMove("cut off")

    monkeypatch.setattr(carry, "heads", cut)
    assert lived_in.types("migrate", "--to", postgres_url).sentence == "cut off"
    monkeypatch.undo()
    assert sum(rows(postgres_url).values()) == 0
    assert lived_in.types("ticket", "list").code == 0
