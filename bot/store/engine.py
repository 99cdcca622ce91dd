"""How is a database address opened, and with which settings does it keep what it is given?"""

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, ExceptionContext, make_url

from bot.store.compiled import driver_of, in_words
from bot.store.errors import WrongEncoding

READ_ONLY = "25006"
"""What PostgreSQL says where it takes no change: of a copy, or since somebody told it so."""

BUSY_MILLISECONDS = 10_000
"""How long SQLite waits for a writer in another process."""


_PATIENCE = {
    "connect_timeout": 10, "tcp_user_timeout": 15_000, "keepalives_idle": 15, "keepalives_interval": 5,
    "keepalives_count": 3,
}  # fmt: skip
"""After how many seconds (the second: milliseconds) a PostgreSQL counts as gone that says nothing at all any more.

A host that vanishes, or a failover that leaves its address to nobody, ends no connection; Linux waits for a quarter of
an hour, and for two hours where only an answer is awaited. How long a statement may take is another matter.
"""


def _patience(url: URL) -> dict[str, Any]:
    """How long a connection to PostgreSQL waits for a network that is silent, where its address does not say."""
    return {name: value for name, value in _PATIENCE.items() if name not in url.query}


def connect_apart(url: str) -> psycopg.Connection:
    """A connection to PostgreSQL outside the pool, on which each statement is committed by itself."""
    address = make_url(url)
    conninfo = address.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(conninfo, autocommit=True, prepare_threshold=None, **_patience(address))


def parse_url(text: str) -> URL:
    """The address as SQLAlchemy takes it; `postgres://` and `postgresql://` mean psycopg 3.

    Raises ValueError for another database, or for SQLite without a file.
    """
    url = make_url(text)
    if url.drivername in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise ValueError("SQLite needs a file to survive a restart, such as sqlite:///watchbell.db")
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ValueError(f"{url.get_backend_name()} is not supported; use sqlite:///watchbell.db or postgresql://...")
    return url


def missing_file(text: str) -> Path | None:
    """The SQLite file that an address names and that is not there; whoever opened it would make an empty one."""
    url = make_url(text)
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith("file:"):
        return None
    path = Path(url.database)
    return None if path.is_file() else path


def connect(text: str) -> Engine:
    """An engine for the address, with the settings that durability needs."""
    url = parse_url(text)
    if url.get_backend_name() == "postgresql":
        # A pooler gives each transaction another server session: nothing may be prepared in one and used in the next.
        engine = create_engine(
            url, hide_parameters=True, pool_size=10, max_overflow=20, pool_pre_ping=True,
            connect_args={"prepare_threshold": None, **_patience(url)},
        )  # fmt: skip
        # Before SQLAlchemy's own first look at the server, which fails where text has no encoding.
        event.listen(engine, "connect", _check_encoding, insert=True)
        event.listen(engine, "handle_error", _leave_what_takes_nothing)
        return engine
    # Errors quote the statement and not its values: those are people's words and contacts.
    engine = create_engine(
        url, hide_parameters=True, pool_size=10, max_overflow=20, connect_args={"check_same_thread": False}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _check_encoding(connection: psycopg.Connection, _record: object) -> None:
    """Pass a database that takes all that people write. Raises WrongEncoding with a sentence for the operator."""
    encoding = (connection.pgconn.parameter_status(b"server_encoding") or b"UTF8").decode()
    if encoding != "UTF8":
        raise WrongEncoding(
            f"The database's encoding is {encoding}, which cannot hold all that people write: "
            "make one with `createdb --encoding UTF8 --template template0 NAME`."
        )


def _leave_what_takes_nothing(context: ExceptionContext) -> None:
    """Let a session that takes no change count as cut, with all that were begun before it.

    After a failover the address may lead to the copy for a while, and a session keeps what it was begun with: it would
    refuse each change until this process ends.
    """
    if getattr(context.original_exception, "sqlstate", None) == READ_ONLY:
        context.is_disconnect = True


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("watchbell_write")
    text = "BEGIN IMMEDIATE" if writes else "BEGIN"
    try:
        driver_of(connection).execute(text)
    except sqlite3.Error as error:
        raise in_words(error, text) from error
