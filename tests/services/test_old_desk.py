"""Is a desk of a million messages as fast as a new one? A day asks nothing that reads all that is over."""

import re
import sqlite3
from contextlib import closing
from random import Random
from typing import Any

from sqlalchemy import event

from bot.services import figures, watchman
from bot.store.database import Database
from tests.services.busy import BusyOffice
from tests.statements import reads_all

STEPS = 60
VALUE = re.compile(r"'(?:[^']|'')*'|\b\d+\b|(?<=\()\?(?:, \?)+(?=\))")
AT_NIGHT = "seal_point"
"""What is sealed once a day goes through all streams."""


def test_nothing_that_a_day_asks_reads_all_that_is_over(sqlite_url: str) -> None:
    asked: dict[str, str] = {}

    def listen(driver: Any, _record: object) -> None:
        driver.set_trace_callback(lambda said: asked.setdefault(VALUE.sub("?", said), said))

    database = Database(sqlite_url)
    event.listen(database._engine, "connect", listen)  # noqa: SLF001 - what it says to the database
    office = BusyOffice(database)
    office.begins(Random(7))  # noqa: S311 - dice, no secret
    office.goes_on(STEPS)
    office.passes(hours=2)
    watchman.look(office.desk, now=office.now)
    with database.reading() as session:
        assert list(figures.of_desk(session, now=office.now))
    database.dispose()

    slow = {}
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as raw:
        for said in asked.values():
            if re.match(r"SELECT|UPDATE|DELETE|WITH", said):
                plan = [step for *_, step in raw.execute(f"EXPLAIN QUERY PLAN {said}")]
                if AT_NIGHT not in said and any(reads_all(step, said) for step in plan):
                    slow[said] = plan
    assert len(asked) > 200
    assert slow == {}
