"""Do the watchman's questions find what is amiss, and only that, on each database?"""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from bot.store import audit, deadlines, outbox
from bot.store.database import Database
from bot.store.tables import Escalation, Page
from tests.make import NINE, make_person, make_ticket, page_text, token

MINUTE = timedelta(minutes=1)


def test_what_is_amiss_is_found_and_is_not_once_it_is_mended(database: Database) -> None:
    with database.transaction() as session:
        session.add(make_person("ana"))
        session.add(make_ticket(1))
        session.flush()
        session.add(
            Escalation(
                id="e1", ticket_number=1, state="paging", level=1, attempt=1, round=1, trigger="severity", reason="",
                started_by="bot", started_at=NINE, stepped_at=NINE,
            )
        )  # fmt: skip
        session.add(
            Page(
                id="p1", escalation_id="e1", ticket_number=1, level=1, attempt=1, round=1, person_id="ana",
                state="paging", paged_at=NINE,
            )
        )  # fmt: skip
    with database.transaction() as session:
        assert [row.id for row in audit.chains_without_step(session)] == ["e1"]
        assert [row.number for row in audit.tickets_without_update(session)] == [1]
        assert [row.id for row in audit.pages_without_message(session)] == ["p1"]
        assert audit.overdue(session, since=NINE) == []

        deadlines.arm(session, kind="page", subject="e1", due_at=NINE + MINUTE, ticket_number=1)
        deadlines.arm(session, kind="update", subject="1", due_at=NINE + MINUTE, ticket_number=1)
        outbox.post(session, message=page_text(), lane="@U0ANA", id=token(), key="page:p1", now=NINE)
    with database.reading() as session:
        assert audit.chains_without_step(session) == []
        assert audit.tickets_without_update(session) == []
        assert audit.pages_without_message(session) == []
        assert [row.kind for row in audit.overdue(session, since=NINE + MINUTE)] == ["page", "update"]
        assert audit.unsent_pages(session, since=NINE - MINUTE) == []
        assert [row.key for row in audit.unsent_pages(session, since=NINE)] == ["page:p1"]


def test_pages_that_ring_are_looked_for_person_by_person_and_not_among_all(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    told: list[str] = []
    with database.reading() as session:
        driver: Any = session.connection().connection.dbapi_connection
        driver.set_trace_callback(told.append)
        audit.pages_without_message(session)
        driver.set_trace_callback(None)
        asked = next(each for each in told if each.startswith("SELECT"))
        plan = [row.detail for row in session.connection().execute(text(f"EXPLAIN QUERY PLAN {asked}"))]
    database.dispose()

    assert plan[0].startswith("SEARCH page USING INDEX ix_page_waiting (person_id=? AND state=?)"), plan
