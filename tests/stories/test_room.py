"""Does the card's thread follow what is changed in the customer's thread, and say whose words they are?"""

import pytest

from tests.stories.play import Play


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
