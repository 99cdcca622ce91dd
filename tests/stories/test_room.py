"""Does the card's thread follow what is changed in the customer's thread, and say whose words they are?"""

import contextlib
from typing import Any

import pytest

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
    assert "removed by its author" in play.triage.one(text="Ana Lima replied to the customer").words
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
