"""A level that is engaged owes its response from then on, and so does a provider to whom a partner escalates."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.message import Kind
from bot.handbook.loader import load
from bot.services import escalate, intake, page_answers, whois, working
from bot.store import clocks
from bot.store.database import Database
from bot.store.tables import Clock
from tests.services.office import Office
from tests.services.test_tiers import receipt_of


def clock(office: Office, ticket: str, metric: str) -> Clock:
    with office.db.reading() as session:
        found = clocks.one(session, office.ticket(ticket).number_known, metric, 1)
    assert found is not None, metric
    return found


def metrics(office: Office, ticket: str) -> set[str]:
    with office.db.reading() as session:
        return {each.metric for each in clocks.of_ticket(session, office.ticket(ticket).number_known)}


def due_in(office: Office, ticket: str, metric: str) -> timedelta:
    due_at = clock(office, ticket, metric).due_at
    assert due_at is not None
    return due_at - office.now


@pytest.mark.req("ES-1")
@pytest.mark.req("ES-3")
@pytest.mark.parametrize(("level", "hours"), [(1, 1), (2, 4), (3, 8), (4, 24)])
def test_each_level_owes_its_response_within_its_window_from_its_engagement(
    office: Office, level: int, hours: int
) -> None:
    ticket = office.opens("sev3 Search is slow")
    office.passes(minutes=10)
    assert f"level_{level}" not in metrics(office, ticket)

    office.does("mei", escalate.escalate, ticket=ticket, level=str(level), reason="They are waiting")

    assert due_in(office, ticket, f"level_{level}") == timedelta(hours=hours)
    assert office.is_sound()


@pytest.mark.req("ES-1")
def test_a_public_answer_ends_the_window_and_an_acknowledgement_does_not(office: Office) -> None:
    ticket = office.opens("sev3 Search is slow")
    office.does("mei", escalate.escalate, ticket=ticket, level="2", reason="They are waiting")
    office.does("bo", working.claim, ticket=ticket)
    assert clock(office, ticket, "level_2").state == "running"

    office.does("bo", working.reply, ticket=ticket, text="We see it too.")

    assert clock(office, ticket, "level_2").state == "met"
    assert office.is_sound()


@pytest.mark.req("ES-1")
def test_a_regrade_keeps_the_windows_of_the_levels(office: Office) -> None:
    ticket = office.opens("sev3 Search is slow")
    office.does("mei", escalate.escalate, ticket=ticket, level="2", reason="They are waiting")

    office.does("bo", working.regrade, ticket=ticket, severity="sev2", reason="Many of them")

    assert due_in(office, ticket, "level_2") == timedelta(hours=4)
    assert office.is_sound()


@pytest.mark.req("ES-1")
def test_a_level_that_answers_too_late_hands_over_once_to_the_next(office: Office) -> None:
    ticket = office.opens("sev4 A typo")
    office.does("mei", escalate.escalate, ticket=ticket, level="1", reason="They are waiting")
    page = office.page_of("ana", ticket=ticket)
    office.does("ana", page_answers.acknowledge, page=page)
    office.passes(minutes=62)

    assert office.ticket(ticket).level == 2
    assert len([text for text in office.said(kind=Kind.ALARM) if text.startswith("BREACH")]) == 1


@pytest.fixture
def partner(sqlite_url: str) -> Office:
    """The desk of a provider whose customers are partners, at ten in the morning of Berlin."""
    return Office(Database(sqlite_url), handbook=load("channel"))


@pytest.mark.req("SL-3")
@pytest.mark.parametrize(
    ("severity", "within"),
    [("sev1", "1:00:00"), ("sev2", "4:00:00"), ("sev3", "1 day, 0:00:00"), ("sev4", "1 day, 0:00:00")],
)
def test_the_providers_clock_starts_when_the_partner_escalates(partner: Office, severity: str, within: str) -> None:
    ticket = opened_by_partner(partner, severity)
    if partner.ticket(ticket).level is None:
        assert metrics(partner, ticket) == {"first_response"}

    partner.does("mei", escalate.escalate, ticket=ticket, level="2", reason="A defect")

    assert str(due_in(partner, ticket, "level_2")) == within
    partner.does("mei", escalate.escalate, ticket=ticket, level="3", reason="A deep defect")
    assert "level_3" not in metrics(partner, ticket)
    assert partner.is_sound()


@pytest.mark.req("SL-3")
@pytest.mark.parametrize(
    ("severity", "promised"),
    [
        ("sev1", "within 1 hour, by 23:30 CET."),
        ("sev2", "within 1 business hour, by Tue 10:00 CET."),
        ("sev3", "within 4 business hours, by Tue 13:00 CET."),
    ],
)
def test_a_partner_reads_the_sooner_of_its_own_promise_and_its_providers(
    partner: Office, severity: str, promised: str
) -> None:
    partner.now = datetime(2026, 1, 5, 21, 30, tzinfo=UTC)

    ticket = opened_by_partner(partner, severity)

    assert f"First response: {promised}" in receipt_of(partner, ticket)


def opened_by_partner(office: Office, severity: str) -> str:

    with office.db.reading() as session:
        pia = whois.find(session, workspace="T0FERN", user="U0PIA", channel="C0FERN")
    answer = office.desk.do(
        intake.open_by_command, actor=pia, channel="C0FERN", text=f"{severity} It fails", now=office.now
    )
    assert answer.ticket
    office.lets_begin(answer.ticket)
    office.delivers()
    return answer.ticket
