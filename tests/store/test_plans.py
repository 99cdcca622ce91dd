"""Does SQLite find the few rows that are looked for, without going through the many that are not?"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.store import inbox, pruning, tickets
from bot.store.database import Database
from tests.make import NINE

WEEK = timedelta(days=7)
LOOKING: dict[str, Callable[[Session], object]] = {
    "what waits": lambda session: inbox.next_pending(session, now=NINE),
    "how much waits": lambda session: inbox.pending_count(session, now=NINE),
    "until when": inbox.next_at,
    "whose ticket": lambda session: tickets.queue(session, owner="ana"),
}


@pytest.mark.parametrize("asked", LOOKING)
def test_nothing_is_looked_for_row_by_row(sqlite_url: str, asked: str) -> None:
    database = Database(sqlite_url)
    told: list[str] = []
    with database.transaction() as session:
        driver: Any = session.connection().connection.dbapi_connection
        driver.set_trace_callback(told.append)
        LOOKING[asked](session)
        driver.set_trace_callback(None)
        statements = [each for each in told if each.startswith("SELECT")]
        assert statements
        for each in statements:
            plan = [row.detail for row in session.connection().execute(text(f"EXPLAIN QUERY PLAN {each}"))]
            assert not any(step.startswith("SCAN") and "INDEX" not in step for step in plan), plan
    database.dispose()


def test_deliveries_go_by_age_up_to_the_first_young_one(database: Database) -> None:
    with database.transaction() as session:
        for number in range(6):
            at = NINE - WEEK + timedelta(days=number)
            inbox.claim_key(session, key=f"click:{number}", kind="click", body={}, now=at)
        inbox.accept(session, key="event:1", kind="message", body={}, now=NINE - WEEK)
    with database.transaction() as session:
        assert pruning.drop_deliveries(session, before=NINE - timedelta(days=4)) == 3
        assert [inbox.state_of(session, f"click:{number}") for number in range(6)] == [None] * 3 + ["done"] * 3
        assert inbox.state_of(session, "event:1") == "pending"
        assert pruning.drop_deliveries(session, before=NINE) == 3
        assert pruning.drop_deliveries(session, before=NINE) == 0
        assert inbox.state_of(session, "event:1") == "pending"
