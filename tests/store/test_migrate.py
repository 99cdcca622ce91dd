"""Do the migrations lead to the tables that the program has, on both databases?"""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.store.database import Database
from bot.store.engine import connect, parse_url
from bot.store.errors import SchemaBehind
from bot.store.migrate import current, head, upgrade
from bot.store.tables import metadata


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


def refusal(url: str) -> str:
    database = Database(url)
    with pytest.raises(SchemaBehind) as refused:
        database.check_schema()
    database.dispose()
    return str(refused.value)


def test_a_database_without_tables_says_what_to_run(tmp_path: object) -> None:
    sentence = refusal(f"sqlite:///{tmp_path}/new.db")
    assert sentence == f"The database has no tables yet, this program needs {head()}: run `bot migrate`."


@pytest.mark.postgres
def test_a_postgres_database_without_tables_says_what_to_run(empty_postgres_url: str) -> None:
    assert "no tables yet" in refusal(empty_postgres_url)
    upgrade(empty_postgres_url)
    database = Database(empty_postgres_url)
    database.check_schema()
    database.dispose()


def test_a_database_of_another_version_says_so(database_url: str) -> None:
    engine = connect(database_url).execution_options(watchbell_write=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    engine.dispose()
    assert refusal(database_url).startswith("The database is at schema 0000, this program needs")


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
