"""When does a customer hear from us? Every hour of an open Sev 1, in somebody's words or with the plain truth."""

from datetime import timedelta

import pytest

from bot.sandbox.server import Address
from tests.stories import stage
from tests.stories.play import Play

WORDS = {
    "What is known?": "The provider refuses our certificate.",
    "What was done since the last update?": "We rolled back.",
    "What comes next?": "A new certificate.",
    "When is it expected to be solved?": "17:00 UTC",
    "Is there a workaround?": "Invoices.",
}
CLOSING = {"Root cause": "A certificate", "Workaround": "none", "Prevention": "A watch"}


def _taken(play: Play) -> None:
    """A Sev 1 of 14:00 that Ana has, and that has been answered."""
    play.cy.posts("@Watchbell sev1 Checkout is down")
    play.ana.clicks("Acknowledge", "@ana")
    play.ana.clicks("Reply", "triage")
    play.ana.sends({"Your reply": "We are on it."})


def _times(play: Play) -> list[str]:
    return [f"{each.at:%H:%M}" for each in play.acme.messages("update")]


@pytest.mark.req("UP-1")
def test_a_sev_1_hears_every_hour_on_the_grid_whatever_is_said_in_between(play: Play) -> None:
    _taken(play)
    play.advance(hours=1, minutes=30)
    play.ana.clicks("Reply", "triage")
    play.ana.sends({"Your reply": "It is the certificate."})
    play.ana.clicks("Start work", "triage")
    assert "next update 11:00 EST" in play.triage.one("card").words
    play.advance(minutes=45)
    assert "next update 12:00 EST" in play.triage.one("card").words
    play.advance(hours=2)

    assert _times(play) == ["15:00", "16:00", "17:00", "18:00"]


@pytest.mark.req("UP-1")
@pytest.mark.req("UP-3")
def test_without_words_the_update_is_honest(play: Play) -> None:
    _taken(play)
    play.advance(hours=1, minutes=30)
    # A ticket that nobody touches for two hours would call again, and that were news.
    play.ana.posts("The provider is looking at it", "triage", thread=play.triage.one("card").ts)
    play.advance(minutes=30)

    first, second = play.acme.messages("update")
    assert "still open, and Ana Lima has it" in first.text
    assert "Since it was opened: 09:00 EST Ana Lima answered the call" in first.text
    assert "There is nothing new to report since 10:00 EST" in second.text
    assert "Next update 12:00 EST" in second.text


@pytest.mark.req("UP-1")
def test_while_nobody_has_it_the_update_says_so(play: Play) -> None:
    play.cy.posts("@Watchbell sev1 Checkout is down")
    play.advance(hours=1)

    assert "nobody has taken it yet, and we go on calling" in play.acme.one("update").text


@pytest.mark.req("UP-3")
def test_words_are_asked_for_ten_minutes_ahead_and_said_on_the_hour(play: Play) -> None:
    _taken(play)
    play.advance(minutes=49)
    assert play.inbox(play.ana).messages(text="next update goes out") == []
    play.advance(minutes=1)
    play.inbox(play.ana).one(text="next update goes out")

    play.ana.clicks("Write the update", "@ana")
    play.ana.sends(WORDS)
    assert play.acme.messages("update") == []
    play.advance(minutes=10)

    update = play.acme.one("update")
    assert f"{update.at:%H:%M}" == "15:00"
    for words in WORDS.values():
        assert words.rstrip(".") in update.words
    assert "Next update 11:00 EST" in update.words
    assert not play.inbox(play.ana).one(text="was posted").offers("Write the update")
    # Words are said once: the next hour has none.
    play.advance(hours=1)
    assert "certificate" not in play.acme.last("update").words


@pytest.mark.req("UP-1")
def test_the_hour_goes_on_while_waiting_and_while_resolved_but_unconfirmed(play: Play) -> None:
    _taken(play)
    play.ana.clicks("Wait for customer", "triage")
    play.ana.sends({"What are we waiting for?": "waiting for customer"})
    play.advance(hours=1)
    assert "We are waiting for you" in play.acme.one("update").text

    play.ana.clicks("Resolve", "triage")
    play.ana.sends(CLOSING)
    play.advance(hours=1)
    assert "We think that it is solved" in play.acme.last("update").text
    assert _times(play) == ["15:00", "16:00"]

    play.cy.clicks("It works", "acme")
    play.advance(hours=30)
    assert _times(play) == ["15:00", "16:00"]


@pytest.mark.req("UP-1")
def test_an_outage_of_ours_ends_in_one_update_labelled_late(address: Address, sqlite_url: str) -> None:
    play = stage.play_on(address)
    with stage.desk(address, sqlite_url):
        _taken(play)
    play.advance(hours=3, minutes=20)

    with stage.desk(address, sqlite_url):
        play.advance(minutes=1)
        late = play.acme.one("update")
        assert "late; it was due 10:00 EST" in late.text
        assert "2 updates before it were missed" in late.text
        play.advance(minutes=39)
        assert _times(play)[1:] == ["18:00"]
        assert play.acme.last("update").at - late.at < timedelta(hours=1)
