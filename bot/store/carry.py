"""How does a whole desk move from a SQLite file to PostgreSQL? Table by table, in one transaction, or not at all."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Integer, Row, StaticPool, Table, create_engine, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, StatementError
from sqlmodel import Session

from bot.store.engine import connect, missing_file
from bot.store.errors import CannotMove, first_line
from bot.store.migrate import current, head, upgrade_on
from bot.store.tables import metadata

AT_ONCE = 500
PATIENCE_SECONDS = 0.5
"""How long another process that has the file may take to let go of it."""

_HEAD = metadata.tables["stream_head"]


@contextmanager
def stopped(url: str) -> Iterator[Session]:
    """The SQLite desk at the address for us alone: nobody has it open, and nobody can open it meanwhile.

    Nothing is committed but by the caller. Raises CannotMove where a process has it or its tables are older.
    """
    if gone := missing_file(url):
        raise CannotMove(f"DATABASE_URL names {gone}, which is not there.")
    path = Path(str(make_url(url).database))
    with closing(sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)) as raw:
        engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
        with engine.connect() as connection, Session(connection) as session:
            # Only now: SQLAlchemy's own first look at a connection ends with a rollback, which would let others in.
            _hold(raw, path)
            if current(connection) != head():
                raise CannotMove(f"The desk is not at schema {head()}: run `bot migrate` first.")
            yield session


def _hold(raw: sqlite3.Connection, path: Path) -> None:
    """Have a file for us alone. Raises CannotMove where somebody else has it, or it cannot be had at all."""
    try:
        # SQLite leaves WAL only for the one connection that there is: so a desk at work is noticed.
        raw.execute("PRAGMA journal_mode = DELETE")
        raw.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise CannotMove(f"The desk is running ({error}): stop all its processes first.") from None
        raise CannotMove(f"DATABASE_URL: {path} cannot be used: {error}.") from None


@contextmanager
def prepared(url: str) -> Iterator[Session]:
    """The PostgreSQL database at the address with all tables, in a transaction that only the caller commits."""
    engine = connect(url)
    try:
        with engine.connect() as connection, Session(connection) as session:
            upgrade_on(connection)
            yield session
    finally:
        engine.dispose()


def is_there(source: Session, target: Session) -> bool:
    """Whether the whole desk stands in the target already, as where a move ended before it could say so.

    Raises CannotMove where there are other rows in it.
    """
    full = {name: count for name in sorted(metadata.tables) if (count := _count(target.connection(), name))}
    if not full:
        return False
    has = {name: count for name in sorted(metadata.tables) if (count := _count(source.connection(), name))}
    # The hashes are over salted words: no other desk has the same.
    if full != has or not heads(source) or heads(source) != heads(target):
        raise CannotMove(f"The target is not empty: it has rows in {', '.join(full)}. Name an empty database.")
    return True


def copy(source: Session, target: Session) -> int:
    """Copy every row of every table, and give how many; numbers go on where they stood.

    Raises CannotMove where a row cannot be read, or is not such as PostgreSQL keeps.
    """
    return sum(_copy_table(source.connection(), target.connection(), table.name) for table in metadata.sorted_tables)


def heads(session: Session) -> list[tuple[str, int, str]]:
    """The last row of every stream of the record: the same on both sides where the same was carried."""
    rows = session.connection().execute(select(_HEAD.c.stream, _HEAD.c.seq, _HEAD.c.hash))
    # In an order that no database's own idea of letters decides.
    return sorted((row.stream, row.seq, row.hash) for row in rows)


def _copy_table(source: Connection, target: Connection, name: str) -> int:
    table = metadata.tables[name]
    count = 0
    try:
        with _pouring(target, table) as pour:
            for row in source.execute(select(table).execution_options(yield_per=AT_ONCE)):
                pour(row)
                count += 1
    except (psycopg.DataError, psycopg.IntegrityError, StatementError, ValueError) as error:
        why = first_line(error.orig if isinstance(error, StatementError) else error)
        raise CannotMove(f"A row of {name} cannot be carried, so nothing was written: {why}.") from error
    except psycopg.Error as error:
        raise OperationalError(f"COPY {name}", None, error) from error
    keys = list(table.primary_key.columns)
    if count and len(keys) == 1 and isinstance(keys[0].type, Integer):
        sequence = target.execute(select(func.pg_get_serial_sequence(f'"{name}"', keys[0].name))).scalar_one()
        if sequence is not None:
            target.execute(select(func.setval(sequence, select(func.max(keys[0])).scalar_subquery())))
    return count


@contextmanager
def _pouring(target: Connection, table: Table) -> Iterator[Callable[[Row[Any]], None]]:
    """Take rows for a table, values in the order of its columns, by COPY: several times as fast as INSERT."""
    dialect = target.dialect
    kept_as = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns]
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    driver: Any = target.connection.dbapi_connection
    with driver.cursor() as cursor:
        copying = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
        with cursor.copy(copying) as copy:

            def pour(row: Row[Any]) -> None:
                copy.write_row([keep(value) if keep else value for keep, value in zip(kept_as, row, strict=True)])

            yield pour


def _count(connection: Connection, name: str) -> int:
    return int(connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one())
