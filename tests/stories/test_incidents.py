"""Two customers report the same outage: one update reaches both, neither hears of the other, and our people meet."""

import json

import pytest

from tests.stories.play import Play, RefusedByWorkspaceError

TITLE = "XYZZY card provider"
CLOSING = {"Root cause": "A cut cable", "Workaround": "none", "Prevention": "A second cable"}


def _reported_by_both(play: Play) -> None:
    play.cy.posts("@Watchbell sev1 Checkout is down")
    play.gil.posts("@Watchbell sev2 Our checkout does not load", "globex")
    play.advance(minutes=1)


def _reads(play: Play, channel: str, *handles: str) -> str:
    """Everything that people of one customer can read."""
    seen = [*play.script.messages(channel)]
    for handle in handles:
        asked = {"as": handle}
        seen += [each for each in play.script.messages(**asked) if each["ephemeral_to"]]
    return json.dumps(seen)


@pytest.mark.req("IN-11")
def test_one_outage_of_two_customers_is_offered_linked_told_and_resolved_together(play: Play) -> None:
    _reported_by_both(play)

    offer = play.triage.one("notice", "may be the same problem")
    play.bo.clicks("Link to T-2", ts=offer.ts, channel="triage")
    play.advance(minutes=1)
    card = play.triage.one("card", "I-1 open")
    assert "Acme Corp" in card.words
    assert "Globex" in card.words

    play.bo.clicks("Write an update to all", ts=card.ts, channel="triage")
    refused = play.bo.sends({"What is known?": "Globex and Acme Corp wait for the card provider"})
    assert "name" in json.dumps(refused.errors)
    play.bo.sends({"What is known?": "The card provider is away"})
    play.advance(minutes=1)
    assert "T-1 update" in play.acme.last("update", "The card provider is away").text
    assert "T-2 update" in play.globex.last("update", "The card provider is away").text

    play.bo.clicks("Resolve all", ts=card.ts, channel="triage")
    play.bo.sends(CLOSING)
    play.advance(minutes=1)
    assert play.acme.one("resolution", "A cut cable").offers("It works")
    assert play.globex.one("resolution", "A cut cable").offers("It works")
    assert "resolved" in play.triage.one("card", "I-1").words

    ours, theirs = _reads(play, "acme", "cy", "dee"), _reads(play, "globex", "gil")
    for marker in ("Globex", "T-2", "I-1", "checkout does not load"):
        assert marker not in ours, marker
    for marker in ("Acme", "T-1", "I-1"):
        assert marker not in theirs, marker


@pytest.mark.req("PG-1")
def test_an_incident_channel_is_opened_filled_and_archived(play: Play) -> None:
    play.cy.posts("@Watchbell sev1 Checkout is down")
    play.advance(minutes=1)
    card = play.triage.one("card", "Checkout is down")

    play.kai.clicks("Open an incident channel", ts=card.ts, channel="triage")
    play.advance(minutes=1)
    name = next(each.channel for each in play.by_bot() if "inc-t-1-" in each.channel).removeprefix("#")
    room = play.channel(name)
    assert "Only our own people read here" in room.one(text="Kai Sato opened this channel").text
    play.ana.posts("I am looking", name)
    with pytest.raises(RefusedByWorkspaceError):
        play.cy.posts("me too", name)
    with pytest.raises(RefusedByWorkspaceError, match="nothing is labelled"):
        play.kai.clicks("Open an incident channel", ts=card.ts, channel="triage")

    play.bo.clicks("Resolve", ts=card.ts, channel="triage")
    play.bo.sends(CLOSING)
    play.dee.clicks("It works", "acme")
    play.advance(hours=25)
    with pytest.raises(RefusedByWorkspaceError):
        play.ana.posts("too late", name)
    assert name not in _reads(play, "acme", "cy", "dee")
