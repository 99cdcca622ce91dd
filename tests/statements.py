"""What does a test hear of all that is said to the database? Each statement once, however many rows it is for."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection

from bot.store.compiled import Compiled
from bot.store.database import Database


@contextmanager
def heard(database: Database) -> Iterator[list[tuple[str, bool]]]:
    """The statements and whether each was for many rows, in their order; they need not go by SQLAlchemy's way."""
    said: list[tuple[str, bool]] = []
    run, run_for_each = Compiled.run, Compiled.run_for_each

    def see(_connection: object, _cursor: object, text: str, _values: object, _context: object, many: bool) -> None:
        said.append((text, many))

    def see_one(self: Compiled, connection: Connection, given: Mapping[str, Any]) -> list[Any]:
        said.append((self.text, False))
        return run(self, connection, given)

    def see_many(self: Compiled, connection: Connection, given: list[Mapping[str, Any]]) -> None:
        said.append((self.text, True))
        run_for_each(self, connection, given)

    engine = database._engine  # noqa: SLF001 - what it says to the database
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compiled, "run", see_one)
        patch.setattr(Compiled, "run_for_each", see_many)
        event.listen(engine, "before_cursor_execute", see)
        yield said
        event.remove(engine, "before_cursor_execute", see)


GROWING = ("inbox", "outbox", "escalation", "ticket", "remark", "card", "timeline", "clock", "page")
"""Tables that keep what is over."""

ENDS = {"ix_outbox_ready (state=?)": "'sent'", "ix_outbox_lane (lane=?)": "", "ix_ticket_queue (state=?)": "'closed'"}
"""Indexes by which all comes that there ever was, where the statement says such a word."""


def reads_all(step: str, statement: str) -> bool:
    """Whether a step of SQLite's plan for a statement, values and all, reads more rows the older the desk is."""
    found = re.match(r"SCAN (\w+)(?! USING)", step)
    if found:
        from_the_newest = "DESC" in statement
        return found[1] in GROWING and not from_the_newest
    return any(index in step and word in statement for index, word in ENDS.items())
