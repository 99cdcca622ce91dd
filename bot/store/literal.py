"""How does a statement ask for a value that an index was made for? Written out: behind a parameter could be any."""

from typing import Any

from sqlalchemy import ColumnElement, literal_column


def is_literally(column: Any, value: str) -> ColumnElement[bool]:
    """The condition that a column has a value of ours, never one that somebody gave."""
    found: ColumnElement[bool] = column == literal_column(f"'{value}'")
    return found
