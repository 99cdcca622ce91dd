"""Where do people's words stand, beside the record's own store of them? Everywhere that free text can.

A table whose words are not looked through is named here with its reason; a new table is looked through.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import JSON, Column, Table, Text, and_, select, update
from sqlmodel import Session

from bot.store.tables import metadata

NOT_WORDS = frozenset({"timeline", "seal", "handbook_version", "setting", "customer", "person", "rotation"})
"""The record holds digests only and must not change; the others hold what operators set up."""

OWN_WORDS = frozenset({"words", "remark"})
"""What somebody else wrote is theirs; `words` cannot be changed, only taken out."""

Change = Callable[[Any], Any]


def rewrite(session: Session, change: Change, *, tables: Iterable[str] | None = None) -> dict[str, int]:
    """Put every free text and JSON value through `change`; gives how many rows became different, by table."""
    names = sorted(metadata.tables.keys() - NOT_WORDS - OWN_WORDS) if tables is None else list(tables)
    counted: dict[str, int] = {}
    for name in names:
        table = metadata.tables[name]
        columns = [each for each in table.columns if isinstance(each.type, Text | JSON)]
        done = _rewrite_table(session, table, columns, change) if columns else 0
        if done:
            counted[name] = done
    return counted


def _rewrite_table(session: Session, table: Table, columns: list[Column[Any]], change: Change) -> int:
    keys = list(table.primary_key.columns)
    found = session.connection().execute(select(*keys, *columns).execution_options(yield_per=500))
    todo = []
    for row in found:
        changed = dict(_changes(row, columns, change))
        if changed:
            todo.append((and_(*(key == getattr(row, key.name) for key in keys)), changed))
    for where, changed in todo:
        session.connection().execute(update(table).where(where).values(**changed))
    return len(todo)


def _changes(row: Any, columns: list[Column[Any]], change: Change) -> Iterator[tuple[str, Any]]:
    for column in columns:
        value = getattr(row, column.name)
        if value is None:
            continue
        after = _changed_json_text(value, change) if isinstance(value, str) else change(value)
        if after != value:
            yield column.name, after


def _changed_json_text(text: str, change: Change) -> Any:
    """A text that is JSON itself keeps its form."""
    if text[:1] not in "{[":
        return change(text)
    try:
        value = json.loads(text)
    except ValueError:
        return change(text)
    after = change(value)
    return text if after == value else json.dumps(after, ensure_ascii=False, sort_keys=True)
