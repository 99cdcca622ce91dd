"""Who waits for whom on PostgreSQL? Never two for each other for long, and nobody loses their work over it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.store import deadlines, tickets
from bot.store.database import Database
from tests.make import NINE, make_ticket

pytestmark = pytest.mark.postgres
LATER = NINE + timedelta(hours=1)


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    """A desk with the tickets 1 and 2, and an update due for each; the first one's is due first."""
    opened = Database(postgres_url)
    with opened.transaction() as session:
        for number in (1, 2):
            session.add(make_ticket(number))
            due_at = NINE - timedelta(minutes=3 - number)
            deadlines.arm(session, kind="update", subject=str(number), due_at=due_at, ticket_number=number)
    yield opened
    opened.dispose()


def take(database: Database) -> str | None:
    with database.transaction() as session:
        due = deadlines.take_due(session, now=NINE)
        return due.subject if due else None


def until_somebody_waits(database: Database) -> None:
    """Come back when a transaction of this database waits for another one's lock."""
    look = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
    for _ in range(1000):
        with database.reading() as session:
            if session.connection().execute(look).scalar():
                return
        Event().wait(0.01)
    pytest.fail("nobody waits")


def test_a_deadline_whose_ticket_somebody_is_at_is_passed_over(database: Database) -> None:
    with database.transaction() as session:
        tickets.by_number(session, 1, lock=True)
        assert take(database) == "2"
    assert [take(database), take(database)] == ["1", None]


def test_a_due_deadline_waits_for_whoever_is_at_its_ticket_and_is_not_in_their_way(database: Database) -> None:
    assert take(database) == "1"
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            tickets.by_number(session, 2, lock=True)
            taking = pool.submit(take, database)
            until_somebody_waits(database)
            deadlines.arm(session, kind="update", subject="2", due_at=LATER, ticket_number=2)
        assert taking.result(timeout=20) is None
    with database.reading() as session:
        assert deadlines.next_at(session) == LATER


def test_one_of_no_ticket_is_taken_in_its_turn_or_where_nothing_else_is_free(database: Database) -> None:
    with database.transaction() as session:
        deadlines.arm(session, kind="prune", subject="", due_at=NINE - timedelta(hours=1))
        deadlines.arm(session, kind="seal", subject="", due_at=NINE)
    assert take(database) == ""
    with database.transaction() as session:
        for number in (1, 2):
            tickets.by_number(session, number, lock=True)
        assert take(database) == ""
    assert [take(database), take(database), take(database)] == ["1", "2", None]


def test_who_waits_for_each_other_both_come_to_their_end(database: Database) -> None:
    both = Barrier(2)
    begun: list[int] = []

    def crossing(first: int, second: int) -> int:
        def work(session: Session) -> int:
            begun.append(first)
            tickets.by_number(session, first, lock=True)
            if begun.count(first) == 1:
                both.wait(20)
            other = tickets.by_number(session, second, lock=True)
            assert other is not None
            other.updates_sent += 1
            return second

        return database.transact(work)

    with ThreadPoolExecutor(2) as pool:
        ends = [pool.submit(crossing, *pair) for pair in ((1, 2), (2, 1))]
        assert [end.result(timeout=30) for end in ends] == [2, 1]
    assert len(begun) == 3
    with database.reading() as session:
        found = [tickets.by_number(session, number) for number in (1, 2)]
    assert [row.updates_sent for row in found if row] == [1, 1]
