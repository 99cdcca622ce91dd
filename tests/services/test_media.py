"""By which media, in which order and for how long does a page reach its person beside Slack?"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.domain.message import Kind
from bot.domain.signed_link import Links
from bot.handbook.loader import load
from bot.services import media, page_answers, working
from bot.services.desk import Work
from bot.store import deadlines, outbox, outside
from bot.store.database import Database
from bot.store.outside import Place
from bot.store.tables import OutboxRow, Person
from tests.services.office import Office

MAIL, PHONE = "mailto://ana:secret@mail.test", "json://gateway.test/ana"
CLOSING = dict.fromkeys(working.CLOSING, "said")
INCIDENT = "pagerduty://R0123456789ABCDEF0123456789ABCDE"


class Stuck(Office):
    """A desk whose relay sends nothing until the test says so."""

    def delivers(self) -> None:
        """Nothing leaves."""


@pytest.fixture
def office(database: Database) -> Office:
    return Stuck(database)


def reachable_by(office: Office, contacts: Sequence[str], *, person: str = "ana") -> None:
    with office.db.transaction() as session:
        session.get_one(Person, person).contacts = [*contacts]


def went_out(office: Office, *states: str) -> list[OutboxRow]:
    with office.db.reading() as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.op == "notify").order_by(col(OutboxRow.seq))).all()
        return [row for row in rows if not states or row.state in states]


def told(office: Office, who: str) -> list[str]:
    """The alarms of messages that reached nobody, as somebody got them."""
    return [each for each in office.said(kind=Kind.ALARM, to=who) if "could not be delivered" in each]


def fails(office: Office, row: OutboxRow, why: str = "refused") -> None:
    """The medium gives a row up, as the relay notes it."""
    with office.db.transaction() as session:
        office.claims(session)
        taken = session.get_one(OutboxRow, row.seq)
        outbox.fail(session, id=taken.id, fence=taken.fence, error=why, permanent=True, retry_at=None, now=office.now)
        media.lost(Work(office.desk, session), taken, why=why, now=office.now)


@pytest.mark.req("PG-1")
def test_the_first_contact_gets_the_page_at_once_and_the_next_one_after_the_wait(office: Office) -> None:
    reachable_by(office, [MAIL, PHONE])
    office.opens()
    assert [row.lane for row in went_out(office)] == ["out:ana:0"]
    office.passes(minutes=4)
    assert len(went_out(office)) == 1
    office.passes(minutes=1)
    assert [row.lane for row in went_out(office)] == ["out:ana:0", "out:ana:1"]


@pytest.mark.req("PG-1")
def test_at_a_level_that_says_so_all_contacts_get_the_page_together(database: Database, tmp_path: Path) -> None:
    rules = tmp_path / "ours.yml"
    technical = "{name: Technical, acknowledge_within: 30 minutes, media: {order: parallel}}"
    rules.write_text(f"extends: enterprise\nescalation: {{levels: {{2: {technical}}}}}\n", encoding="utf-8")
    office = Stuck(database, handbook=load(str(rules)))
    for person in ("ana", "bo"):
        reachable_by(office, [MAIL, PHONE, INCIDENT], person=person)

    office.opens()
    assert [row.lane for row in went_out(office)] == ["out:ana:0"]
    office.passes(minutes=46)
    assert [row.lane for row in went_out(office) if "bo" in row.lane] == ["out:bo:0", "out:bo:1", "out:bo:2"]
    office.passes(minutes=20)
    assert len([row for row in went_out(office) if "bo" in row.lane]) == 3


@pytest.mark.req("PG-1")
def test_a_person_says_which_contacts_go_together_and_how_long_the_next_one_waits(office: Office) -> None:
    reachable_by(office, [MAIL, f"{INCIDENT} at once", f"{PHONE} after 7 minutes"])
    office.opens()
    assert [row.lane for row in went_out(office)] == ["out:ana:0", "out:ana:1"]
    assert [row.payload["medium"] for row in went_out(office)] == ["mailto", "pagerduty"]
    office.passes(minutes=6)
    assert len(went_out(office)) == 2
    office.passes(minutes=1)
    assert [row.lane for row in went_out(office)] == ["out:ana:0", "out:ana:1", "out:ana:2"]
    with office.db.reading() as session:
        sent_to = [outside.contact(session, Place("ana", number)) for number in range(3)]
    assert sent_to == [MAIL, INCIDENT, PHONE]


def test_the_row_names_no_address_and_no_secret(office: Office) -> None:
    reachable_by(office, [MAIL])
    office.opens()
    (row,) = went_out(office)
    assert "secret" not in str(row.model_dump())
    assert row.payload["medium"] == "mailto"
    assert (row.visibility, row.priority) == ("internal", 0)


def test_the_page_says_why_and_carries_a_reference_that_stays(office: Office) -> None:
    reachable_by(office, [MAIL])
    ticket = office.opens()
    (row,) = went_out(office)
    assert row.payload["text"].startswith(f"{ticket} needs you")
    assert "Checkout is down" in row.payload["body"]
    assert row.id[:8] in row.payload["body"]
    assert "Acknowledge it in Slack" in row.payload["body"]


def test_with_an_address_and_a_key_the_page_bears_a_link_that_acknowledges(office: Office) -> None:
    links = Links("https://desk.test/", b"0123456789abcdef")
    office.desk = replace(office.desk, links=links)
    reachable_by(office, [MAIL])
    office.opens()
    (row,) = went_out(office)
    address = next(word for word in row.payload["body"].split() if word.startswith("https://desk.test/acknowledge/"))
    page, person = links.read("acknowledge", address.rpartition("/")[2], now=office.now)
    assert person == "ana"
    office.does("ana", page_answers.acknowledge, page=page)


@pytest.mark.req("PG-4")
def test_acknowledging_takes_back_what_has_not_left(office: Office) -> None:
    reachable_by(office, [MAIL, PHONE])
    ticket = office.opens()
    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket=ticket))
    assert [row.state for row in went_out(office)] == ["cancelled"]
    office.passes(minutes=10)
    assert len(went_out(office)) == 1


def test_declining_takes_back_the_pages_of_whoever_cannot_take_it(office: Office) -> None:
    reachable_by(office, [MAIL, PHONE])
    ticket = office.opens()
    office.does("ana", page_answers.decline, page=office.page_of("ana", ticket=ticket))
    assert went_out(office, "pending") == []
    with office.db.reading() as session:
        page = office.page_of("ana", ticket=ticket)
        assert not [each for each in [deadlines.due_of(session, kind="medium", subject=page)] if each is not None]


def test_passing_on_sends_the_next_attempt_by_its_own_media(office: Office) -> None:
    reachable_by(office, [MAIL, PHONE])
    office.opens()
    office.passes(minutes=16)
    assert [row.lane for row in went_out(office)] == ["out:ana:0", "out:ana:1", "out:ana:0"]
    assert [row.state for row in went_out(office)] == ["cancelled", "cancelled", "pending"]


def test_standing_down_takes_back_what_has_not_left(office: Office) -> None:
    reachable_by(office, [MAIL, PHONE])
    ticket = office.opens()
    office.does(
        "mei", working.resolve, ticket=ticket,
        values=CLOSING,
    )  # fmt: skip
    assert went_out(office, "pending", "sending") == []


@pytest.mark.req("PG-1")
def test_a_contact_that_fails_hands_on_to_the_next_at_once(office: Office) -> None:
    reachable_by(office, [MAIL, PHONE])
    office.opens()
    fails(office, went_out(office)[0])
    assert [row.lane for row in went_out(office)] == ["out:ana:0", "out:ana:1"]
    assert office.said(kind=Kind.ALARM, to="C0OPS") == []


@pytest.mark.req("PG-1")
def test_after_the_last_contact_operations_and_managers_hear_of_it(office: Office) -> None:
    reachable_by(office, [MAIL])
    office.opens()
    fails(office, went_out(office)[0], "HTTP 404")
    (alarm,) = office.said(kind=Kind.ALARM, to="C0OPS")
    assert "Ana Lima, by mailto" in alarm
    assert "HTTP 404" in alarm
    assert "secret" not in alarm
    assert office.said(kind=Kind.ALARM, to="mei")


@pytest.mark.req("PG-1")
def test_after_the_last_contact_the_next_level_hears_of_it_before_the_ladder_gets_there(office: Office) -> None:
    reachable_by(office, [MAIL, PHONE])
    ticket = office.opens()
    fails(office, went_out(office)[0])
    assert told(office, "bo") == []
    fails(office, went_out(office)[1], "HTTP 404")

    for person in ("bo", "kai"):
        (alarm,) = told(office, person)
        assert f"ALARM {ticket}: The page for Ana Lima, by json, could not be delivered" in alarm
        assert "You are paged next unless somebody answers." in alarm
    assert told(office, "ana") == []
    (to_manager,) = told(office, "mei")
    assert "Tell them yourself" in to_manager


@pytest.mark.req("PG-1")
def test_the_last_contacts_failure_is_told_above_although_an_earlier_one_was_sent(office: Office) -> None:
    reachable_by(office, [MAIL, PHONE])
    office.opens()
    with office.db.transaction() as session:
        for row in office.claims(session):
            outbox.finish(session, id=row.id, fence=row.fence, ts=None, channel=None, now=office.now)
    office.passes(minutes=5)
    fails(office, went_out(office, "pending")[-1])
    assert len(told(office, "bo")) == 1


@pytest.mark.req("PG-1")
def test_while_another_contact_may_have_woken_its_person_only_operations_and_managers_hear(office: Office) -> None:
    reachable_by(office, [MAIL, f"{PHONE} at once"])
    office.opens()
    mail, phone = went_out(office)
    fails(office, mail)
    assert (len(told(office, "C0OPS")), told(office, "bo")) == (1, [])
    fails(office, phone)
    assert (len(told(office, "C0OPS")), len(told(office, "bo"))) == (2, 1)


@pytest.mark.req("PG-1")
def test_a_page_that_slack_refuses_to_somebody_without_contacts_is_told_above(office: Office) -> None:
    reachable_by(office, [])
    office.opens()
    with office.db.reading() as session:
        page = session.exec(select(OutboxRow).where(OutboxRow.lane == "@U0ANA", OutboxRow.kind == "page")).one()
    fails(office, page, "user_disabled")
    assert len(told(office, "bo")) == 1


def test_nobody_above_is_woken_for_a_page_that_was_answered_meanwhile(office: Office) -> None:
    reachable_by(office, [MAIL])
    ticket = office.opens()
    row = went_out(office)[0]
    with office.db.transaction() as session:
        office.claims(session)
    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket=ticket))
    with office.db.transaction() as session:
        media.lost(Work(office.desk, session), session.get_one(OutboxRow, row.seq), why="HTTP 404", now=office.now)
    assert told(office, "bo") == []


def test_a_manager_who_is_paged_next_hears_once_and_that(office: Office) -> None:
    reachable_by(office, [MAIL], person="kai")
    office.opens()
    office.passes(minutes=76)
    fails(office, went_out(office, "pending")[-1], "HTTP 404")
    (alarm,) = told(office, "vic")
    assert "You are paged next" in alarm


def test_at_the_last_level_a_manager_hears_once_and_nobody_is_above(office: Office) -> None:
    reachable_by(office, [MAIL], person="vic")
    ticket = office.opens()
    office.does("mei", page_answers.escalate_now, page=office.page_of("ana", ticket=ticket))
    for _ in range(200):
        if went_out(office, "pending"):
            break
        office.passes(minutes=1)
    fails(office, went_out(office, "pending")[-1], "HTTP 404")
    assert [each for each in office.said(kind=Kind.ALARM) if "You are paged next" in each] == []
    assert len(told(office, "vic")) == 1


@pytest.mark.req("PG-1")
def test_a_page_that_slack_will_not_take_goes_out_by_the_next_contact(office: Office) -> None:
    reachable_by(office, [MAIL, PHONE])
    office.opens()
    with office.db.reading() as session:
        page = session.exec(select(OutboxRow).where(OutboxRow.lane == "@U0ANA", OutboxRow.kind == "page")).one()
    fails(office, page, "user_disabled")
    assert [row.lane for row in went_out(office)] == ["out:ana:0", "out:ana:1"]


def test_an_incident_elsewhere_hears_of_the_acknowledgement(office: Office) -> None:
    reachable_by(office, [INCIDENT])
    ticket = office.opens()
    with office.db.transaction() as session:
        for row in office.claims(session):
            outbox.finish(session, id=row.id, fence=row.fence, ts=None, channel=None, now=office.now)
    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket=ticket))
    trigger, acknowledge = went_out(office)
    assert (trigger.payload["action"], acknowledge.payload["action"]) == ("trigger", "acknowledge")
    assert trigger.payload["dedup"] == acknowledge.payload["dedup"]


def test_an_incident_that_never_was_triggered_is_not_acknowledged(office: Office) -> None:
    reachable_by(office, [INCIDENT])
    ticket = office.opens()
    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket=ticket))
    assert [row.state for row in went_out(office)] == ["cancelled"]
