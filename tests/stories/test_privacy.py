"""Can a customer ever read what is not theirs? Markers are planted in every corner, and looked for everywhere."""

import json

import pytest

from tests.stories.play import Play

NOTE = "XYZZY-NOTE"
ROOM = "XYZZY-ROOM"
REASON = "XYZZY-REASON"
GLOBEX = "XYZZY-GLOBEX"
CUSTOMERS = ("cy", "dee")


def _planted(play: Play) -> str:
    """A ticket of Acme's and one of Globex's, with words in them that are not for Acme; the thread of Acme's."""
    play.gil.posts(f"@Watchbell sev1 {GLOBEX} exports are empty", "globex")
    written = play.cy.posts("@Watchbell sev1 Checkout is down")
    play.advance(minutes=1)
    card = play.triage.one("card", "Checkout is down")
    play.bo.clicks("Write an internal note", ts=card.ts, channel="triage")
    play.bo.sends({"The note": f"{NOTE} the customer broke it"})
    play.ana.posts(f"{ROOM} do not tell them", "triage", thread=card.ts)
    play.bo.clicks("Change severity", ts=card.ts, channel="triage")
    play.bo.sends({"New severity": "High", "Why?": f"{REASON} they exaggerate"})
    play.advance(minutes=1)
    return written.ts


def _all_that_acme_reads(play: Play) -> str:
    """Everything in the channels where Acme's people are, and everything shown only to one of them."""
    seen = [*play.script.messages("acme")]
    for handle in CUSTOMERS:
        asked = {"as": handle}
        seen += [each for each in play.script.messages(**asked) if each["ephemeral_to"]]
        seen += play.script.messages(f"@{handle}")
    return json.dumps(seen)


@pytest.mark.req("LC-6")
@pytest.mark.req("LC-5")
def test_nothing_internal_and_nothing_of_others_reaches_a_customer(play: Play) -> None:
    thread = _planted(play)
    forms = []

    for person in (play.cy, play.dee):
        for request in ("status", "help", "escalate T-1", "escalate"):
            person.posts(f"@Watchbell {request}", thread=thread)
        for label in ("Add details", "Escalate"):
            forms.append(json.dumps(person.clicks(label, "acme").body))
            person.does(close=True)
        forms.append(json.dumps(person.does(home=True).body))
    play.advance(hours=5)

    read = _all_that_acme_reads(play) + "".join(forms)
    for marker in (NOTE, ROOM, REASON, GLOBEX):
        assert marker not in read, read[max(0, read.index(marker) - 400) :][:800]
    room = "\n".join(each.words for each in play.triage.messages())
    assert NOTE in room
    assert ROOM in room


@pytest.mark.req("LC-6")
def test_a_note_in_the_room_stays_there_and_a_reply_does_not(play: Play) -> None:
    _planted(play)
    card = play.triage.one("card", "Checkout is down")

    play.bo.clicks("Reply", ts=card.ts, channel="triage")
    play.bo.sends({"Your reply": "We are on it."})
    play.advance(minutes=1)

    assert "We are on it." in play.acme.one("reply").text


@pytest.mark.req("LC-5")
def test_a_customers_list_has_its_own_tickets_only(play: Play) -> None:
    _planted(play)

    play.cy.posts("@Watchbell status")
    play.advance(minutes=1)

    told = "\n".join(play.only_to(play.cy))
    assert "Checkout is down" in told
    assert GLOBEX not in told
    assert "T-1 " not in told
