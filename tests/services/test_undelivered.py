"""Does a person hear of what reached nobody, once, and is no alarm lost on the way?"""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.domain.message import AnyMessage, InternalMessage, Kind
from bot.services import staff_news, tell, undelivered, working
from bot.services.desk import Work
from bot.store import clocks, outbox, trail
from bot.store.database import Database
from bot.store.tables import OutboxRow
from tests.make import token, update_text
from tests.services.office import Office

OPERATIONS = "C0OPS"


@pytest.fixture
def office(sqlite_url: str) -> Office:
    return Office(Database(sqlite_url))


def is_lost(office: Office, message: AnyMessage, lane: str, *, why: str = "is_archived", ticket: int | None) -> None:
    """Slack gives a message up for good."""
    identity = token()
    with office.db.transaction() as session:
        outbox.post(
            session, message=message, lane=lane, id=identity, key=identity, ticket_number=ticket, now=office.now
        )
    with office.db.transaction() as session:
        row = session.exec(select(OutboxRow).where(OutboxRow.id == identity)).one()
        row.state, row.error = "failed", why
        undelivered.tell(Work(office.desk, session), row, why=why, now=office.now)
        session.add(row)


def alarm_text(number: int) -> InternalMessage:
    return InternalMessage(Kind.ALARM, f"T-{number}: breached")


def gives_up(office: Office) -> int:
    """The operations channel takes nothing of what waits for it; gives how much that was."""
    with office.db.transaction() as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.lane == OPERATIONS, OutboxRow.state == "pending")).all()
        for row in rows:
            row.state = "failed"
            session.add(row)
            undelivered.tell(Work(office.desk, session), row, why="is_archived", now=office.now)
    return len(rows)


def alarms(office: Office, who: str | None = None) -> list[str]:
    return office.said(kind=Kind.ALARM, to=who) if who else office.said(kind=Kind.ALARM)


def test_a_channel_that_is_gone_is_one_task_a_day_for_all_that_was_to_go_there(office: Office) -> None:
    for number in range(1, 41):
        is_lost(office, update_text(f"T-{number}: update"), "C0ACME", ticket=number)

    (told,) = alarms(office, OPERATIONS)
    assert "C0ACME" in told
    assert "Nothing else arrives there either" in told
    assert len(alarms(office)) == 1
    office.now += timedelta(days=1)
    is_lost(office, update_text("T-41: update"), "C0ACME", ticket=41)
    assert len(alarms(office, OPERATIONS)) == 2


def test_what_is_wrong_with_one_message_is_told_for_each_ticket(office: Office) -> None:
    for number in (1, 1, 2):
        is_lost(office, update_text(), "C0ACME", why="invalid_blocks", ticket=number)

    assert len(alarms(office, OPERATIONS)) == 2


def test_alarms_that_their_channel_does_not_take_reach_every_manager(office: Office) -> None:
    with office.db.transaction() as session:
        work = Work(office.desk, session)
        staff_news.alarm(work, lambda _: alarm_text(1), key="breached:1", now=office.now)
        staff_news.alarm(work, lambda _: alarm_text(2), key="breached:2", now=office.now)
        staff_news.alarm(work, lambda _: alarm_text(3), key="exhausted:3", managers=True, now=office.now)

    assert [gives_up(office) for _ in range(3)] == [3, 1, 0], "the alarms, and what says that they were lost"
    for manager in ("mei", "vic"):
        said = alarms(office, manager)
        assert sorted(each for each in said if "breached" in each) == [f"T-{number}: breached" for number in (1, 2, 3)]
        assert len([each for each in said if "could not be delivered" in each]) == 1


def test_an_alarm_that_one_person_cannot_get_raises_no_other(office: Office) -> None:
    is_lost(office, alarm_text(1), "@U0MEI", why="user_disabled", ticket=None)

    assert alarms(office) == ["T-1: breached"]


def test_the_answer_to_what_was_asked_where_we_are_not_comes_directly(office: Office) -> None:
    with office.db.transaction() as session:
        tell.privately(Work(office.desk, session), user="U0ANA", channel="C0OTHER", text="Opened T-1", now=office.now)
        (row,) = session.exec(select(OutboxRow).where(OutboxRow.lane == "C0OTHER"))
        row.state = "failed"
        session.add(row)
        for _ in range(2):
            undelivered.tell(Work(office.desk, session), row, why="channel_not_found", now=office.now)
    assert office.said(to="ana") == ["Opened T-1"]
    assert alarms(office) == []


def test_the_room_and_whoever_wrote_it_hear_of_each_reply_that_did_not_reach_the_customer(office: Office) -> None:
    ticket = office.opens()
    is_lost(office, update_text(f"{ticket}: update"), "C0ACME", ticket=1)
    office.does("ana", working.reply, ticket=ticket, text="We are on it")

    with office.db.transaction() as session:
        row = session.exec(select(OutboxRow).where(OutboxRow.lane == "C0ACME", OutboxRow.kind == "reply")).one()
        undelivered.tell(Work(office.desk, session), row, why="is_archived", now=office.now)

    said = [each for each in office.said(to="C0TRIAGE") if "did not reach the customer" in each]
    assert said == [
        f"{ticket}: The {what} did not reach the customer: is_archived. It is not sent again."
        for what in ("update", "reply")
    ]
    assert office.said(to="ana")[-1].startswith(f"{ticket}: Your reply did not reach the customer: is_archived.")
    assert len(alarms(office, OPERATIONS)) == 1


def test_a_reply_that_never_came_is_in_the_record_and_no_update_tells_of_it(office: Office) -> None:
    ticket = office.opens()
    office.delivers()
    office.does("ana", working.reply, ticket=ticket, text="We are on it")
    office.does("bo", working.reply, ticket=ticket, text="It is the certificate")
    with office.db.transaction() as session:
        row = session.exec(select(OutboxRow).where(OutboxRow.lane == "C0ACME", OutboxRow.kind == "reply")).first()
        assert row is not None
        row.state, row.error = "failed", "is_archived"
        undelivered.tell(Work(office.desk, session), row, why="is_archived", now=office.now)

    office.passes(hours=1)

    update = office.said(kind=Kind.UPDATE, to="C0ACME")[-1]
    assert "Ana Lima replied" not in update
    assert "Bo Berg replied" in update
    with office.db.reading() as session:
        told = [(each.kind, each.facts.get("why")) for each in trail.read(session, "ticket:1") if "came" in each.kind]
        assert told == [("never_came", "is_archived")]
        first = clocks.one(session, 1, "first_response", 1)
        assert first is not None
        assert first.state == "met", "what has ended stays ended (R7), and the record says what became of it"
    assert office.is_sound()
