"""How does a statement that never changes reach SQLite's driver without being looked at anew each time?

SQLAlchemy's own way from a statement to its rows costs many times what SQLite itself takes for it. Here a statement is
compiled once; after that only its values and its rows pass through the types of their columns.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import CompoundSelect, Delete, Insert, Select, Update
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from bot.store import moments

Writing = Insert | Update | Delete
Statement = Select[Any] | CompoundSelect[Any] | Writing
Making = Callable[[Sequence[Any]], Any]
"""Makes a row of its columns, in their order."""


class Place(NamedTuple):
    """Where a value stands in a statement: its name, or what it always is, and what makes it one of the driver's."""

    name: str | None
    always: Any
    process: Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement as SQLite takes it."""

    text: str
    places: tuple[Place, ...]
    row: Making | None
    """Makes a row of the driver's one; None where the statement gives no rows."""

    def values(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """What stands in its places, in the driver's types."""
        return tuple(
            [
                always if name is None else given[name] if process is None else process(given[name])
                for name, always, process in self.places
            ]
        )

    def run(self, connection: Connection, given: Mapping[str, Any]) -> list[Any]:
        """Give all its rows. Raises what SQLAlchemy raises for an error of the driver's."""
        try:
            rows = driver_of(connection).execute(self.text, self.values(given)).fetchall()
        except sqlite3.Error as error:
            raise in_words(error, self.text) from error
        return rows if self.row is None else [self.row(each) for each in rows]

    def run_for_each(self, connection: Connection, given: Iterable[Mapping[str, Any]]) -> None:
        """Run it once for each of these rows. Raises the same."""
        try:
            driver_of(connection).executemany(self.text, [self.values(each) for each in given])
        except sqlite3.Error as error:
            raise in_words(error, self.text) from error


def driver_of(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection."""
    driver: Any = connection.connection.dbapi_connection
    return cast("sqlite3.Connection", driver)


def in_words(error: sqlite3.Error, text: str) -> BaseException:
    """An error of the driver's as SQLAlchemy raises it, without the values that it was about."""
    return DBAPIError.instance(text, None, error, sqlite3.Error, hide_parameters=True)


@lru_cache(maxsize=256)
def compiled_for(
    statement: Statement, dialect: Dialect, names: tuple[str, ...], made: Making | None = None
) -> Compiled:
    """A statement compiled for values of these names; `made` makes its rows, named tuples of its columns where not.

    Raises TypeError where it has no fixed places for them.
    """
    found = statement.compile(dialect=dialect, column_keys=names if isinstance(statement, Insert | Update) else None)
    if not isinstance(found, SQLCompiler) or found.positiontup is None or "POSTCOMPILE" in str(found):
        raise TypeError(f"{statement} has no fixed places for values")
    places = []
    for name in found.positiontup:
        bound = found.binds[name]
        process = moments.to_driver(bound.type, dialect)
        if name in names:
            places.append(Place(name, None, process))
        else:
            places.append(Place(None, process(bound.value) if process else bound.value, None))
    return Compiled(str(found), tuple(places), _row_of(statement, dialect, made))


def _row_of(statement: Statement, dialect: Dialect, given: Making | None) -> Making | None:
    columns = statement.exported_columns
    if not columns:
        return None
    naming: Any = namedtuple
    made: Making = given or naming("Row", columns.keys(), rename=True)._make
    processes = [
        (place, process)
        for place, column in enumerate(columns)
        if (process := moments.from_driver(column.type, dialect)) is not None
    ]
    if not processes:
        return made

    def read(row: Sequence[Any]) -> Any:
        found = list(row)
        for place, process in processes:
            found[place] = process(found[place])
        return made(found)

    return read
