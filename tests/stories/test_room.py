"""Does the card's thread follow what is changed in the customer's thread, and say whose words they are?"""

import contextlib
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox.server import Address
from tests.stories.play import Play


def files_in(play: Play, channel: str) -> list[str]:
    """The titles of the files that the bot posted there."""
    found: list[dict[str, Any]] = [each for each in play.script.messages(channel) if not each["deleted"]]
    return [file["title"] for each in found if each["name"] == "Watchbell" for file in each["files"]]


@pytest.mark.req("LC-6")
def test_a_reply_that_is_edited_and_removed_stays_ours_in_the_room(play: Play) -> None:
    asked = play.cy.posts("@Watchbell sev2 Exports are slow")
    reply = play.ana.posts("We look at it", "acme", thread=asked.ts)
    play.ana.edits(reply.ts, "We look at the exports")

    line = play.triage.one(text="We look at the exports")
    assert "Ana Lima replied to the customer" in line.text
    assert "edited" in line.words

    play.ana.deletes(reply.ts)
    assert "This message was removed" in play.triage.one(text="Ana Lima replied to the customer").words
    form = play.ana.clicks("Reply", "triage")
    assert "<#C0ACME>" in form.form_says
    assert "Cy Young and Dee Park read there" in form.form_says


@pytest.mark.req("LC-6")
def test_files_chosen_for_a_reply_reach_the_customer_and_the_room_and_no_others_do(play: Play) -> None:
    asked = play.cy.posts("@Watchbell sev2 Exports are slow")
    card = play.triage.one("card")
    play.ana.posts("The dump of all customers", "triage", thread=card.ts, files=[{"name": "all.sql", "content": "x"}])

    play.ana.clicks("Reply", "triage")
    fix = {"name": "fix.txt", "content": "Set the limit to 9"}
    play.ana.does(submit={"Your reply": "This helps", "Files for the customer": [fix]})
    play.advance(minutes=1)

    assert files_in(play, "acme") == files_in(play, "triage") == ["fix.txt"]
    (posted,) = [each for each in play.script.messages("acme") if each["files"]]
    assert posted["thread_ts"] == asked.ts
    assert "T-1: files that belong to the reply" in posted["text"]
    assert "fix.txt" in play.triage.one(text="Ana Lima replied to the customer").words
    address = posted["files"][0]["url_private"].removeprefix(play.url)
    with contextlib.closing(play.script.open(address)) as connection:
        assert connection.getresponse().read() == b"Set the limit to 9"


@pytest.mark.req("LC-6")
def test_a_reply_of_the_form_is_corrected_and_taken_back_by_its_author_or_a_manager(play: Play) -> None:
    play.cy.posts("@Watchbell sev2 Exports are slow")
    play.ana.posts("The disk of the billing cluster is full again", "triage", thread=play.triage.one("card").ts)
    play.ana.clicks("Reply", "triage")
    fix = {"name": "fix.txt", "content": "Set the limit to 9"}
    play.ana.does(submit={"Your reply": "Set the limit to 8", "Files for the customer": [fix]})
    play.advance(minutes=1)
    line = play.triage.one(text="Ana Lima replied to the customer").ts

    assert "You cannot change what somebody else replied" in play.bo.clicks("Correct it", "triage", ts=line).response
    assert "Set the limit to 8" in play.ana.clicks("Correct it", "triage", ts=line).form_says
    again = play.ana.sends({"Your reply": "The disk of the billing cluster is full again"})
    assert "internal note" in again.form_says
    play.ana.sends({"Your reply": "Set the limit to 9"})
    play.settle()
    for place in (play.acme, play.triage):
        told = place.one(text="Set the limit to 9")
        assert "edited" in told.words
        assert "limit to 8" not in place.told()

    stale = play.ana.clicks("Take it back", "triage", ts=line)
    assert stale.form == "Take a reply back"
    play.mei.clicks("Take it back", "triage", ts=line)
    play.mei.sends()
    play.advance(minutes=1)
    assert "This reply was taken back" in play.acme.one(text="Ana Lima").words
    assert files_in(play, "acme") == files_in(play, "triage") == []
    assert "limit to 9" not in play.acme.told() + play.triage.told()
    assert "taken back already" in play.ana.sends().form_says


def test_a_card_that_somebody_removed_comes_again_with_its_next_change(play: Play, address: Address) -> None:
    asked = play.cy.posts("@Watchbell sev2 Exports are slow")
    old = play.triage.one("card")
    WebClient(address.bot_token, base_url=address.api_url).chat_delete(channel="C0TRIAGE", ts=old.ts)

    play.ana.posts("We look at it", "acme", thread=asked.ts)
    play.settle()

    card = play.triage.one("card")
    assert "responded" in card.text
    play.bo.clicks("Claim", "triage", ts=card.ts)
    assert "Bo Berg" in play.triage.one("card").text
    assert play.triage.last(text="Bo Berg took it").thread == card.ts
