"""What becomes of a deadline whose work did not come to its end?"""

import pytest
from sqlalchemy.exc import OperationalError

from bot.services import due
from bot.store import deadlines
from bot.store.database import Database
from tests.services.office import Office


class DeadlockDetectedError(Exception):
    """As PostgreSQL's driver says it."""

    sqlstate = "40P01"


@pytest.mark.parametrize(("error", "waits"), [(DeadlockDetectedError(), False), (KeyError("broken"), True)])
def test_what_a_deadlock_ended_is_done_again_at_once_and_all_else_a_little_later(
    database: Database, monkeypatch: pytest.MonkeyPatch, error: Exception, *, waits: bool
) -> None:
    office = Office(database)

    def ended(*given: object, **named: object) -> None:
        raise OperationalError("SELECT", {}, error) if not waits else error

    with office.db.transaction() as session:
        deadlines.arm(session, kind="prune", subject="", due_at=office.now)
    monkeypatch.setitem(due.WORK, "prune", ended)
    assert due.fire_one(office.desk, now=office.now)

    with office.db.reading() as session:
        due_at = deadlines.due_of(session, kind="prune", subject="")
    assert due_at is not None
    assert (due_at > office.now) is waits
