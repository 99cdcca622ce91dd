"""How does a ticket end? With three words of ours and a yes of the customer's, or a day of silence."""

import pytest

from tests.stories.play import Play

CLOSING = {"Root cause": "A certificate ran out", "Workaround": "Invoices", "Prevention": "Expiry is watched"}


def _resolved(play: Play) -> None:
    play.cy.posts("@Watchbell sev1 Checkout is down")
    play.ana.clicks("Acknowledge", "@ana")
    play.ana.clicks("Resolve", "triage")
    assert play.ana.sends(CLOSING).errors == {}


@pytest.mark.req("LC-2")
@pytest.mark.parametrize("missing", CLOSING)
def test_each_of_the_three_words_is_needed(play: Play, missing: str) -> None:
    play.cy.posts("@Watchbell sev1 Checkout is down")
    play.ana.clicks("Resolve", "triage")

    sent = play.ana.sends({**CLOSING, missing: " "})

    assert list(sent.errors) == [missing]
    assert sent.form == "Resolve a ticket"
    assert play.acme.messages("resolution") == []


@pytest.mark.req("LC-2")
@pytest.mark.req("LC-3")
def test_the_customer_reads_the_three_words_and_confirms_with_one_click(play: Play) -> None:
    _resolved(play)
    resolution = play.acme.one("resolution")
    for words in CLOSING.values():
        assert words in resolution.words

    play.dee.clicks("It works", "acme")
    play.advance(minutes=1)

    assert "Dee Park confirmed that it works" in play.acme.one("closing").text
    assert not play.acme.one("resolution").offers("It works")
    assert "closed" in play.triage.one("card").text
    assert not play.triage.one("card").offers("Resolve")
    before = len(play.by_bot())
    play.advance(hours=48)
    assert len(play.by_bot()) == before


@pytest.mark.req("LC-3")
def test_one_click_reopens_and_calls_again(play: Play) -> None:
    _resolved(play)
    play.advance(minutes=30)

    play.cy.clicks("Still broken", "acme")
    play.advance(minutes=1)

    assert play.acme.messages("closing") == []
    assert "in progress" in play.triage.one("card").text
    play.triage.one(text="reopened")
    assert play.inbox(play.ana).last("page").offers("Acknowledge")
    play.advance(minutes=29)
    assert f"{play.acme.one('update').at:%H:%M}" == "15:00"


@pytest.mark.req("LC-3")
def test_a_day_of_silence_closes_a_sev_1(play: Play) -> None:
    _resolved(play)
    play.advance(hours=23, minutes=59)
    assert play.acme.messages("closing") == []

    play.advance(minutes=1)

    assert "T-1 is closed" in play.acme.one("closing").text
    assert "confirmed" not in play.acme.one("closing").text


@pytest.mark.req("LC-3")
def test_only_the_customer_confirms(play: Play) -> None:
    _resolved(play)

    refused = play.bo.clicks("It works", "acme")

    assert "someone of the customer" in refused.response
    assert play.acme.messages("closing") == []
