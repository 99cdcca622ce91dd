"""Whom does a handbook page beside the ladder, by their duty?"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlmodel import col, select

from bot.domain.errors import TooLate
from bot.domain.message import Kind
from bot.domain.signed_link import Links
from bot.handbook.loader import load
from bot.services import burning, elsewhere, media, page_answers, working
from bot.services.desk import Work
from bot.store.database import Database
from bot.store.tables import Customer, Duty, Escalation, OutboxRow, Page, Person
from tests.services.office import PEOPLE, Office


def office_with(handbook: str, tier: str, url: str) -> Iterator[Office]:
    db = Database(url)
    office = Office(db, load(handbook))
    with db.transaction() as session:
        session.get_one(Customer, "acme").tier = tier
        session.add(Duty(id="engineering_on_call", target="rotation:first-line"))
        session.get_one(Duty, "incident_commander").target = "bo"
    yield office
    db.dispose()


@pytest.fixture
def sla(sqlite_url: str) -> Iterator[Office]:
    """A desk that obeys the SLA handbook."""
    yield from office_with("sla", "sla", sqlite_url)


@pytest.fixture
def service(sqlite_url: str) -> Iterator[Office]:
    """A desk that obeys the service policy."""
    yield from office_with("service", "service", sqlite_url)


@pytest.mark.req("ES-5")
def test_a_p1_pages_three_roles_side_by_side_and_each_acknowledges_its_own(sla: Office) -> None:
    ticket = sla.opens("P1 Checkout is down")

    assert "engineering on call" in sla.said(kind=Kind.PAGE, to="ana")[0].lower()
    assert "incident commander" in sla.said(kind=Kind.PAGE, to="bo")[0]
    assert "communications lead" in sla.said(kind=Kind.PAGE, to="mei")[0]

    with sla.db.reading() as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.lane == "@U0ANA", OutboxRow.kind == "page")).all()
    assert "also paged: Bo Berg (incident commander) and Mei Tan (communications lead)" in str(rows[-1].payload)

    sla.does("bo", page_answers.acknowledge, page=sla.page_of("bo", ticket=ticket))
    sla.passes(minutes=6)

    assert len(sla.said(kind=Kind.PAGE, to="bo")) == 1
    assert len(sla.said(kind=Kind.PAGE, to="ana")) == 2, "the commander's answer does not stop the ladder"
    assert len(sla.said(kind=Kind.PAGE, to="mei")) == 2


@pytest.mark.req("ES-5")
def test_engineering_on_calls_acknowledgement_stops_the_ladder_and_nothing_else(sla: Office) -> None:
    ticket = sla.opens("P1 Checkout is down")

    sla.does("ana", page_answers.acknowledge, page=sla.page_of("ana", ticket=ticket))
    sla.passes(minutes=12)

    assert sla.ticket(ticket).owner == "ana"
    assert len(sla.said(kind=Kind.PAGE, to="ana")) == 1
    assert len(sla.said(kind=Kind.PAGE, to="mei")) == 3


@pytest.mark.req("ES-5")
def test_a_p2_pages_the_squad_lead_and_the_feature_owner_and_its_card_asks_for_the_hotfixs_date(sla: Office) -> None:
    sla.opens("P2 Search is slow")

    assert "squad lead" in sla.said(kind=Kind.PAGE, to="bo")[0]
    assert "feature owner" in sla.said(kind=Kind.PAGE, to="kai")[0]
    assert not sla.said(kind=Kind.PAGE, to="ana")
    assert "a date for the hotfix where one is planned" in card_of(sla)


@pytest.mark.req("ES-5")
@pytest.mark.parametrize("severity", ["P3", "P4"])
def test_a_p3_or_p4_pages_nobody_and_its_card_names_the_queue_and_the_playbook(sla: Office, severity: str) -> None:
    sla.opens(f"{severity} A label is misspelt")

    assert not sla.said(kind=Kind.PAGE)
    assert "Standard queue with the documented playbook" in card_of(sla)


def card_of(office: Office) -> str:
    with office.db.reading() as session:
        row = session.exec(select(OutboxRow).where(OutboxRow.card == "card:1", OutboxRow.op == "post")).one()
        return str(row.payload["blocks"])


@pytest.mark.req("ES-6")
def test_a_severity_1_pages_the_operations_manager_at_once(service: Office) -> None:
    service.opens("Severity 1: Networks are down")

    assert "operations manager" in service.said(kind=Kind.PAGE, to="mei")[0]


@pytest.mark.req("ES-6")
@pytest.mark.req("SL-4")
def test_two_unworked_hours_page_the_vp_and_ask_for_a_call_whatever_the_ladder_does(service: Office) -> None:
    ticket = service.opens("Severity 1: Networks are down")
    service.does("ana", page_answers.acknowledge, page=service.page_of("ana", ticket=ticket))
    service.does("mei", page_answers.acknowledge, page=service.page_of("mei", ticket=ticket))

    service.passes(hours=2)
    assert not service.said(kind=Kind.PAGE, to="vic")

    service.passes(minutes=1)
    assert "VP operations" in service.said(kind=Kind.PAGE, to="vic")[0]
    assert any("Please call Cy Young now" in text for text in service.said(to="C0OPS"))
    assert service.is_sound()


@pytest.mark.req("ES-6")
def test_work_ends_the_two_hours_an_acknowledgement_does_not(service: Office) -> None:
    ticket = service.opens("Severity 1: Networks are down")
    service.does("ana", page_answers.acknowledge, page=service.page_of("ana", ticket=ticket))
    service.does("ana", working.start_work, ticket=ticket)

    service.passes(hours=3)

    assert not service.said(kind=Kind.PAGE, to="vic")


def test_a_duty_that_nobody_holds_is_an_alarm_and_not_silence(sla: Office) -> None:
    with sla.db.transaction() as session:
        session.delete(session.get_one(Duty, "communications_lead"))

    sla.opens("P1 Checkout is down")

    skipped, exhausted = sla.said(to="C0OPS")
    assert "Nobody who is communications lead can be paged right now. The desk tries again." in skipped
    assert "nobody can be paged as communications lead. There is no communications lead to call" in exhausted


def test_the_second_click_on_a_duty_is_told_who_was_first(sla: Office) -> None:
    ticket = sla.opens("P1 Checkout is down")
    page = sla.page_of("bo", ticket=ticket)
    sla.does("bo", page_answers.acknowledge, page=page)

    with pytest.raises(TooLate, match="acknowledged by Bo Berg"):
        sla.does("kai", page_answers.acknowledge, page=page)


@pytest.mark.req("ES-5")
def test_where_a_duty_holders_page_reaches_nobody_the_ladders_next_level_hears(sla: Office) -> None:
    with sla.db.transaction() as session:
        session.get_one(Person, "bo").contacts = ["mailto://bo:secret@mail.test"]
    sla.opens("P1 Checkout is down")
    with sla.db.transaction() as session:
        row = session.exec(select(OutboxRow).where(OutboxRow.lane == "out:bo:0")).one()
        media.lost(Work(sla.desk, session), row, why="HTTP 404", now=sla.now)

    next_up = {who for who in PEOPLE if any("You are paged next" in each for each in sla.said(to=who))}
    assert next_up == {"kai"}, "who is asked already reads nothing more"


def test_an_answered_page_says_truly_who_is_still_paged_for_the_ticket(sla: Office) -> None:
    ticket = sla.opens("P1 Checkout is down")

    sla.does("bo", page_answers.acknowledge, page=sla.page_of("bo", ticket=ticket))
    assert "as incident commander" in sla.page_stands("bo")
    assert "Nobody is paged as incident commander any more." in sla.page_stands("bo")

    sla.does("ana", page_answers.acknowledge, page=sla.page_of("ana", ticket=ticket))
    assert "No level is paged any more." in sla.page_stands("ana")

    sla.does("mei", page_answers.acknowledge, page=sla.page_of("mei", ticket=ticket))
    assert "Nobody is paged any more." in sla.page_stands("mei")


def test_whoever_answers_as_one_and_is_asked_as_another_as_well_reads_so(sla: Office) -> None:
    with sla.db.transaction() as session:
        session.get_one(Duty, "incident_commander").target = "rotation:first-line"
    sla.opens("P1 Checkout is down")
    with sla.db.reading() as session:
        asked = select(Escalation.id).where(Escalation.circle == "duty:incident_commander")
        page = session.exec(select(Page.id).where(col(Page.escalation_id).in_(asked))).one()

    sla.does("ana", page_answers.acknowledge, page=page)

    assert "Ana Lima is still paged as level 1: that page needs an answer of its own." in sla.page_stands("ana")
    sla.passes(minutes=15)
    update = sla.said(kind=Kind.UPDATE)[-1]
    assert "nobody has taken it yet" in update
    assert "Ana Lima answered the call as incident commander" in update


def test_the_room_reads_that_the_severity_escalated_and_not_the_customer_who_said_it(sla: Office) -> None:
    sla.opens("P1 Checkout is down")

    room = sla.said(to="C0TRIAGE")
    assert any("Escalated to level 1 (Engineering on call) because it is so severe." in text for text in room)


def test_the_room_reads_that_a_call_is_asked_for_and_not_that_the_customer_is_being_called(service: Office) -> None:
    service.opens("Severity 1: Networks are down")

    service.passes(hours=2, minutes=1)

    room = service.said(to="C0TRIAGE")
    assert any(
        "A person of ours is asked to call the customer's escalation contacts: Cy Young." in text for text in room
    )
    assert any("Start of work was due" in text for text in service.said(to="C0OPS"))


def test_who_is_paged_for_a_duty_is_named_with_it_and_not_with_a_level(service: Office) -> None:
    service.opens("Severity 1: Networks are down")

    said = service.does("mei", burning.on_call).text

    assert "Ana Lima, level 1, since" in said
    assert "Mei Tan, as operations manager, since" in said


def test_whoever_answers_for_a_duty_by_a_mails_link_reads_what_they_have(service: Office) -> None:
    links = Links("https://desk.test", b"0123456789abcdef")
    service.desk = replace(service.desk, links=links)
    ticket = service.opens("Severity 1: Networks are down")
    for person, said in (("mei", f"You have {ticket} as operations manager"), ("ana", f"{ticket} is yours")):
        page = service.page_of(person, ticket=ticket)
        token = links.token(media.LINK, page, person, expires_at=service.now + media.LINK_LIVES_FOR)

        answer = service.desk.do(elsewhere.confirm, purpose=media.LINK, token=token, now=service.now)

        assert answer.text == f"{said}; everybody else sees that."
