"""Which pages end with the severity that they came from, and which go on?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.errors import TooLate
from bot.domain.message import Kind
from bot.services import escalate, page_answers, working
from bot.store import clocks
from bot.store.database import Database
from tests.services.automatic import office_with
from tests.services.office import Office
from tests.services.test_duties import office_with as office_of


@pytest.fixture
def service(sqlite_url: str) -> Iterator[Office]:
    """A desk that obeys the service policy."""
    yield from office_of("service", "service", sqlite_url)


def lowered(office: Office, ticket: str, severity: str = "sev3") -> None:
    office.does("mei", working.regrade, ticket=ticket, severity=severity, reason="A workaround holds")


def pages(office: Office) -> int:
    return len(office.said(kind=Kind.PAGE))


def window(office: Office, ticket: str, nth: int) -> str:
    """How the first level's window stands."""
    with office.db.reading() as session:
        found = clocks.one(session, office.ticket(ticket).number_known, "level_1", nth)
    assert found is not None
    return found.state


@pytest.mark.req("SV-2")
def test_lowering_a_sev_1_ends_its_pages_aloud_and_raising_it_pages_anew(office: Office) -> None:
    ticket = office.opens()
    page = office.page_of("ana", ticket=ticket)
    lowered(office, ticket)
    office.passes(hours=3)

    assert pages(office) == 1
    assert any("The pages ended: it is less severe now" in each for each in office.said(to="C0TRIAGE"))
    with pytest.raises(TooLate) as refused:
        office.does("ana", page_answers.acknowledge, page=page)
    assert refused.value.sentence == f"This page for {ticket} is not needed any more; its card says how it stands."

    assert window(office, ticket, 1) == "cancelled"

    lowered(office, ticket, "sev1")
    assert window(office, ticket, 2) == "running"
    assert pages(office) == 2
    assert office.ticket(ticket).level == 1
    assert office.is_sound()


@pytest.mark.req("ES-3")
def test_what_somebody_escalated_goes_on_when_the_severity_is_lowered(office: Office) -> None:
    ticket = office.opens()
    office.does("mei", escalate.escalate, ticket=ticket, level="2", reason="They lose orders")
    lowered(office, ticket)
    before = pages(office)
    office.passes(minutes=31)
    assert pages(office) == before + 1
    assert office.said(kind=Kind.PAGE, to="kai")


@pytest.mark.req("ES-1")
def test_pages_go_on_where_the_lower_severity_pages_too(database: Database, tmp_path: Path) -> None:
    office = office_with(database, tmp_path, "extends: enterprise\nescalation: {page_severities: [sev1, sev2]}\n")
    ticket = office.opens()
    lowered(office, ticket, "sev2")
    office.passes(minutes=16)
    assert pages(office) == 2


@pytest.mark.req("ES-6")
def test_lowering_ends_the_pages_of_duties_and_of_the_two_hour_rule_too(service: Office) -> None:
    ticket = service.opens("sev1 The network is down")
    service.passes(minutes=121)
    assert any("VP operations" in each for each in service.said(kind=Kind.PAGE, to="vic"))
    lowered(service, ticket, "sev2")
    before = pages(service)
    service.passes(hours=2)
    assert pages(service) == before
