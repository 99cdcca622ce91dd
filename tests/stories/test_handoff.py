"""A hand-off while a chain of pages runs: whoever is on call now is paged, and both sides know what is open."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.sandbox.blocks import texts_of
from tests.stories import stage
from tests.stories.play import Play

BEFORE_NINE = datetime(2026, 1, 12, 8, 50, tzinfo=UTC)
"""Ten minutes before Ana hands over to Bo."""


@pytest.fixture
def monday(sqlite_url: str) -> Iterator[Play]:
    with stage.workspace(start_at=BEFORE_NINE) as address, stage.desk(address, sqlite_url):
        yield stage.play_on(address)


def pages(play: Play, who: str) -> list[str]:
    return [each.id for each in play.inbox(play.person(who)).messages("page")]


def home(play: Play, who: str) -> str:
    """The words of somebody's home tab."""
    shown = play.script.ask(f"/page/state?as={who}")["home"]
    return "\n".join(texts_of(shown["blocks"]))


@pytest.mark.req("PG-3")
def test_a_hand_off_during_a_running_chain_pages_whoever_is_on_call_now(monday: Play) -> None:
    monday.cy.posts("@Watchbell sev1 Checkout is down")
    monday.settle()
    assert (len(pages(monday, "ana")), len(pages(monday, "bo"))) == (1, 0)

    monday.advance(minutes=14)
    assert (len(pages(monday, "ana")), len(pages(monday, "bo"))) == (1, 0)
    leaving = monday.inbox(monday.ana).one("notice", "Hand-off")
    coming = monday.inbox(monday.bo).one("notice", "Hand-off")
    assert "You are off Initial response" in leaving.words
    assert "Bo Berg has it now" in leaving.words
    assert "You take over from Ana Lima" in coming.words
    assert "T-1 " in f"{coming.text} "
    assert coming.at.minute == 0

    monday.advance(minutes=2)
    assert (len(pages(monday, "ana")), len(pages(monday, "bo"))) == (1, 1)
    monday.bo.clicks("Acknowledge")
    monday.settle()
    assert "Bo Berg" in monday.inbox(monday.ana).last("page").words


@pytest.mark.req("PG-3")
def test_one_says_that_one_is_away_and_the_home_tab_follows(monday: Play) -> None:
    monday.ana.does(home=True)
    monday.settle()
    assert "You are on call for Initial response" in home(monday, "ana")

    said = monday.ana.types("/oncall absent now tomorrow 09:00").response
    assert "Ana Lima is away" in said
    monday.settle()
    assert "now until" not in home(monday, "ana").partition("```")[0]
    assert "Hand-off" in monday.inbox(monday.bo).one("notice", "Hand-off").text

    monday.cy.posts("@Watchbell sev1 Checkout is down")
    monday.settle()
    assert (len(pages(monday, "ana")), len(pages(monday, "bo"))) == (0, 1)


def test_a_customers_home_tab_shows_their_own_tickets_and_nobody_of_ours(monday: Play) -> None:
    monday.cy.posts("@Watchbell sev2 Login fails")
    monday.settle()
    monday.cy.does(home=True)
    monday.settle()
    shown = home(monday, "cy")
    assert "T-1" in shown
    assert "Login fails" in shown
    assert "on call" not in shown.casefold()


@pytest.mark.req("PG-3")
def test_a_manager_changes_who_is_on_call_from_the_home_tab(play: Play) -> None:
    play.mei.does(home=True)
    assert play.mei.does(click="Change who is on call", at="home").form == "Change who is on call"
    begin = int(play.now().timestamp())
    values: dict[str, object] = {"Who?": "Kai Sato", "From when?": begin, "Until when?": begin - 60}
    refused = play.mei.sends(values)
    assert refused.errors == {"Until when?": "It would end before it begins."}
    assert play.mei.sends({**values, "Until when?": begin + 7200}).errors == {}
    play.advance(minutes=1)
    assert "Kai" in play.mei.types("/oncall").response
    assert play.mei.types("/oncall override").form == "Change who is on call"
