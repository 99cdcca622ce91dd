"""Has a transaction changed a row, and in which tables? What was undone within it has changed nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.engine import Connection

from bot.store.newborn import wrote

_COUNTED, _UNDONE, _TABLES = "changes", "undone", "tables"


def begin(connection: Connection) -> set[str]:
    """Count from here on; gives the set that the names of changed tables will be in."""
    connection.info[_COUNTED] = connection.info[_UNDONE] = 0
    tables = connection.info[_TABLES] = set[str]()
    return tables


def count(connection: Connection) -> int:
    """A number that is greater where rows were changed in between."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.dbapi_connection
        return int(driver.total_changes) - int(connection.info.get(_UNDONE, 0))
    return int(connection.info.get(_COUNTED, 0)) - int(connection.info.get(_UNDONE, 0))


def note(connection: Connection, cursor: Any, _text: str, _values: object, context: Any, _many: object) -> None:
    """Hear of each statement, as SQLAlchemy tells it."""
    if context.isinsert or context.isupdate or context.isdelete:
        connection.info[_COUNTED] = connection.info.get(_COUNTED, 0) + abs(cursor.rowcount)
        wrote(connection, context.compiled.statement.table.name)


@contextmanager
def undone_uncounted(connection: Connection) -> Iterator[None]:
    """Count nothing of a part of a transaction that raises."""
    before, tables = count(connection), set(connection.info.get(_TABLES, ()))
    try:
        yield
    except BaseException:
        # One that was cut can be asked nothing, and its whole transaction is undone.
        if not connection.invalidated:
            connection.info[_UNDONE] = connection.info.get(_UNDONE, 0) + count(connection) - before
            connection.info.get(_TABLES, set()).intersection_update(tables)
        raise
