"""Do the migrations lead to the tables that the program has, on both databases?"""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.engine import make_url

import bot.store.migrate
from bot.store import trail
from bot.store.database import Database
from bot.store.engine import connect, parse_url
from bot.store.errors import SchemaBehind
from bot.store.migrate import current, head, upgrade, upgrade_on
from bot.store.tables import metadata
from tests.make import NINE
from tests.postgres import Server

VERSIONS = Path(bot.store.migrate.__file__).parent / "migrations" / "versions"


def test_migrations_and_models_agree(database_url: str) -> None:
    engine = connect(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert current(connection) == head()
    engine.dispose()


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    upgrade(database_url)
    database = Database(database_url)
    database.check_schema()
    database.dispose()


def shape(connection: Connection) -> dict[str, dict[str, bool]]:
    """The columns of every table, and whether a statement that does not know one may leave it out."""
    looked = inspect(connection)
    return {
        table: {each["name"]: each["nullable"] or each["default"] is not None for each in looked.get_columns(table)}
        for table in looked.get_table_names()
    }


def test_migrations_only_add_so_that_the_release_before_goes_on_working(tmp_path: Path) -> None:
    revisions = sorted(path.name[:4] for path in VERSIONS.glob("0*.py"))
    engine = connect(f"sqlite:///{tmp_path}/desk.db").execution_options(watchbell_write=True)
    before: dict[str, dict[str, bool]] = {}
    for revision in revisions:
        with engine.begin() as connection:
            upgrade_on(connection, to=revision)
            after = shape(connection)
        for table, columns in before.items():
            assert columns.keys() <= after[table].keys(), f"{revision} takes from {table}"
            added = {name for name in after[table].keys() - columns.keys() if not after[table][name]}
            assert added == set(), f"{revision}: {table} demands {added} of a program that knows them not"
        before = after
    assert revisions[-1] == head()
    engine.dispose()


def write(database: Database, text: str) -> None:
    with database.transaction() as session:
        trail.append(
            session, stream="ticket:1", actor="bot", event_kind="opened", facts={}, words={"summary": text},
            author="U0CY", token=lambda: "salt", at=NINE,
        )  # fmt: skip


def what_was_written(url: str) -> list[str]:
    """Written before the words were kept by their stream, and after; the release before writes both."""
    engine = connect(url).execution_options(watchbell_write=True)
    with engine.begin() as connection:
        upgrade_on(connection, to="0012")
    engine.dispose()
    before = Database(url, program="0012")
    for text in ("The export is empty", "It is still empty"):
        write(before, text)
    upgrade(url)
    write(before, "Now it is not")
    with before.reading() as session:
        assert trail.verify(session) is None
        found = [entry.words["summary"] for entry in trail.read(session, "ticket:1")]
    before.dispose()
    return found


THREE_TEXTS = ["The export is empty", "It is still empty", "Now it is not"]


def test_words_that_were_written_before_their_table_changed_are_there_and_verify(tmp_path: Path) -> None:
    assert what_was_written(f"sqlite:///{tmp_path}/desk.db") == THREE_TEXTS


@pytest.mark.postgres
def test_on_postgresql_too(empty_postgres_url: str) -> None:
    assert what_was_written(empty_postgres_url) == THREE_TEXTS


def refusal(url: str) -> str:
    database = Database(url)
    with pytest.raises(SchemaBehind) as refused:
        database.check_schema()
    database.dispose()
    return str(refused.value)


@pytest.mark.postgres
def test_what_a_role_is_given_for_a_click_does_not_end_a_migration(postgres: Server, empty_postgres_url: str) -> None:
    name = make_url(empty_postgres_url).database
    limits = ("statement_timeout", "idle_in_transaction_session_timeout")
    for limit in limits:
        postgres.run(f"ALTER DATABASE \"{name}\" SET {limit} = '5s'")
    engine = connect(empty_postgres_url)
    with engine.connect() as connection:
        upgrade_on(connection)
        found = {limit: connection.exec_driver_sql(f"SHOW {limit}").scalar_one() for limit in limits}
    engine.dispose()

    assert found == dict.fromkeys(limits, "0")


def test_a_database_without_tables_says_what_to_run(tmp_path: Path) -> None:
    (tmp_path / "new.db").touch()
    sentence = refusal(f"sqlite:///{tmp_path}/new.db")
    assert sentence == f"The database has no tables yet, this program needs {head()}: run `bot migrate`."


@pytest.mark.postgres
def test_a_postgres_database_without_tables_says_what_to_run(empty_postgres_url: str) -> None:
    assert "no tables yet" in refusal(empty_postgres_url)
    upgrade(empty_postgres_url)
    database = Database(empty_postgres_url)
    database.check_schema()
    database.dispose()


def test_a_database_of_an_older_version_says_so(database_url: str) -> None:
    engine = connect(database_url).execution_options(watchbell_write=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    engine.dispose()
    assert refusal(database_url).startswith("The database is at schema 0000, this program needs")


def test_a_newer_programs_database_is_taken_and_known_as_such(database_url: str) -> None:
    older = Database(database_url, program="0003")
    older.check_schema()
    assert older.is_ahead()
    older.dispose()
    same = Database(database_url)
    assert not same.is_ahead()
    same.dispose()


@pytest.mark.parametrize(
    "address", ["postgres://host/desk", "postgresql://host/desk", "postgresql+psycopg://host/desk"]
)
def test_every_spelling_of_postgres_means_the_same_driver(address: str) -> None:
    assert parse_url(address).drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    ("address", "why"),
    [("sqlite://", "needs a file"), ("sqlite:///:memory:", "needs a file"), ("mysql://host/desk", "not supported")],
)
def test_a_database_that_cannot_keep_a_desk_is_refused(address: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_url(address)
