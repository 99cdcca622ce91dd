"""Do very many pages for one person become one message, without hiding what is new?"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from time import process_time

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from bot.domain.message import Kind
from bot.messages import bundle as texts
from bot.services import due, escalate, page_answers, paging, storm, watchman, working
from bot.services.desk import Work
from bot.store import tickets
from bot.store.database import Database
from bot.store.tables import OutboxRow, Person
from tests.services.ground import Quiet
from tests.services.office import Office


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.long])])
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    """The desk on each kind of database: many people and processes are at a storm at once."""
    database = Database(str(request.getfixturevalue(f"{request.param}_url")))
    yield Office(database)
    database.dispose()


def pages_to(office: Office, person: str = "ana") -> list[str]:
    return office.said(kind=Kind.PAGE, to=person)


def mails(office: Office) -> list[str]:
    with office.db.reading() as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.op == "notify").order_by(col(OutboxRow.seq)))
        return [str(row.payload["text"]) for row in rows]


@pytest.fixture
def stormy(office: Office) -> Office:
    """A desk on which twenty tickets page Ana within a minute."""
    with office.db.transaction() as session:
        session.get_one(Person, "ana").contacts = ["mailto://ana:secret@mail.test"]
    for number in range(20):
        office.opens(f"sev1 Checkout {number} is down")
        office.passes(seconds=1)
    return office


@pytest.mark.req("PG-6")
def test_a_storm_becomes_one_message_that_names_every_ticket(stormy: Office) -> None:
    said = pages_to(stormy)
    assert len(said) == storm.ALONE + 1
    assert "tickets need you: T-1" in said[-1]
    assert len(mails(stormy)) == storm.ALONE + 1
    assert mails(stormy)[-1] == "Many tickets need you"
    with stormy.db.reading() as session:
        faults = list(watchman.faults(Work(stormy.desk, session), now=stormy.now))
    assert faults == []


@pytest.mark.req("PG-6")
def test_acknowledge_all_takes_every_ticket_and_stops_every_chain(stormy: Office) -> None:
    told = stormy.does("ana", storm.acknowledge_all)
    assert "20 tickets are yours now" in told.text
    stormy.passes(minutes=1)
    assert {stormy.ticket(f"T-{number}").owner for number in range(1, 21)} == {"ana"}
    before = len(pages_to(stormy))
    stormy.passes(minutes=14)
    assert len(pages_to(stormy)) == before
    assert "Nothing waits" in stormy.does("ana", storm.acknowledge_all).text


def test_where_somebody_was_faster_it_stays_theirs(stormy: Office) -> None:
    stormy.does("bo", page_answers.acknowledge, page=stormy.page_of("ana", ticket="T-1"))
    stormy.does("ana", storm.acknowledge_all)
    stormy.passes(minutes=1)
    assert stormy.ticket("T-1").owner == "bo"
    assert stormy.ticket("T-2").owner == "ana"


def test_a_few_pages_come_on_their_own(office: Office) -> None:
    for number in range(5):
        office.opens(f"sev1 Checkout {number} is down")
    assert len(pages_to(office)) == 5


@pytest.mark.req("PG-6")
def test_what_is_more_severe_than_all_that_waits_breaks_through(office: Office) -> None:
    for number in range(14):
        ticket = office.opens(f"sev2 Search {number} is slow")
        office.does("mei", escalate.escalate, ticket=ticket, level="1", reason="the customer waits")
    assert len(pages_to(office)) == storm.ALONE + 1
    critical = office.opens("sev1 Checkout is down")
    assert pages_to(office)[-1].startswith(f"{critical} needs you")


@pytest.mark.req("PG-6")
def test_a_page_comes_out_of_its_bundle_when_its_ticket_turns_out_to_be_worse(office: Office) -> None:
    with office.db.transaction() as session:
        session.get_one(Person, "ana").contacts = ["mailto://ana:secret@mail.test"]
    for number in range(14):
        ticket = office.opens(f"sev2 Search {number} is slow")
        office.does("mei", escalate.escalate, ticket=ticket, level="1", reason="the customer waits")
    told = len(mails(office))

    for _ in range(2):
        office.does("mei", working.regrade, ticket="T-14", severity="sev1", reason="All of it is down")
        office.does("mei", working.regrade, ticket="T-14", severity="sev2", reason="Not all of it")

    alone = [said for said in pages_to(office) if said.startswith("T-14 needs you")]
    assert len(alone) == 1, "once on its own, however often its severity changes"
    assert len(mails(office)) == told + 1
    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket="T-14"))
    assert office.ticket("T-14").owner == "ana"


@pytest.fixture
def crowded(sqlite_url: str) -> Iterator[Office]:
    """A desk on which nobody has been paged yet, but a hundred tickets are about to."""
    db = Database(sqlite_url)
    yield Quiet(db)
    db.dispose()


def paged(office: Office, count: int, *, severity: str) -> list[int]:
    """Page Ana for so many new tickets within a minute; gives how many rows were read for each."""
    found = []
    for number in range(count):
        rows = 0

        def reads(_session: object, _row: object) -> None:
            nonlocal rows
            rows += 1

        event.listen(Session, "loaded_as_persistent", reads)
        # Two people of the customer: one alone is held back after so many.
        ticket = office.opens(f"{severity} Search {number} is slow", by=("cy", "dee")[number % 2])
        if severity != "sev1":
            with office.db.transaction() as session:
                row = tickets.by_id(session, ticket)
                assert row is not None
                work = Work(office.desk, session)
                paging.engage(work, row, level=1, trigger="support_decision", reason="", by="bot", now=office.now)
        event.remove(Session, "loaded_as_persistent", reads)
        found.append(rows)
        office.now += timedelta(seconds=55) / count
    return found


@pytest.mark.req("PG-6")
def test_a_hundred_pages_in_a_minute_are_one_message_and_worse_still_comes_through(crowded: Office) -> None:
    read = paged(crowded, 100, severity="sev2")
    Office.delivers(crowded)

    said = pages_to(crowded)
    assert len(said) == storm.ALONE + 1
    assert said[-1].startswith("100 tickets need you: T-1 ")
    assert len(set(read[storm.ALONE + texts.SHOWN :])) == 1, "the hundredth costs what the thirtieth did"
    critical = crowded.opens("sev1 Checkout is down")
    assert pages_to(crowded)[-1].startswith(f"{critical} needs you")
    assert "101 tickets are yours now" in crowded.does("ana", storm.acknowledge_all).text


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.req("PG-6")
def test_five_hundred_sev_1_in_a_minute_cost_the_same_each_and_one_click_takes_them(
    crowded: Office, record_property: Callable[[str, object], None]
) -> None:
    began = process_time()
    read = paged(crowded, 500, severity="sev1")
    record_property("cpu_ms_each", round((process_time() - began) * 2))
    assert len(set(read[storm.ALONE + texts.SHOWN :])) == 1
    Office.delivers(crowded)
    assert sum("tickets need you" in said for said in pages_to(crowded)) == 1
    assert "500 tickets are yours now" in crowded.does("ana", storm.acknowledge_all).text
    crowded.passes(minutes=1)
    assert {crowded.ticket(f"T-{number}").owner for number in range(1, 501)} == {"ana"}


def test_where_the_room_gets_no_line_out_only_the_newest_page_is_said_there(office: Office) -> None:
    office.opens()
    office.delivers()
    for _ in range(6):
        office.now += timedelta(minutes=15)
        while due.fire(office.desk, now=office.now):
            pass
    with office.db.reading() as session:
        waiting = session.exec(select(OutboxRow).where(OutboxRow.state == "pending").order_by(col(OutboxRow.seq))).all()
    lines = [str(row.payload["text"]) for row in waiting if row.thread and row.lane == "C0TRIAGE"]
    assert [line for line in lines if " paged, attempt" in line] == [
        "T-1: Level 3 (Engineering) paged, attempt 1: Kai Sato."
    ]
    assert any("escalated to level 3" in line for line in lines)
