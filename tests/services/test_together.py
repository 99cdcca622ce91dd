"""Is what is due together done just as if each were alone, though it is one transaction?"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col, delete
from sqlmodel import select as select_rows

from bot.services import due, together
from bot.services.audit import verify
from bot.store.database import Database
from bot.store.tables import Deadline, OutboxRow, Ticket, metadata
from tests.make import NINE
from tests.services.busy import BusyOffice
from tests.services.office import Office
from tests.statements import heard
from tests.store.script import all_at_once

STEPS = 60
"""How much happened before on the day whose updates come together."""

NO_ORDER = {("deadline", "id")}
"""What says nothing: SQLite gives the numbers of rows that are gone to others."""

Fire = Callable[..., bool]


@pytest.fixture
def opened() -> Iterator[list[Database]]:
    """Databases of one test, closed at its end."""
    found: list[Database] = []
    yield found
    for each in found:
        each.dispose()


@pytest.fixture
def day(sqlite_url: str, opened: list[Database], seed: int) -> BusyOffice:
    """A desk on which much has happened, by the dice of a seed."""
    opened.append(Database(sqlite_url))
    office = BusyOffice(opened[-1])
    office.begins(Random(seed))  # noqa: S311 - dice, no secret
    office.goes_on(STEPS)
    return office


def copied(office: BusyOffice, path: Path, opened: list[Database]) -> BusyOffice:
    """The same desk on a copy of its database, with ids that come in an order of their own."""
    numbers = count(10**9)  # far from those that the day has used
    with closing(sqlite3.connect(office.db.url.removeprefix("sqlite:///"))) as raw:
        raw.execute("VACUUM INTO ?", (str(path),))
    opened.append(Database(f"sqlite:///{path}"))
    other = office.on(opened[-1], now=office.now)
    other.desk = replace(other.desk, token=lambda: f"{next(numbers):032x}")
    return other


def everything(db: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    rows: dict[str, list[dict[str, Any]]] = {}
    with db.reading() as session:
        for table in metadata.sorted_tables:
            shown = [each for each in table.c if (table.name, each.name) not in NO_ORDER]
            found = session.connection().execute(select(*shown).order_by(*table.primary_key))
            rows[table.name] = [dict(row) for row in found.mappings()]
    return rows


def commits(office: Office, fire: Fire, *, now: datetime) -> int:
    """Do everything that is due, and say in how many transactions."""
    done: list[None] = []
    end = office.db.on_commit(lambda: done.append(None))
    while fire(office.desk, now=now):
        pass
    end()
    return len(done)


@pytest.mark.req("UP-1")
@pytest.mark.parametrize("only_updates", [True, False])
@pytest.mark.parametrize(("seed", "late_for"), [(1, timedelta(0)), (2, timedelta(hours=5)), (3, timedelta(days=3))])
def test_a_busy_desk_ends_the_same_whether_each_is_done_alone_or_all_together(
    day: BusyOffice, tmp_path: Path, opened: list[Database], late_for: timedelta, only_updates: bool
) -> None:
    with day.db.transaction() as session:
        if only_updates:
            session.exec(delete(Deadline).where(col(Deadline.kind) != "update"))
        last = session.exec(select_rows(func.max(Deadline.due_at)).where(Deadline.kind == "update")).one()
    now = last + late_for
    alone, beside = copied(day, tmp_path / "alone.db", opened), copied(day, tmp_path / "beside.db", opened)
    one_by_one, at_once = commits(alone, due.fire_one, now=now), commits(beside, due.fire, now=now)
    assert everything(beside.db) == everything(alone.db)
    assert at_once < one_by_one or not only_updates
    assert verify(beside.desk, now=now).difference is None


@pytest.fixture
def office(sqlite_url: str, opened: list[Database]) -> Office:
    """A desk with six tickets whose updates come together."""
    return with_tickets(sqlite_url, opened, 6)


def with_tickets(url: str, opened: list[Database], number: int) -> Office:
    """A desk with so many tickets whose updates come together, and nothing else."""
    opened.append(Database(url))
    office = Office(opened[-1])
    for each in range(number):
        office.opens(f"sev1 Checkout {each} is down")
    with office.db.transaction() as session:
        session.exec(delete(Deadline).where(col(Deadline.kind) != "update"))
    return office


def updates(db: Database) -> list[int | None]:
    """The tickets that were told something, in the order in which they were."""
    with db.reading() as session:
        rows = session.exec(select_rows(OutboxRow).order_by(col(OutboxRow.seq)))
        return [row.ticket_number for row in rows if row.kind == "update" and row.state != "cancelled"]


def test_one_transaction_asks_the_database_hardly_more_for_six_than_for_two(office: Office) -> None:
    with heard(office.db) as said:
        assert commits(office, due.fire, now=NINE + timedelta(hours=1)) == 1
    assert updates(office.db) == [1, 2, 3, 4, 5, 6]
    assert len(said) < 100


def test_one_that_fails_neither_loses_nor_holds_up_the_others(office: Office) -> None:
    with office.db.transaction() as session:
        session.get_one(Ticket, 3).handbook = "lost"
    now = NINE + timedelta(hours=1)
    while due.fire(office.desk, now=now):
        pass
    assert updates(office.db) == [1, 2, 4, 5, 6]
    with office.db.reading() as session:
        left = session.exec(select_rows(Deadline).where(Deadline.kind == "update", Deadline.attempts > 0)).all()
    assert [(row.subject, row.attempts) for row in left] == [("3", 1)]
    office.now = now
    office.delivers()
    while due.fire(office.desk, now=now + timedelta(hours=1)):
        pass
    assert sorted(filter(None, updates(office.db))) == sorted([1, 2, 4, 5, 6] * 2)


class PulledPlugError(Exception):
    """The process ends here."""


@pytest.mark.parametrize("point", ["commit.before", "commit.after"])
def test_a_process_that_ends_in_between_leaves_all_or_nothing_and_all_are_told_once(
    sqlite_url: str, opened: list[Database], point: str
) -> None:
    office = with_tickets(sqlite_url, opened, 4)
    cuts = iter([True])

    def cut(reached: str) -> None:
        if reached == point and next(cuts, False):
            raise PulledPlugError

    opened.append(Database(sqlite_url, fault=cut))
    now = NINE + timedelta(hours=1)
    due.fire(office.on(opened[-1], now=now).desk, now=now)
    while due.fire(office.desk, now=now):
        pass
    assert sorted(filter(None, updates(office.db))) == [1, 2, 3, 4]


@pytest.mark.postgres
def test_two_processes_share_them_and_tell_each_customer_once(
    postgres_url: str, opened: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "AT_ONCE", {"postgresql": 3})
    office = with_tickets(postgres_url, opened, 9)
    opened.append(Database(postgres_url))
    desks = [office.desk, office.on(opened[-1], now=office.now).desk]
    now = NINE + timedelta(hours=1)

    def work(number: int) -> None:
        while due.fire(desks[number], now=now):
            pass

    all_at_once(work, threads=2)
    work(0)
    assert sorted(filter(None, updates(office.db))) == list(range(1, 10))
