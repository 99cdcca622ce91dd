"""Does what was only needed to do things once go away in time, and nothing else?"""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.keeping import Keeping
from bot.services import due, pruning
from bot.services.desk import Delivery, Work
from bot.store import deadlines, outbox
from bot.store import pruning as rows
from bot.store.database import Database
from bot.store.tables import metadata
from tests.make import note_text, token
from tests.services.office import Office

INBOX, OUTBOX = metadata.tables["inbox"], metadata.tables["outbox"]
DAY = timedelta(days=1)


@pytest.fixture
def aged(database: Database, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A desk with an open ticket and some messages of no ticket, on which nothing else happens; small parts."""
    monkeypatch.setattr(rows, "AT_ONCE", 3)
    monkeypatch.setattr(rows, "LOOKED_AT", 5)
    office = Office(database)
    office.desk = replace(office.desk, keeping=Keeping(deliveries_for=30 * DAY, bodies_for=90 * DAY))
    office.opens("sev3 The report shows a wrong total")
    for number in range(7):
        with database.transaction() as session:
            outbox.post(session, message=note_text(f"note {number}"), lane="C0OPS", id=token(), now=office.now)
        office.desk.accept(Delivery(f"event:{number}", "joined", {"channel": "C1", "user": "U1"}), now=office.now)
    office.passes(minutes=1)
    with database.transaction() as session:
        session.connection().execute(metadata.tables["deadline"].delete())
    return office


def tonight(office: Office, *, after: timedelta) -> None:
    """One night's round, when so much time has passed."""
    office.now += after
    with office.db.transaction() as session:
        pruning.arm(Work(office.desk, session), now=office.now)
        planned = deadlines.due_of(session, kind=pruning.DEADLINE, subject="all")
    assert planned is not None
    office.now = planned
    while due.fire(office.desk, now=office.now):
        pass


def held(office: Office) -> tuple[int, int]:
    """How many deliveries are known, and how many messages can be read."""
    with office.db.reading() as session:
        deliveries = session.connection().execute(select(INBOX.c.id)).all()
        bodies = session.connection().execute(select(OUTBOX.c.payload)).scalars()
        return len(deliveries), len([each for each in bodies if each])


def test_deliveries_go_after_their_time_and_bodies_after_theirs(aged: Office) -> None:
    deliveries, bodies = held(aged)
    tonight(aged, after=29 * DAY)
    assert held(aged) == (deliveries, bodies)
    tonight(aged, after=DAY)
    assert held(aged) == (deliveries - 7, bodies)
    tonight(aged, after=60 * DAY)
    assert held(aged) == (deliveries - 7, bodies - 7), "what belongs to an open ticket stays"
    tonight(aged, after=DAY)
    assert held(aged) == (deliveries - 7, bodies - 7)
    with aged.db.reading() as session:
        assert deadlines.due_of(session, kind=pruning.DEADLINE, subject="all") == aged.now + DAY


def test_what_waits_is_never_dropped(aged: Office) -> None:
    aged.desk.accept(Delivery("event:new", "joined", {"channel": "C1", "user": "U1"}), now=aged.now)
    with aged.db.transaction() as session:
        outbox.post(session, message=note_text("waits"), lane="C0OPS", id=token(), now=aged.now)
    tonight(aged, after=200 * DAY)
    with aged.db.reading() as session:
        run = session.connection().execute
        assert run(select(INBOX.c.key).where(INBOX.c.state == "pending")).scalars().all() == ["event:new"]
        waiting = run(select(OUTBOX.c.payload).where(OUTBOX.c.state == "pending")).scalars().all()
        assert [each["text"] for each in waiting] == ["waits"]


def test_a_repeat_within_the_time_does_nothing_and_the_sizes_are_told(aged: Office) -> None:
    tonight(aged, after=20 * DAY)
    assert not aged.desk.accept(Delivery("event:1", "joined", {"channel": "C1", "user": "U1"}), now=aged.now)
    with aged.db.reading() as session:
        assert rows.rows(session)["inbox"] == held(aged)[0]
        assert rows.size(session) > 10_000
