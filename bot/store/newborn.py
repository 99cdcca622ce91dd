"""Which rows cannot be there yet, because the ticket itself is of this very transaction?

Nobody else sees such a ticket, so a table that this transaction has not written to holds nothing of it: opening one
asks the database for nothing that it knows already.
"""

from typing import Any

from sqlalchemy.engine import Connection
from sqlmodel import Session, SQLModel

from bot.store import gathered

BORN, WRITTEN = "born", "written"
"""Under which names a session remembers the tickets it made, and a transaction the tables it has written to."""


def at_first(table: type[SQLModel]) -> dict[str, Any]:
    """What a new row says in the columns that its writer does not name."""
    return {name: field.default for name, field in table.model_fields.items() if not field.is_required()}


def born(session: Session, ticket_number: int) -> None:
    """Note that this transaction makes a ticket of that number."""
    session.info.setdefault(BORN, set()).add(ticket_number)


def is_born(session: Session, ticket_number: int | None) -> bool:
    """Whether this transaction made the ticket."""
    return ticket_number in session.info.get(BORN, ())


def wrote(connection: Connection, table: str) -> None:
    """Note that a statement has written to a table."""
    gathered.forget(connection)
    tables: set[str] = connection.info.setdefault("tables", set())
    tables.add(table)


def has_none(session: Session, ticket_number: int, *tables: str) -> bool:
    """Whether a ticket surely has no row in these tables; what waits to be written is written first."""
    if not is_born(session, ticket_number):
        return False
    session.flush()
    written: set[str] = session.info[WRITTEN]
    return written.isdisjoint(tables)
