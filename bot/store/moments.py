"""How does a moment become the text that SQLite keeps, and a moment again?

The same text as the column's own type makes, by the quickest way there is: a ticket's beginning writes some forty
moments, most of them the same, and a tick reads thousands.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine
from sqlmodel.sql.sqltypes import UTCDateTime

Processing = Callable[[Any], Any] | None
"""Makes the driver's value of one of ours, or ours of the driver's; None where they are the same."""


def to_driver(kind: TypeEngine[Any], dialect: Dialect) -> Processing:
    """What makes a column's values the driver's."""
    general = kind.dialect_impl(dialect).bind_processor(dialect)
    if not isinstance(kind, UTCDateTime) or general is None:
        return general

    def process(moment: Any) -> Any:
        # Equal moments of another zone need not be the same one: an hour that comes twice in autumn.
        return _written(moment) if type(moment) is datetime and moment.tzinfo is UTC else general(moment)

    return process


def from_driver(kind: TypeEngine[Any], dialect: Dialect) -> Processing:
    """What makes a column's values of the driver's."""
    return _read if isinstance(kind, UTCDateTime) else kind.dialect_impl(dialect).result_processor(dialect, None)


@lru_cache(maxsize=1024)
def _written(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")
