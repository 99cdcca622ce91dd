"""Do pages that nobody asked for rest outside support hours, and go on as they begin?"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.message import Kind
from bot.services import due, escalate, page_answers, working
from bot.store.database import Database
from tests.services.automatic import office_with
from tests.services.office import Office

UNWORKED = """\
extends: enterprise
tiers: {enterprise: {hours: "Mon-Fri 09:00-17:00"}}
escalation:
  after_hours: [sev1]
  unworked: {sev2: 2 hours}
  unworked_pages: [vp_operations]
  unworked_calls: escalation
"""
RULES = """\
extends: enterprise
tiers: {enterprise: {hours: "Mon-Fri 09:00-17:00", targets: {sev3: {first_response: 4 hours}}}}
escalation: {page_severities: [sev1, sev2], levels: {1: {window: null}, 2: {window: null}}}
"""
FRIDAY_EVENING = datetime(2026, 3, 6, 21, 50, tzinfo=UTC)
"""Ten minutes before New York closes; its clocks go forward on the weekend."""

OPENING = datetime(2026, 3, 9, 13, 0, 1, tzinfo=UTC)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    found = office_with(database, tmp_path, RULES)
    found.now = FRIDAY_EVENING
    return found


def pages(office: Office) -> int:
    return len(office.said(kind=Kind.PAGE))


def passes_until(office: Office, moment: datetime) -> None:
    office.passes(seconds=(moment - office.now).total_seconds())


@pytest.mark.req("SL-5")
def test_a_chain_rests_from_closing_to_opening_and_goes_on_where_it_was(office: Office) -> None:
    ticket = office.opens("sev2 Search is slow")
    passes_until(office, OPENING - timedelta(seconds=1))
    assert pages(office) == 1
    passes_until(office, OPENING)
    assert pages(office) == 2
    office.passes(minutes=30)
    assert "Level 2" in office.said(kind=Kind.PAGE, to="bo")[-1], ticket
    assert office.is_sound()


@pytest.mark.req("SL-5")
def test_a_step_that_comes_late_does_not_page_at_night_either(office: Office) -> None:
    office.now -= timedelta(minutes=10)
    office.opens("sev2 Search is slow")
    office.now += timedelta(hours=3)
    while due.fire(office.desk, now=office.now):
        pass
    assert pages(office) == 1
    passes_until(office, OPENING)
    assert pages(office) == 2


@pytest.mark.req("SL-5")
def test_who_declines_at_night_wakes_nobody_else(office: Office) -> None:
    ticket = office.opens("sev2 Search is slow")
    office.passes(hours=3)
    office.does("ana", page_answers.decline, page=office.page_of("ana", ticket=ticket))
    assert pages(office) == 1
    passes_until(office, OPENING)
    assert "Level 2" in office.said(kind=Kind.PAGE, to="bo")[-1]


@pytest.mark.req("SL-9")
def test_a_target_that_was_used_up_at_closing_escalates_as_support_hours_begin(office: Office) -> None:
    office.now = FRIDAY_EVENING - timedelta(hours=3, minutes=50)
    answered, forgotten = office.opens("sev3 It is slow"), office.opens("sev3 It is empty")
    passes_until(office, OPENING - timedelta(hours=1))
    assert pages(office) == 0
    assert any("it escalates as they begin, Mon" in each for each in office.said(to="C0TRIAGE"))
    office.does("ana", working.reply, ticket=answered, text="We look at it")

    passes_until(office, OPENING)
    assert [office.ticket(each).level for each in (answered, forgotten)] == [None, 1]
    assert pages(office) == 1
    assert office.is_sound()


@pytest.mark.req("ES-3")
def test_what_somebody_escalates_pages_on_through_the_night(office: Office) -> None:
    ticket = office.opens("sev2 Search is slow")
    office.does("mei", escalate.escalate, ticket=ticket, level="2", reason="They lose orders")
    before = pages(office)
    office.passes(hours=3)
    assert pages(office) > before


@pytest.mark.req("SV-2")
def test_what_becomes_a_sev_1_at_night_rests_no_more(office: Office) -> None:
    ticket = office.opens("sev2 Search is slow")
    office.passes(hours=3)
    office.does("mei", working.regrade, ticket=ticket, severity="sev1", reason="All of it is down")
    office.passes(seconds=1)
    assert pages(office) == 2


@pytest.mark.req("ES-6")
@pytest.mark.req("SL-5")
def test_two_unworked_hours_that_end_at_night_page_and_call_as_support_hours_begin(
    database: Database, tmp_path: Path
) -> None:
    office = office_with(database, tmp_path, UNWORKED)
    office.now = FRIDAY_EVENING
    begun, forgotten = office.opens("sev2 Search is slow"), office.opens("sev2 Search is empty")
    passes_until(office, OPENING - timedelta(hours=1))
    assert pages(office) == 0
    assert not any("Please call" in each for each in office.said(to="C0OPS"))
    assert any("Nobody has begun to work on it." in each for each in office.said(to="C0TRIAGE"))
    office.does("ana", working.claim, ticket=begun)
    office.does("ana", working.start_work, ticket=begun)

    passes_until(office, OPENING)
    (page,) = office.said(kind=Kind.PAGE, to="vic")
    assert forgotten in page
    assert len([each for each in office.said(to="C0OPS") if "Please call Cy Young now" in each]) == 1
    assert office.is_sound()


@pytest.mark.req("SL-5")
def test_a_call_back_that_comes_late_waits_for_support_hours(office: Office) -> None:
    office.now = OPENING - timedelta(minutes=6)
    ticket = office.opens("sev2 Search is slow")
    office.does("ana", working.claim, ticket=ticket)
    office.does("ana", working.reply, ticket=ticket, text="We look at it")
    office.now += timedelta(hours=10)  # the desk was away as it fell due, six minutes before New York closed
    while due.fire(office.desk, now=office.now):
        pass
    assert pages(office) == 0

    passes_until(office, OPENING + timedelta(days=1))
    (page,) = office.said(kind=Kind.PAGE, to="ana")
    assert "nothing was heard of it" in page
    assert office.is_sound()
