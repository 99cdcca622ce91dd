"""How do the very many databases of a test run share what SQLAlchemy puts together for each statement?

Each engine of SQLAlchemy compiles every statement anew, and nearly every test has an engine of its own. Here all
engines for one kind of database have one dialect and one memory of compiled statements. Importing this arranges it.
"""

from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import URL, Engine
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.util import LRUCache

from bot.store import engine as opened

STATEMENTS = 10_000

_compiled: Any = LRUCache(STATEMENTS)
_dialects: dict[str, Dialect] = {}


def create_engine(url: URL, **options: Any) -> Engine:
    """An engine as SQLAlchemy makes it, which knows what the others have compiled."""
    made = sqlalchemy.create_engine(url, **options)
    kind = made.dialect.name
    if kind not in _dialects:
        asked = sqlalchemy.create_engine("sqlite://" if kind == "sqlite" else url)
        try:
            # A dialect knows its server once it has spoken to it.
            asked.connect().close()
        except SQLAlchemyError:
            return made
        finally:
            asked.dispose()
        _dialects[kind] = asked.dialect
    made.dialect = _dialects[kind]
    made.update_execution_options(compiled_cache=_compiled)
    return made


pytest.MonkeyPatch().setattr(opened, "create_engine", create_engine)
