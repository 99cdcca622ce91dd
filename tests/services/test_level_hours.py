"""Is a level passed over outside its own hours, and for other severities, without anybody being forgotten?"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.message import Kind
from bot.services import escalate, working
from bot.store.database import Database
from bot.store.tables import Person, Ticket
from tests.services.automatic import office_with
from tests.services.office import Office

RULES = """\
extends: enterprise
escalation:
  page_severities: [sev1, sev2]
  levels:
    2: {name: Technical, acknowledge_within: 30 minutes, hours: "Mon-Fri 08:00-18:00", zone: Europe/Lisbon}
    3: {name: Engineering, acknowledge_within: 30 minutes, severities: [sev1]}
"""
EVENING = datetime(2026, 1, 5, 17, 30, tzinfo=UTC)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return office_with(database, tmp_path, RULES)


def paged(office: Office, name: str) -> list[str]:
    return office.said(kind=Kind.PAGE, to=name)


@pytest.mark.req("ES-1")
def test_within_its_hours_a_level_is_paged(office: Office) -> None:
    office.opens()
    office.passes(minutes=46)
    assert len(paged(office, "bo")) == 1


@pytest.mark.req("ES-1")
def test_outside_its_hours_the_next_level_is_paged_at_once_and_nobody_is_alarmed(office: Office) -> None:
    office.now = EVENING
    office.opens()
    office.passes(minutes=46)

    assert paged(office, "bo") == []
    assert "Level 3" in paged(office, "kai")[-1]
    assert any("Level 2 (Technical) skipped" in each for each in office.said(to="C0TRIAGE"))
    assert [each for each in office.said(to="C0OPS") if "skipped" in each] == []


@pytest.mark.req("ES-1")
def test_a_level_for_other_severities_is_passed_over_and_the_last_one_never_is(office: Office) -> None:
    office.now = EVENING
    ticket = office.opens("sev2 Search is slow")
    office.passes(minutes=46)

    assert (paged(office, "bo"), paged(office, "kai")) == ([], [])
    assert "Level 4" in paged(office, "vic")[-1]
    office.passes(hours=12)
    assert len(paged(office, "vic")) > 3, f"{ticket} is paged on until somebody acts"


@pytest.mark.req("ES-1")
def test_hours_never_leave_nobody_where_somebody_is_there(database: Database, tmp_path: Path) -> None:
    by_day = "acknowledge_within: 15 minutes, hours: Mon-Fri 08:00-18:00"
    office = office_with(
        database, tmp_path, RULES.replace("  levels:\n", f"  levels:\n    1: {{name: First, {by_day}}}\n")
    )
    office.now = EVENING + timedelta(hours=10)
    with office.db.transaction() as session:
        for name in ("kai", "vic", "mei"):
            session.get_one(Person, name).active = False
    office.opens()
    assert len(paged(office, "ana")) == 1


@pytest.mark.req("ES-1")
def test_who_escalates_reads_which_level_is_paged_instead(office: Office) -> None:
    office.now = EVENING + timedelta(hours=2)
    ticket = office.opens()
    said = office.does("mei", escalate.escalate, ticket=ticket, level="2", reason="It is the database").text
    assert "level 3" in said
    assert "Kai" in said


@pytest.mark.req("SL-5")
def test_what_comes_outside_support_hours_pages_as_they_begin_unless_somebody_has_it(
    database: Database, tmp_path: Path
) -> None:
    hours = 'tiers: {enterprise: {hours: "Mon-Fri 09:00-17:00"}}\n'
    office = office_with(database, tmp_path, hours + RULES)
    office.now = datetime(2026, 3, 7, 12, tzinfo=UTC)
    taken, waiting = office.opens("sev2 Search is slow"), office.opens("sev2 Reports are empty")
    office.does("ana", working.claim, ticket=taken)

    # Whoever has one is not called back on a Saturday evening either. The clocks of New York go forward in between.
    office.now = datetime(2026, 3, 9, 12, 59, tzinfo=UTC)
    office.passes(seconds=59)
    assert office.said(kind=Kind.PAGE) == []
    office.passes(seconds=1)

    calls = office.said(kind=Kind.PAGE)
    assert sorted(each.split(" ", 1)[0] for each in calls) == [taken, waiting]
    assert "nothing was heard of it" in next(each for each in calls if each.startswith(taken))
    assert office.is_sound()


@pytest.mark.req("LC-3")
@pytest.mark.parametrize(("hour", "called"), [(2, False), (15, True)], ids=["at night", "by day"])
def test_who_reopens_what_nobody_has_reads_that_we_call_somebody_only_where_we_do(
    database: Database, tmp_path: Path, hour: int, *, called: bool
) -> None:
    office = office_with(database, tmp_path, 'tiers: {enterprise: {hours: "Mon-Fri 09:00-17:00"}}\n' + RULES)
    ticket = office.opens("sev2 Search is slow")
    closing = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alert"}
    office.does("ana", working.resolve, ticket=ticket, values=closing)
    with office.db.transaction() as session:
        session.get_one(Ticket, office.ticket(ticket).number).owner = None
    office.now = datetime(2026, 1, 6, hour, tzinfo=UTC)

    office.does("cy", working.reopen, ticket=ticket)

    told = office.said(to="C0ACME")[-1]
    assert "is open again" in told
    assert ("We are calling our on-call engineers now." in told) is called
    assert ("Our support team has it." in told) is not called
    assert bool(paged(office, "ana")) is called


@pytest.mark.req("LC-3")
def test_a_customer_is_not_asked_what_one_of_ours_found_still_broken(office: Office) -> None:
    ticket = office.opens("sev3 Search is slow")
    closing = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alert"}
    office.does("ana", working.resolve, ticket=ticket, values=closing)
    office.does("bo", working.reopen, ticket=ticket)
    assert office.said(to="C0ACME")[-1].startswith("T-1 is open again, Bo Berg found that it is not solved yet. Ana")
