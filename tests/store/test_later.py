"""Are rows that are written together the same as rows that are written at once?"""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from bot.store import deadlines
from bot.store.database import Database
from bot.store.savepoint import undoable
from bot.store.tables import Deadline
from tests.make import NINE
from tests.statements import heard


def arm(session: Session, subject: str, *, minutes: int = 0) -> None:
    deadlines.arm(session, kind="update", subject=subject, due_at=NINE + timedelta(minutes=minutes), ticket_number=1)


def armed(database: Database) -> list[tuple[str, int]]:
    """What is due and how many minutes after nine, in the order of the rows."""
    with database.reading() as session:
        rows = session.exec(select(Deadline).order_by(col(Deadline.id)))
        return [(row.subject, (row.due_at - NINE) // timedelta(minutes=1)) for row in rows]


def test_many_are_armed_by_one_statement_in_their_order_and_the_last_word_on_one_counts(database: Database) -> None:
    with heard(database) as said, database.transaction() as session:
        for number in range(10):
            arm(session, f"T-{number}", minutes=number)
        arm(session, "T-3", minutes=77)
    assert [many for text, many in said if text.startswith("INSERT")] == [True]
    assert armed(database) == [(f"T-{number}", 77 if number == 3 else number) for number in range(10)]


def test_whoever_looks_finds_what_was_armed_just_before(database: Database) -> None:
    with database.transaction() as session:
        arm(session, "kept")
        arm(session, "cancelled")
        assert deadlines.cancel(session, kind="update", subject="cancelled") == 1
        arm(session, "taken")
        assert deadlines.due_of(session, kind="update", subject="taken") == NINE
        assert [each.subject for each in deadlines.take_all_due(session, limit=9, now=NINE)] == ["kept", "taken"]
        arm(session, "last")
        assert deadlines.next_at(session) == NINE
    assert armed(database) == [("last", 0)]


def test_a_transaction_that_failed_leaves_nothing_that_others_would_write(database: Database) -> None:
    def arm_and_fail() -> None:
        with database.transaction() as session:
            arm(session, "lost")
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        arm_and_fail()
    assert armed(database) == []
    with database.transaction() as session:
        arm(session, "next")
    assert armed(database) == [("next", 0)]


def test_a_part_that_was_undone_takes_along_only_what_it_asked_for(database: Database) -> None:
    def arm_and_fail(session: Session) -> None:
        with undoable(session):
            arm(session, "before", minutes=5)
            arm(session, "within")
            deadlines.next_at(session)
            arm(session, "at last")
            raise ValueError("broken")

    with database.transaction() as session:
        arm(session, "before")
        with pytest.raises(ValueError, match="broken"):
            arm_and_fail(session)
        with undoable(session):
            arm(session, "done")
        arm(session, "after")
    assert armed(database) == [("before", 0), ("done", 0), ("after", 0)]


def test_those_who_wait_for_such_rows_are_woken(database: Database) -> None:
    woken: list[str] = []
    database.on_commit(lambda: woken.append("deadline"), of=["deadline"])
    database.on_commit(lambda: woken.append("outbox"), of=["outbox"])
    with database.transaction() as session:
        arm(session, "T-1")
    assert woken == ["deadline"]
