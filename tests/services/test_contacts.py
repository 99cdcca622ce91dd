"""How are the customer's own people reached, by the kinds of contact that the directory names for it?"""

from collections.abc import Iterator

import pytest
from sqlmodel import col, select

from bot.domain.message import Kind
from bot.handbook.loader import load
from bot.services import escalate, marks, media
from bot.services.desk import Work
from bot.store import outside, trail
from bot.store.database import Database
from bot.store.outside import Place
from bot.store.tables import Customer, OutboxRow, Person
from tests.services.office import Office

MAIL, PHONE = "mailto://tech:secret@mail.test", "twilio://SID:TOKEN@15551230000/15551230001?method=call"
SAID = "Please look at your router in Lyon"
SEEN = "pdu-7 of theirs is dark, and Dee knows of it"


@pytest.fixture
def service(sqlite_url: str) -> Iterator[Office]:
    """A desk that obeys the service policy."""
    db = Database(sqlite_url)
    office = Office(db, load("service"))
    with db.transaction() as session:
        session.get_one(Customer, "acme").tier = "service"
    yield office
    db.dispose()


def named(office: Office, *, cy: tuple[str, ...] = (), **contacts: list[str]) -> None:
    """Let the directory name these contacts of Acme's by kind, and these addresses of Cy's own."""
    with office.db.transaction() as session:
        session.get_one(Customer, "acme").contacts = contacts
        session.get_one(Person, "cy").contacts = [*cy]


def written(office: Office) -> list[OutboxRow]:
    """What went to contacts of the customer's, from the first."""
    with office.db.reading() as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.op == "notify").order_by(col(OutboxRow.seq))).all()
        return [row for row in rows if row.kind == Kind.ESCALATION.value]


def contacted(office: Office) -> list[dict[str, object]]:
    with office.db.reading() as session:
        return [
            {**entry.facts, **entry.words}
            for entry in trail.read(session, "ticket:1")
            if entry.kind == "customer_contacted"
        ]


def involves(office: Office, severity: str = "sev1") -> str:
    ticket = office.opens(f"{severity} Checkout is down")
    office.does("ana", marks.mark, ticket=ticket, mark="customer_system", reason=SEEN, said=SAID)
    return ticket


@pytest.mark.req("PG-5")
def test_their_technical_staff_and_escalation_managers_are_asked_by_kind_and_medium(office: Office) -> None:
    named(office, cy=(MAIL,), technical=[MAIL, PHONE, "dee"], escalation=["cy"])

    involves(office)

    assert [row.lane for row in written(office)] == ["out:acme/technical:0", "out:acme/technical:1", "out:cy:0"]
    first, second = contacted(office)
    assert (first["contacts"], first["people"], first["media"]) == ("technical", ["dee"], ["mailto", "telephone"])
    assert (second["contacts"], second["people"], second["said"]) == ("escalation", ["cy"], SAID)
    assert office.is_sound()


@pytest.mark.req("PG-5")
def test_what_they_read_is_fit_for_a_customer_and_holds_no_secret(office: Office) -> None:
    named(office, technical=[MAIL], escalation=["cy"])

    involves(office)

    (row,) = written(office)
    assert row.visibility == "customer"
    assert "secret" not in str(row.model_dump())
    assert SAID in row.payload["body"]
    (channel,) = [text for text in office.said(kind=Kind.ESCALATION, to="C0ACME") if "on your side" in text]
    assert "Cy Young, please have somebody look at it" in channel
    for text in (row.payload["text"], row.payload["body"], channel):
        assert "pdu-7" not in text, "what our own people saw stays with us"


@pytest.mark.req("PG-5")
def test_they_are_mentioned_in_the_tickets_thread_of_their_channel(office: Office) -> None:
    named(office, technical=["dee"], escalation=["cy"])

    involves(office)

    with office.db.reading() as session:
        statement = select(OutboxRow).where(OutboxRow.lane == "C0ACME", OutboxRow.kind == "escalation")
        row = session.exec(statement).one()
    assert "<@U0DEE> and <@U0CY>, please" in str(row.payload["blocks"])
    assert row.thread is not None


def test_the_telephone_rings_for_a_sev_1_only(office: Office) -> None:
    named(office, technical=[PHONE, MAIL])

    involves(office, "sev3")

    assert [row.payload["medium"] for row in written(office)] == ["mailto"]


def test_they_are_asked_once_for_one_mark(office: Office) -> None:
    named(office, technical=[MAIL])
    ticket = involves(office)

    office.does("bo", escalate.escalate, ticket=ticket, reason="Deeper", kind="")

    assert len(written(office)) == 1


@pytest.mark.req("PG-5")
def test_where_the_directory_names_nobody_the_channel_is_asked_and_a_person_of_ours_finds_out(office: Office) -> None:
    named(office)

    involves(office)

    assert contacted(office) == []
    assert any("names no technical or escalation contact of Acme Corp" in text for text in office.said(to="C0OPS"))
    assert any("Please have somebody look at it" in text for text in office.said(to="C0ACME"))


@pytest.mark.req("PG-5")
def test_a_contact_that_cannot_be_reached_becomes_a_task_that_names_no_address(office: Office) -> None:
    named(office, technical=[MAIL])
    involves(office)
    (row,) = written(office)

    with office.db.transaction() as session:
        found = session.get_one(OutboxRow, row.seq)
        media.lost(Work(office.desk, session), found, why="HTTP 404", now=office.now)

    (task,) = [text for text in office.said(kind=Kind.ALARM, to="C0OPS") if "HTTP 404" in text]
    assert "the technical contact of Acme Corp, by mailto" in task
    assert "secret" not in task


def test_the_sender_reads_the_address_from_the_directory_as_it_stands(office: Office) -> None:
    named(office, technical=["dee", MAIL])
    place = Place("acme", 1, "technical")
    with office.db.reading() as session:
        assert Place.of(place.lane) == place
        assert outside.contact(session, place) == MAIL
        assert outside.contact(session, Place("acme", 0, "technical")) is None
        assert outside.contact(session, Place("acme", 2, "technical")) is None
        assert outside.contact(session, Place("acme", 0, "other")) is None
        assert outside.is_theirs(session, place)


@pytest.mark.req("ES-6")
def test_two_unworked_hours_ring_the_contacts_telephone_and_ask_a_person_of_ours_to_call(service: Office) -> None:
    named(service, cy=(MAIL, PHONE), escalation=["cy"])
    service.opens("Severity 1: Networks are down")

    service.passes(hours=2, minutes=1)

    (row,) = written(service)
    assert (row.lane, row.visibility) == ("out:cy:1", "customer")
    assert "a person of ours calls you" in row.payload["body"]
    (task,) = [text for text in service.said(to="C0OPS") if "Please call Cy Young now" in text]
    assert "Their telephone rings too" in task
    (told,) = contacted(service)
    assert (told["contacts"], told["people"], told["called"]) == ("escalation", ["cy"], True)
    assert service.is_sound()


@pytest.mark.req("ES-6")
def test_a_severity_1_calls_the_whole_team_together_in_its_channel_once(service: Office) -> None:
    service.opens("Severity 1: Networks are down")
    service.passes(hours=1)

    called = [text for text in service.said(kind=Kind.ALARM, to="C0TRIAGE") if "needs all of you" in text]

    assert len(called) == 1
    assert "The whole support team" in called[0]
    assert "Networks are down" in called[0]
