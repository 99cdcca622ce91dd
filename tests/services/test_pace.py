"""A flood by one person stops, kindly; nothing that is critical or anybody else's does."""

from pathlib import Path

import pytest

from bot.domain.errors import TooManyTickets
from bot.handbook.loader import load
from bot.services import intake
from bot.store.database import Database
from tests.services.office import Office


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Office:
    book = tmp_path / "ours.yml"
    book.write_text("extends: enterprise\nintake: {most_an_hour: 3}\n", encoding="utf-8")
    return Office(Database(sqlite_url), handbook=load(str(book)))


def opens(office: Office, name: str, text: str) -> str:
    return office.does(name, intake.open_by_command, channel="C0ACME", text=text).text


def test_the_fourth_ticket_of_an_hour_gives_its_words_back_and_says_when(office: Office) -> None:
    for number in range(3):
        assert f"T-{number + 1}" in opens(office, "dee", f"sev3 Report {number} is wrong")
        office.passes(minutes=5)

    said = opens(office, "dee", "sev3 One more <report>")
    assert "```One more &lt;report&gt;```" in said
    assert "try again in 45 minutes" in said
    form = {"severity": "sev3", "summary": "One more"}
    with pytest.raises(TooManyTickets) as refused:
        office.does("dee", intake.open_by_form, channel="C0ACME", values=form)
    assert refused.value.field == "summary"
    assert office.is_sound()

    office.passes(minutes=46)
    assert "T-4" in opens(office, "dee", "sev3 One more report")


def test_what_is_critical_and_what_others_ask_for_always_opens(office: Office) -> None:
    for number in range(3):
        opens(office, "dee", f"sev3 Report {number} is wrong")

    assert "T-4" in opens(office, "dee", "sev1 Checkout is down")
    assert "T-5" in opens(office, "cy", "sev3 A report is wrong")
    for number in range(6, 11):
        assert f"T-{number}" in opens(office, "ana", "sev3 They called")
