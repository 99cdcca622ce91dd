"""On which databases does a test run? On both: a SQLite file of its own, and a PostgreSQL database of its own."""

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from bot.store.database import Database
from bot.store.migrate import upgrade
from tests.postgres import NoPostgresError, Server, server

_numbers = count(1)


def named() -> str:
    """A name that no other database of the server has."""
    # A named server may serve the tests of several people at once.
    return f"watchbell_{os.getpid()}_{next(_numbers)}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows."""
    path = tmp_path_factory.mktemp("template") / "watchbell.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One PostgreSQL server for all tests, with a template that has all tables and no rows."""
    try:
        with server() as running:
            running.template = named()
            upgrade(running.create(running.template, empty=True))
            yield running
            running.drop(running.template)
    except NoPostgresError as reason:
        pytest.fail(str(reason), pytrace=False)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of an empty, migrated SQLite database."""
    path = tmp_path / "watchbell.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres: Server) -> Iterator[str]:
    """The address of an empty, migrated PostgreSQL database."""
    name = named()
    yield postgres.create(name)
    postgres.drop(name)


@pytest.fixture
def empty_postgres_url(postgres: Server) -> Iterator[str]:
    """The address of a PostgreSQL database without tables."""
    name = named()
    yield postgres.create(name, empty=True)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty, migrated database of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty, migrated database of each kind."""
    opened = Database(database_url)
    yield opened
    opened.dispose()
