"""What does it look like when our people mark a ticket: on the card, on the pages, and in the customer's channel?"""

import pytest

from tests.stories.play import Play

SECURITY = "Security or privacy event"


@pytest.mark.req("ES-2")
@pytest.mark.req("PG-5")
def test_a_security_event_and_a_system_of_the_customers_are_marked_from_the_card(play: Play) -> None:
    play.cy.posts("@Watchbell sev3 We may have had a security breach")
    play.advance(minutes=1)
    assert "the words suggest: Security or privacy event" in play.triage.one("card").words
    assert play.inbox(play.kai).messages("page") == []

    form = play.bo.clicks("Mark", "triage")
    assert form.form == "Mark a ticket"
    assert "Pages level 3 (Engineering)" in form.form_says
    play.ana.clicks("Mark", "triage")
    assert play.bo.sends({"What is it?": SECURITY, "What did you see?": "Invoices of others"}).errors == {}
    late = play.ana.sends({"What is it?": SECURITY, "What did you see?": "I saw it too"})
    assert "already marked “Security or privacy event” by Bo Berg" in " ".join([*late.errors.values(), late.response])
    play.advance(minutes=1)

    page = play.inbox(play.kai).one("page")
    for words in ("security or privacy event", "Invoices of others", "Level 3", "without an answer, Executive"):
        assert words in page.words
    assert "Security or privacy event" in play.triage.one("card").words
    assert "Invoices of others" not in "".join(each.words for each in play.acme.messages())

    play.bo.clicks("Mark", "triage")
    sent = {"What is it?": "The customer's own system is involved", "What did you see?": "Their proxy leaks",
            "A word to the customer": "Please look at your proxy in Lyon"}  # fmt: skip
    assert play.bo.sends(sent).errors == {}
    play.advance(minutes=1)

    asked = play.acme.one("escalation", "on your side")
    assert "Please look at your proxy in Lyon" in asked.words
    assert "Cy Young, please have somebody look at it" in asked.text
    assert "Their proxy leaks" not in "".join(each.words for each in play.acme.messages())

    play.bo.clicks("Take a mark back", "triage")
    taken = {"What is it?": SECURITY, "What is it really?": "Their own"}
    assert play.bo.sends(taken).errors == {}
    play.advance(minutes=1)
    assert "Security or privacy event" not in play.triage.one("card").words
