"""Which rows wait to be written together?

A transaction that writes many rows of a kind, one after the other, writes them as one statement. Nothing can tell the
difference: what waits is written before the next statement of any other kind, and before the transaction commits.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Insert, Update
from sqlalchemy.engine import Connection
from sqlmodel import Session

from bot.store import gathered
from bot.store.compiled import compiled_for
from bot.store.insertion import Insertion
from bot.store.newborn import WRITTEN

WAITING = "later"
"""Under which name a transaction keeps what waits, by its statement; its connection knows the same."""

CONNECTION = "connection"
"""Under which name a transaction keeps its connection: the session would look for it anew each time."""

Statement = Insert | Update
Waiting = dict[Statement, list[Mapping[str, Any]]]


def begin(session: Session, connection: Connection) -> None:
    """Let the rows of a transaction wait from here on."""
    session.info[WAITING] = connection.info[WAITING] = Waiting()
    session.info[CONNECTION] = connection


def connection_of(session: Session) -> Connection:
    """The connection of a session: in a transaction the one that it began with."""
    connection: Connection | None = session.info.get(CONNECTION)
    return connection or session.connection()


def write(session: Session, statement: Insertion | Statement, row: Mapping[str, Any]) -> None:
    """Write a row with the next ones of the same statement; at once where the session is no transaction's.

    A table's rows keep their order only where all of them come with one statement.
    """
    chosen = statement.on(session) if isinstance(statement, Insertion) else statement
    waiting: Waiting | None = session.info.get(WAITING)
    if waiting is None:
        session.connection().execute(chosen, row)
    else:
        if chosen not in waiting:
            waiting[chosen] = []
            table: Any = chosen.table
            session.info[WRITTEN].add(table.name)
        waiting[chosen].append(row)


def flush(connection: Connection) -> None:
    """Write what waits."""
    waiting: Waiting | None = connection.info.get(WAITING)
    if waiting:
        written = list(waiting.items())
        waiting.clear()
        gathered.forget(connection)
        for statement, rows in written:
            if connection.dialect.name == "sqlite":
                compiled = compiled_for(statement, connection.dialect, tuple(rows[0]))
                compiled.run_for_each(connection, rows)
            else:
                connection.execute(statement, rows)


def end(session: Session) -> None:
    """Let nothing wait any longer: the transaction is over."""
    forget(session)
    session.info.pop(CONNECTION, None)


def forget(session: Session) -> None:
    """Write nothing of what waits: the part of the transaction that asked for it is undone."""
    session.info.get(WAITING, {}).clear()
