"""Do very many pages for one person become one message, without hiding what is new?"""

import pytest
from sqlmodel import col, select

from bot.domain.message import Kind
from bot.services import escalate, paging, storm, watchman
from bot.services.desk import Work
from bot.store.database import Database
from bot.store.tables import OutboxRow, Person
from tests.services.office import Office


@pytest.fixture
def office(database: Database) -> Office:
    """The desk on each kind of database: many people and processes are at a storm at once."""
    return Office(database)


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
    assert mails(stormy)[-1] == storm.TITLE
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
    stormy.does("bo", paging.acknowledge, page=stormy.page_of("ana", ticket="T-1"))
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


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.req("PG-6")
def test_a_hundred_pages_in_a_minute_are_one_bundle_and_one_click(office: Office) -> None:
    for number in range(100):
        office.opens(f"sev2 Search {number} is slow")
    for number in range(1, 101):
        office.does("mei", escalate.escalate, ticket=f"T-{number}", level="1", reason="the customer waits")
    assert len(pages_to(office)) == storm.ALONE + 1
    critical = office.opens("sev1 Checkout is down")
    assert pages_to(office)[-1].startswith(f"{critical} needs you")

    told = office.does("ana", storm.acknowledge_all)

    assert "101 tickets are yours now" in told.text
    office.passes(minutes=1)
    assert {office.ticket(f"T-{number}").owner for number in range(1, 102)} == {"ana"}
