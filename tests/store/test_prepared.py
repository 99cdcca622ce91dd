"""Does a statement that is compiled once do what SQLAlchemy would do with it?"""

import pytest
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from bot.store import deadlines, later
from bot.store.compiled import compiled_for
from bot.store.database import Database
from bot.store.insertion import insert_or_change
from bot.store.prepared import Prepared
from bot.store.tables import metadata
from tests.make import NINE

SETTING, DEADLINE = metadata.tables["setting"], metadata.tables["deadline"]
ADD = Prepared(insert(SETTING))
CHANGE = Prepared(update(SETTING).where(SETTING.c.id == bindparam("name")).values(value=bindparam("text")))
READ = Prepared(select(SETTING.c.id, SETTING.c.value).where(SETTING.c.id == bindparam("name")))


def test_rows_come_with_their_columns_and_in_their_types(database: Database) -> None:
    due = Prepared(select(DEADLINE.c.due_at, DEADLINE.c.subject).order_by(DEADLINE.c.due_at).limit(1))
    with database.transaction() as session:
        deadlines.arm(session, kind="update", subject="1", due_at=NINE)
        row = due.first(session)
        assert row is not None
        assert (row.due_at, row.subject) == (NINE, "1")
        assert due.value(session) == NINE
        assert Prepared(select(func.count()).select_from(DEADLINE)).value(session) == 1


def test_what_is_not_there_is_none(database: Database) -> None:
    with database.reading() as session:
        assert READ.all(session, name="x") == []
        assert READ.first(session, name="x") is None
        assert READ.value(session, name="x") is None


def test_a_statement_with_no_rows_gives_none_and_does_its_work(database: Database) -> None:
    with database.transaction() as session:
        assert ADD.all(session, id="x", value="before") == []
        assert CHANGE.all(session, name="x", text="after") == []
        assert READ.first(session, name="x") == ("x", "after")


def test_the_first_of_two_insertions_wins_or_is_changed_on_both_databases(database: Database) -> None:
    keep = Prepared(insert_or_change(SETTING, "id", change=("value",), returning=(SETTING.c.value,)))
    with database.transaction() as session:
        assert [keep.value(session, id="x", value=text) for text in ("one", "two")] == ["one", "two"]


def test_what_the_database_refuses_is_raised_as_sqlalchemy_raises_it_and_quotes_no_values(database: Database) -> None:
    def add_twice(session: Session) -> None:
        for text in ("first", "a secret"):
            ADD.all(session, id="x", value=text)

    with pytest.raises(IntegrityError) as refused, database.transaction() as session:
        add_twice(session)
    assert "a secret" not in str(refused.value)
    with database.reading() as session:
        assert READ.first(session, name="x") is None


def test_rows_that_wait_are_refused_in_the_same_way(database: Database) -> None:
    add = insert(SETTING)

    def add_twice() -> None:
        with database.transaction() as session:
            for text in ("first", "second"):
                later.write(session, add, {"id": "x", "value": text})

    with pytest.raises(IntegrityError):
        add_twice()


def test_a_writer_that_is_locked_out_says_so_as_any_other_statement_does(sqlite_url: str) -> None:
    database, other = Database(sqlite_url), Database(sqlite_url)
    with other.reading() as session:
        session.connection().exec_driver_sql("PRAGMA busy_timeout = 0")
    with database.transaction(), pytest.raises(OperationalError), other.transaction():
        pass
    database.dispose()
    other.dispose()


def test_who_waits_for_news_hears_of_what_it_wrote(database: Database) -> None:
    heard: list[str] = []
    database.on_commit(lambda: heard.append("setting"), of=["setting"])
    database.on_commit(lambda: heard.append("deadline"), of=["deadline"])
    with database.transaction() as session:
        ADD.all(session, id="x", value="y")
    with database.transaction() as session:
        READ.all(session, name="x")
    assert heard == ["setting"]


def test_a_statement_whose_places_depend_on_its_values_is_refused() -> None:
    database = Database("sqlite:///never-opened.db")
    chosen = select(SETTING.c.value).where(SETTING.c.id.in_(bindparam("names", expanding=True)))
    with pytest.raises(TypeError):
        compiled_for(chosen, database._engine.dialect, ("names",))  # noqa: SLF001 - no public way to a dialect
    database.dispose()
