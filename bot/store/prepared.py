"""How is a statement run that every delivery needs, so that it costs hardly more than the database itself?

On SQLite it goes to the driver as it was compiled once (see compiled.py). On PostgreSQL, where the way to the server
costs more than the way to the driver, it goes as any other.
"""

from typing import Any

from sqlmodel import Session

from bot.store import later
from bot.store.compiled import Making, Statement, Writing, compiled_for
from bot.store.insertion import Insertion
from bot.store.newborn import wrote


class Prepared:
    """A statement whose text is always the same; `row` makes its rows, which else have their columns by name."""

    def __init__(self, statement: Statement | Insertion, *, row: Making | None = None) -> None:
        self._row = row
        self._on_sqlite: Statement = statement.sqlite if isinstance(statement, Insertion) else statement
        self._elsewhere: Statement = statement.postgresql if isinstance(statement, Insertion) else statement
        table: Any = self._on_sqlite.table if isinstance(self._on_sqlite, Writing) else None
        self._changes: str | None = None if table is None else table.name

    def all(self, session: Session, **values: Any) -> list[Any]:
        """Its rows, after what waits was written. Raises what the database refuses."""
        connection = later.connection_of(session)
        if connection.dialect.name != "sqlite":
            found = connection.execute(self._elsewhere, values)
            if not found.returns_rows:
                return []
            return list(found) if self._row is None else [self._row(each) for each in found]
        later.flush(connection)
        rows = compiled_for(self._on_sqlite, connection.dialect, tuple(values), self._row).run(connection, values)
        if self._changes is not None:
            wrote(connection, self._changes)
        return rows

    def first(self, session: Session, **values: Any) -> Any | None:
        """The first of its rows, where there is one."""
        rows = self.all(session, **values)
        return rows[0] if rows else None

    def value(self, session: Session, **values: Any) -> Any:
        """The first column of its first row; None where there is no row."""
        rows = self.all(session, **values)
        return rows[0][0] if rows else None
