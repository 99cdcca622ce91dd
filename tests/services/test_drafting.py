"""What does the desk propose for an update, and what becomes of it with one click?"""

from pathlib import Path

import pytest

from bot.domain.errors import NotAllowed, TooLate
from bot.domain.message import Kind
from bot.handbook.loader import load
from bot.services import page_answers, updates, working
from bot.store.database import Database
from tests.services.automatic import office_with
from tests.services.office import Office

NOTE = "The intern pulled the wrong plug again"


@pytest.fixture
def asked(office: Office) -> Office:
    """A Sev 1 that Ana has, ten minutes before its first hour."""
    ticket = office.opens()
    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket=ticket))
    office.does("ana", working.start_work, ticket=ticket)
    office.does("ana", working.note, ticket=ticket, text=NOTE)
    office.passes(minutes=50)
    return office


def updates_of(office: Office) -> list[str]:
    return office.said(kind=Kind.UPDATE, to="C0ACME")


@pytest.mark.req("UP-3")
def test_a_draft_tells_what_happened_and_no_word_of_a_note(asked: Office) -> None:
    request = asked.said(to="ana")[-1]
    assert "A draft is ready" in request
    proposal = asked.ticket("T-1").proposal
    assert "Ana Lima is working on it" in proposal["known"]
    assert "Ana Lima started work" in proposal["done"]
    assert "without a break" in proposal["next"]
    assert "plug" not in str(proposal)


@pytest.mark.req("UP-3")
def test_one_click_sends_just_what_was_shown_at_its_moment(asked: Office) -> None:
    asked.does("ana", updates.approve, asked="T-1:1")
    assert updates_of(asked) == []

    asked.passes(minutes=10)
    (update,) = updates_of(asked)
    assert "Known: Ana Lima is working on it" in update
    assert asked.ticket("T-1").last_said["known"].startswith("Ana Lima is working on it")
    assert asked.is_sound()


@pytest.mark.req("UP-3")
def test_it_can_be_sent_at_once_and_the_hour_stays_where_it_is(asked: Office) -> None:
    asked.does("ana", updates.approve, asked="T-1:1", at_once=True)
    assert len(updates_of(asked)) == 1

    asked.passes(minutes=10)

    assert len(updates_of(asked)) == 2
    assert "10:00" in asked.said(kind=Kind.UPDATE)[-1] or "05:00" in asked.said(kind=Kind.UPDATE)[-1]


@pytest.mark.req("UP-3")
def test_the_estimate_and_the_workaround_are_carried_on(asked: Office) -> None:
    words = {"known": "A full disk", "eta": "18:00 EST", "workaround": "Pay by phone"}
    asked.does("ana", updates.write, ticket="T-1", values=words)
    asked.passes(hours=1)

    proposal = asked.ticket("T-1").proposal
    assert (proposal["known"], proposal["eta"], proposal["workaround"]) == ("A full disk", "18:00 EST", "Pay by phone")


def test_a_second_click_a_stale_one_and_a_customers_are_refused(asked: Office) -> None:
    with pytest.raises(NotAllowed):
        asked.does("cy", updates.approve, asked="T-1:1")
    asked.does("ana", updates.approve, asked="T-1:1")
    with pytest.raises(TooLate):
        asked.does("bo", updates.approve, asked="T-1:1")
    asked.passes(hours=1)
    with pytest.raises(TooLate):
        asked.does("ana", updates.approve, asked="T-1:1")
    for rubbish in ("T-1", "T-1:", "T-1:x"):
        with pytest.raises(TooLate):
            asked.does("ana", updates.approve, asked=rubbish)


@pytest.mark.req("UP-3")
def test_a_p1s_communications_lead_is_asked_too(sqlite_url: str, tmp_path: Path) -> None:
    db = Database(sqlite_url)
    rules = "extends: enterprise\nupdates: {sev1: 1 hour, asked_beside_owner: {sev1: communications_lead}}\n"
    office = office_with(db, tmp_path, rules)
    ticket = office.opens()
    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket=ticket))
    office.passes(minutes=50)

    for name in ("ana", "mei"):
        assert [said for said in office.said(to=name) if "A draft is ready" in said]
    db.dispose()


def test_each_built_in_handbook_says_what_to_mind_by_severity_and_state() -> None:
    for name in ("enterprise", "channel", "service", "sla"):
        tone = load(name).handbook.tone
        assert len(tone.always) > 1
        assert tone.hints("sev1", "waiting")[-1] == tone.always[-1]
    assert "just what we need" in load("enterprise").handbook.tone.hints("sev3", "waiting")[0]
