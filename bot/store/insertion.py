"""How is a row inserted that may be there already, on both databases, in one statement built once?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert
from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Insertion:
    """The same insertion for each database."""

    sqlite: Insert
    postgresql: Insert

    def on(self, session: Session) -> Insert:
        """The statement for the session's database."""
        return self.postgresql if session.get_bind().dialect.name == "postgresql" else self.sqlite


def insert_once(table: Table, *key: str, returning: Column[Any] | None = None) -> Insertion:
    """Insert and return the column, or change and return nothing where a row of the same key is there."""
    lite = sqlite.insert(table).on_conflict_do_nothing(index_elements=key)
    pg = postgresql.insert(table).on_conflict_do_nothing(index_elements=key)
    if returning is not None:
        return Insertion(lite.returning(returning), pg.returning(returning))
    return Insertion(lite, pg)


def insert_or_change(
    table: Table, *key: str, change: Sequence[str], returning: Sequence[Column[Any]] = ()
) -> Insertion:
    """Insert, or set the named columns of the row of the same key to the new values; locks the row."""
    lite, pg = sqlite.insert(table), postgresql.insert(table)
    lite = lite.on_conflict_do_update(index_elements=key, set_={name: lite.excluded[name] for name in change})
    pg = pg.on_conflict_do_update(index_elements=key, set_={name: pg.excluded[name] for name in change})
    if returning:
        return Insertion(lite.returning(*returning), pg.returning(*returning))
    return Insertion(lite, pg)
