"""What does an engineer see whose words hold what the customer should not read?"""

import pytest

from tests.stories.play import Play

NOTE = "The vendor admits that they lost our backups last year"
ANYWAY = {"Is it meant to be sent like this?": "Send anyway"}


@pytest.mark.req("LC-6")
def test_the_form_comes_back_with_the_words_kept_and_is_sent_anyway_on_purpose(play: Play) -> None:
    play.cy.posts("@Watchbell sev2 Exports are slow")
    card = play.triage.one("card")
    play.ana.posts(NOTE, "triage", thread=card.ts)
    play.ana.clicks("Reply", "triage")

    held = play.ana.sends({"Your reply": f"Sorry! {NOTE}."})
    assert "nothing was sent yet" in held.form_says
    assert "words of an internal note" in held.form_says
    assert f"Sorry! {NOTE}." in held.form_says
    assert play.acme.messages("reply") == []

    again = play.ana.sends({"Your reply": f"Sorry! {NOTE}, as at Globex.", **ANYWAY})
    assert "another customer" in again.form_says
    assert play.acme.messages("reply") == []

    sent = play.ana.sends(ANYWAY)
    assert sent.form is None
    assert "as at Globex" in play.acme.one("reply").words
    play.triage.one(text="sent it anyway")


@pytest.mark.req("LC-6")
def test_words_in_the_customers_own_thread_are_told_to_their_author_at_once(play: Play) -> None:
    asked = play.cy.posts("@Watchbell sev2 Exports are slow")
    play.ana.posts("Globex has the same problem", "acme", thread=asked.ts)

    told = play.inbox(play.ana).one(text="another customer")
    assert "delete or edit your message" in told.words
