"""How much CPU does a ticket take from its command until it has begun: inbox, timeline, deadlines and messages?

The baseline writes the very rows that an intake left behind, by `sqlite3` alone, prepared and in one transaction, into
tables with the same indexes and settings. What an intake read, and what it changed in older rows, is not held for it.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from bot.clock import MovableClock
from bot.services import intake, whois
from bot.services.desk import Answer, Delivery, Desk, Work
from bot.store.database import Database
from tests.bench import office
from tests.bench.goal import Goal, at_most
from tests.bench.measure import cpu_medians, scaled

ROUNDS, AT_ONCE = 20, 10
NINE = datetime(2026, 1, 5, 14, tzinfo=UTC)

BY_STREAM = {"stream_head", "words"}
"""Tables whose rows have no number and are known by their stream."""

Rows = list[tuple[str, list[tuple[object, ...]]]]
"""Statements, each with the rows that it inserts."""


def goals(part: float) -> list[Goal]:
    """The desk's intake against the same rows by hand, in CPU of this thread."""
    rounds, at_once = scaled(ROUNDS, part), scaled(AT_ONCE, part)
    with office.folder() as where:
        office.migrated(where / "empty.db")
        begun = where / "begun.db"
        with _desk(where / "empty.db", begun):
            pass
        with _desk(begun, where / "recorded.db") as desk, closing(_connect(where / "recorded.db")) as seen:
            left = _record(desk, seen, times=(rounds + 1) * at_once)
        with (
            _desk(begun, where / "ours.db") as desk,
            closing(_connect(Path(office.copied(begun, where / "raw.db").removeprefix("sqlite:///")))) as raw,
        ):
            pending = iter(left)
            numbers = iter(range((rounds + 1) * at_once))
            took = cpu_medians(
                {
                    "ours": lambda: _open_all(desk, islice(numbers, at_once)),
                    "raw": lambda: _write_all(raw, islice(pending, at_once)),
                },
                rounds=rounds,
            )
    ours, by_hand = (took[name] / at_once * 1e6 for name in ("ours", "raw"))
    return [at_most("CPU of one committed intake, against its rows by sqlite3", ours, by_hand, 6)]


@contextmanager
def _desk(source: Path, path: Path) -> Iterator[Desk]:
    """A desk on a copy of a database that nobody has open."""
    db = Database(office.copied(source, path))
    try:
        yield office.desk_on(db, clock=MovableClock(NINE))
    finally:
        db.dispose()


def _open_all(desk: Desk, numbers: Iterable[int]) -> None:
    for number in numbers:
        _open(desk, number)


def _open(desk: Desk, number: int) -> None:
    now = NINE + timedelta(minutes=number)

    def by_ana(work: Work, *, now: datetime) -> Answer:
        ana = whois.find(work.session, workspace="", user="U0ANA", channel="C0ACME", name="ana")
        text = f"sev3 The export of report {number} is empty"
        return intake.open_by_command(work, actor=ana, channel="C0ACME", text=text, now=now)

    facts = {"user": "U0ANA", "channel": "C0ACME", "command": "/ticket"}
    answer = desk.perform(Delivery(f"command:{number}.1", "command", facts), by_ana, now=now)
    if answer.ticket is None:
        raise AssertionError(f"no ticket: {answer.text}")
    office.begin(desk, answer.ticket, now=now)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def _record(desk: Desk, seen: sqlite3.Connection, *, times: int) -> list[Rows]:
    """Let the desk take in so many tickets and see what rows each of them left."""
    tables = [name for (name,) in seen.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    last = _last(seen, tables)
    left: list[Rows] = []
    for number in range(times):
        _open(desk, number)
        newest = _last(seen, tables)
        stream = f"ticket:{newest['ticket']}"
        found: Rows = []
        for table in tables:
            if table in BY_STREAM:
                rows = _rows(seen, f"SELECT * FROM {table} WHERE stream = ?", stream)  # noqa: S608 - names of our own
            else:
                query = f"SELECT rowid, * FROM {table} WHERE rowid > ? ORDER BY rowid"  # noqa: S608 - the same
                rows = _rows(seen, query, last[table])
            if rows:
                found.append((_insertion(seen, table), rows))
        left.append(found)
        last = newest
    return left


def _rows(seen: sqlite3.Connection, query: str, value: object) -> list[tuple[object, ...]]:
    return seen.execute(query, (value,)).fetchall()


def _last(seen: sqlite3.Connection, tables: list[str]) -> dict[str, int]:
    return {
        table: seen.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0]  # noqa: S608 - the same
        for table in tables
        if table not in BY_STREAM
    }


def _insertion(seen: sqlite3.Connection, table: str) -> str:
    columns = [f'"{name}"' for _, name, *_ in seen.execute(f"PRAGMA table_info({table})")]
    if table not in BY_STREAM:
        columns.insert(0, "rowid")
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - the same


def _write_all(raw: sqlite3.Connection, pending: Iterable[Rows]) -> None:
    for rows in pending:
        raw.execute("BEGIN IMMEDIATE")
        for statement, values in rows:
            raw.executemany(statement, values)
        raw.execute("COMMIT")
