"""How long a page waits for somebody is a clock of its own, which anybody can recompute; it is no promise."""

import pytest

from bot.app.records import shown
from bot.services import forms, page_answers, working
from bot.store import clocks
from bot.store.tables import Clock
from tests.services.office import Office

pytestmark = pytest.mark.req("PG-1")


def acknowledging(office: Office, ticket: str) -> list[Clock]:
    with office.db.reading() as session:
        found = clocks.of_ticket(session, office.ticket(ticket).number_known)
    return [row for row in found if row.metric == "acknowledge"]


def test_it_runs_from_the_first_page_to_the_first_click(office: Office) -> None:
    ticket = office.opens("sev1 Checkout is down")
    (waiting,) = [
        each for each in shown(office.desk, ticket, now=office.now)["clocks"] if each["metric"] == "acknowledge"
    ]
    assert waiting == {"metric": "acknowledge", "due_at": "2026-01-05T09:15:00+00:00", "state": "running"}

    office.passes(minutes=7)
    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket=ticket))

    (row,) = acknowledging(office, ticket)
    assert (row.state, row.ended_at) == ("met", office.now)
    assert office.is_sound()


def test_a_late_click_is_told_as_late_and_calls_for_no_analysis(office: Office) -> None:
    ticket = office.opens("sev1 Checkout is down")
    office.passes(minutes=20)
    assert office.is_sound()
    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket=ticket))

    (row,) = acknowledging(office, ticket)
    assert (row.state, row.announced_at) == ("missed", None)
    assert not [text for text in office.said() if "acknowledge" in text.casefold() and "breach" in text.casefold()]
    assert office.is_sound()


def test_a_reply_does_not_end_it_and_a_resolution_calls_it_off(office: Office) -> None:
    ticket = office.opens("sev1 Checkout is down")
    office.does("bo", working.reply, ticket=ticket, text="We are on it.")
    assert [row.state for row in acknowledging(office, ticket)] == ["running"]

    note = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alert"}
    office.does("bo", working.resolve, ticket=ticket, values=note)

    assert [row.state for row in acknowledging(office, ticket)] == ["cancelled"]
    assert office.is_sound()


def test_the_card_shows_it_and_says_why(office: Office) -> None:
    ticket = office.opens("sev1 Checkout is down")

    view = office.does("ana", forms.why, ticket=ticket).view

    assert view is not None
    words = "\n".join(str(block.get("text", "")) for block in view["blocks"])
    assert "15 elapsed minutes from Mon 2026-01-05 09:00+00:00" in words
    assert "due Mon 2026-01-05 09:15+00:00" in words
