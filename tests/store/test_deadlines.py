"""Is everything that is due done once, in order, and by whoever comes first?"""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot.store import deadlines
from bot.store.database import Database
from bot.store.tables import Deadline
from tests.make import NINE
from tests.store.script import all_at_once


def arm(database: Database, subject: str, due_at: datetime = NINE, *, kind: str = "update", ticket: int = 1) -> None:
    with database.transaction() as session:
        deadlines.arm(session, kind=kind, subject=subject, due_at=due_at, ticket_number=ticket)


def take(database: Database, now: datetime = NINE) -> deadlines.Due | None:
    with database.transaction() as session:
        return deadlines.take_due(session, now=now)


def test_the_earliest_is_taken_first_and_ties_in_the_order_of_arming(database: Database) -> None:
    arm(database, "third", NINE)
    arm(database, "fourth", NINE)
    arm(database, "first", NINE - timedelta(hours=2))
    arm(database, "second", NINE - timedelta(microseconds=1))
    arm(database, "later", NINE + timedelta(microseconds=1))
    subjects = [row.subject if (row := take(database)) else None for _ in range(5)]
    assert subjects == ["first", "second", "third", "fourth", None]
    with database.reading() as session:
        assert deadlines.next_at(session) == NINE + timedelta(microseconds=1)


def test_arming_again_moves_it(database: Database) -> None:
    arm(database, "T-1", NINE)
    arm(database, "T-1", NINE + timedelta(hours=1), ticket=2)
    arm(database, "T-1", NINE + timedelta(hours=3), kind="page")
    assert take(database) is None
    moved = take(database, NINE + timedelta(hours=1))
    assert moved is not None
    assert (moved.ticket_number, moved.planned_for, moved.kind) == (2, NINE + timedelta(hours=1), "update")


def test_cancelling_takes_what_matches_everything_given(database: Database) -> None:
    arm(database, "a", kind="update", ticket=1)
    arm(database, "b", kind="update", ticket=2)
    arm(database, "c", kind="page", ticket=2)
    with database.transaction() as session:
        assert deadlines.cancel(session, kind="update", subject="c") == 0
        assert deadlines.cancel(session, kind="update", ticket_number=2) == 1
        assert deadlines.cancel(session, subject="a") == 1
        with pytest.raises(ValueError, match="which deadlines"):
            deadlines.cancel(session)
    left = take(database)
    assert left is not None
    assert left.subject == "c"


def test_a_deadline_whose_work_raised_is_back_and_can_be_put_off(database: Database) -> None:
    arm(database, "T-1")

    def take_and_fail() -> None:
        with database.transaction() as session:
            deadlines.take_due(session, now=NINE)
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        take_and_fail()
    with database.reading() as session:
        taken = session.exec(select(Deadline)).one()
    assert taken.id is not None
    deadlines.put_off(database, taken.id, now=NINE)
    assert take(database) is None
    again = take(database, NINE + timedelta(seconds=2))
    assert again is not None
    assert (again.attempts, again.planned_for) == (1, NINE)
    deadlines.put_off(database, taken.id, now=NINE)


def test_waits_grow_up_to_five_minutes(database: Database) -> None:
    arm(database, "T-1")
    now, waits = NINE, []
    for _ in range(10):
        with database.reading() as session:
            row = session.exec(select(Deadline)).one()
        assert row.id is not None
        deadlines.put_off(database, row.id, now=now)
        with database.reading() as session:
            following = deadlines.next_at(session)
        assert following is not None
        waits.append((following - now).total_seconds())
        now = following
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_one_that_was_moved_meanwhile_is_not_put_off(database: Database) -> None:
    arm(database, "T-1")
    with database.reading() as session:
        row = session.exec(select(Deadline)).one()
    assert row.id is not None
    arm(database, "T-1", NINE + timedelta(hours=1))
    deadlines.put_off(database, row.id, now=NINE)
    with database.reading() as session:
        assert deadlines.next_at(session) == NINE + timedelta(hours=1)


def test_four_ticks_at_once_do_each_thing_once(database: Database) -> None:
    with database.transaction() as session:
        for number in range(24):
            deadlines.arm(session, kind="update", subject=str(number), due_at=NINE - timedelta(seconds=number))

    def tick(_: int) -> list[str]:
        done: list[str] = []
        while (row := take(database)) is not None:
            done.append(row.subject)
        return done

    done = [subject for each in all_at_once(tick) for subject in each]
    assert sorted(done, key=int) == [str(number) for number in range(24)]


def test_a_thing_that_rearms_itself_while_it_is_done_is_kept(database: Database) -> None:
    arm(database, "T-1")
    with database.transaction() as session:
        row = deadlines.take_due(session, now=NINE)
        assert row is not None
        deadlines.arm(session, kind=row.kind, subject=row.subject, due_at=row.planned_for + timedelta(hours=1))
    with database.reading() as session:
        assert deadlines.next_at(session) == NINE + timedelta(hours=1)
        assert deadlines.due_of(session, kind="update", subject="T-1") == NINE + timedelta(hours=1)


def test_many_are_taken_together_where_the_work_is_done_together(database: Database) -> None:
    with database.transaction() as session:
        for number in range(10):
            deadlines.arm(session, kind="update", subject=str(number), due_at=NINE + timedelta(seconds=number))
        taken = deadlines.take_all_due(session, limit=4, now=NINE + timedelta(hours=1))
    assert [row.subject for row in taken] == ["0", "1", "2", "3"]
    with database.reading() as session:
        assert deadlines.next_at(session) == NINE + timedelta(seconds=4)


@pytest.mark.postgres
def test_only_as_many_are_taken_as_are_asked_for_however_postgresql_looks_for_them(postgres_url: str) -> None:
    opened = Database(postgres_url)
    arm(opened, "T-1")
    with opened.transaction() as session:
        # What it knows of a table that held one row makes it look for each row anew.
        session.connection().exec_driver_sql("ANALYZE deadline")
    for number in range(2, 32):
        arm(opened, f"T-{number}")

    assert take(opened) is not None
    with opened.reading() as session:
        left = session.exec(select(Deadline)).all()
    opened.dispose()
    assert len(left) == 30
