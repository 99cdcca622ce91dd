"""Does each database find the few rows that are looked for, without going through the many that are not?"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlmodel import Session

from bot.domain.seal import Point
from bot.store import (
    audit,
    cards,
    conversation,
    counts,
    inbox,
    outbox,
    outside,
    pages,
    pruning,
    seals,
    sending,
    shown,
    storms,
    tickets,
)
from bot.store.database import Database
from bot.store.tables import metadata
from tests.make import NINE, note_text, token
from tests.statements import GROWING, reads_all

WEEK = timedelta(days=7)


def held_back(session: Session) -> None:
    outbox.post(session, message=note_text("never taken"), lane="C0OPS", id=token(), now=NINE)
    assert audit.held_back(session, attempts=0, others_left_by=NINE) == []


LOOKING: dict[str, Callable[[Session], object]] = {
    "what waits": lambda session: inbox.next_pending(session, now=NINE),
    "how much waits": lambda session: inbox.pending_count(session, now=NINE),
    "until when": inbox.next_at,
    "whose ticket": lambda session: tickets.queue(session, owner="ana"),
    "which reaction": lambda session: inbox.is_reaction_known(session, "reaction:C0ACME:1.0:U0CY:ticket:"),
    "who is paged": audit.chains_without_step,
    "which bundle": lambda session: storms.newest_standing(session, ["bundle:1", "bundle:2"]),
    "what must leave": lambda session: sending.next_at(session, now=NINE),
    "what leaves": lambda session: sending.claim(session, lease_for=WEEK, limit=1, now=NINE),
    "what is taken back": lambda session: outbox.cancel(session, key_prefix="paged:x:", ticket_number=1, now=NINE),
    "who was asked": lambda session: outbox.cards(session, kind="ask", prefix="1:1:", ticket_number=1),
    "who was asked for many": lambda session: shown.gather(
        session, range(100), keys={"a": 1}, asked="ask", unsent="plain"
    ),
    "where a card may stand": lambda session: outbox.is_unsettled(session, "C0ACME"),
    "what is held back": held_back,
    "whom a drill did not reach": lambda session: outside.failed(session, prefix="drill:1:ana:"),
    "what was closed lately": lambda session: tickets.recently_closed(session, since=NINE),
    "what is missed": counts.targets_missed,
    "how many page": pages.count_paging,
    "since when it is paged": counts.paging_since,
    "for what it is paged": pages.tickets_paging,
    "what was sealed": lambda session: seals.hashes(session, {"ticket:1": Point(1, ""), "ticket:2": Point(2, "")}),
    "what a card shows": lambda session: cards.find_card(session, "card:1"),
    "which message": lambda session: conversation.by_ts(session, "C0ACME", "1.0"),
}


@pytest.mark.parametrize("asked", LOOKING)
def test_nothing_is_looked_for_row_by_row_on_sqlite(sqlite_url: str, asked: str) -> None:
    database = Database(sqlite_url)
    told: list[str] = []
    with database.transaction() as session:
        driver: Any = session.connection().connection.dbapi_connection
        driver.set_trace_callback(told.append)
        LOOKING[asked](session)
        driver.set_trace_callback(None)
        statements = [each for each in told if each.startswith(("SELECT", "UPDATE"))]
        assert statements
        for each in statements:
            plan = [row.detail for row in session.connection().execute(text(f"EXPLAIN QUERY PLAN {each}"))]
            assert not any(reads_all(step, each) for step in plan), plan
    database.dispose()


def plans(session: Session, ask: Callable[[Session], object]) -> list[str]:
    """How PostgreSQL goes about each statement of a question."""
    found: list[str] = []

    def see(connection: Any, _cursor: object, said: str, values: Any, _context: object, _many: bool) -> None:
        if said.startswith(("SELECT", "UPDATE")):
            with connection.connection.cursor() as other:
                found.append("\n".join(row[0] for row in other.execute(f"EXPLAIN {said}", values)))

    event.listen(session.connection(), "before_cursor_execute", see)
    ask(session)
    event.remove(session.connection(), "before_cursor_execute", see)
    return found


def is_through_all(step: str) -> bool:
    """Whether a step of a plan goes through a table that grows, as it stands or by its key from the first on."""
    grows = any(re.search(rf"Scan.* on {table}\b", step) for table in GROWING)
    by_key = "_pkey" in step and "Cond:" not in step and "Backward" not in step
    return grows and ("Seq Scan" in step or by_key)


@pytest.mark.postgres
@pytest.mark.parametrize("asked", LOOKING)
def test_nothing_is_looked_for_row_by_row_on_postgresql(postgres_url: str, asked: str) -> None:
    database = Database(postgres_url)
    with database.transaction() as session:
        # Of an empty table every row is read; whether it could be done otherwise is what is asked here.
        session.connection().execute(text("SET LOCAL enable_seqscan = off"))
        found = plans(session, LOOKING[asked])
    database.dispose()
    assert found
    assert [plan for plan in found if any(map(is_through_all, plan.split("->")))] == []


@pytest.mark.postgres
def test_the_newest_of_some_cards_is_not_looked_for_from_the_newest_message_on(postgres_url: str) -> None:
    database = Database(postgres_url)
    fill = (
        "INSERT INTO outbox (id, op, kind, visibility, priority, lane, card, payload, state, created_at, not_before, "
        "fence, attempts, look_up) SELECT n, 'post', 'notice', 'internal', 4, 'C0OPS', 'card' || n / 10, '{}', 'sent', "
        "now(), now(), 1, 1, false FROM generate_series(1, 20000) n"
    )
    with database.transaction() as session:
        session.connection().execute(text(fill))
        session.connection().execute(text("ANALYZE outbox"))
        found = plans(session, lambda session: storms.newest_standing(session, [f"bundle{n}" for n in range(10)]))
    database.dispose()
    assert [plan for plan in found if any(map(is_through_all, plan.split("->")))] == []


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


def test_a_part_of_the_night_passes_over_few_messages_and_gathers_none(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "LOOKED_AT", 10)
    database = Database(sqlite_url)
    told: list[str] = []
    with database.transaction() as session:
        for number in range(25):
            outbox.post(session, message=note_text(f"note {number}"), lane="C0OPS", id=token(), now=NINE)
        session.connection().execute(metadata.tables["outbox"].update().values(state="sent"))
    with database.transaction() as session:
        assert pruning.empty_bodies(session, after=0, before=NINE + WEEK) == 10
        assert pruning.empty_bodies(session, after=10, before=NINE + WEEK) == 20
        driver: Any = session.connection().connection.dbapi_connection
        driver.set_trace_callback(told.append)
        assert pruning.empty_bodies(session, after=20, before=NINE + WEEK) is None
        driver.set_trace_callback(None)
        asked = next(each for each in told if each.startswith("SELECT"))
        plan = [row.detail for row in session.connection().execute(text(f"EXPLAIN QUERY PLAN {asked}"))]
    with database.reading() as session:
        bodies = session.connection().execute(select(metadata.tables["outbox"].c.payload)).scalars()
        assert [each for each in bodies if each] == []
    database.dispose()
    assert plan[0].startswith("SEARCH outbox USING INTEGER PRIMARY KEY")
    assert not any("TEMP B-TREE" in step for step in plan), plan
