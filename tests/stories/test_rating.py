"""How is the customer asked how it went, once, and who hears the answer?"""

import pytest

from tests.stories.play import Play, Seen


def _closed(play: Play, text: str = "sev3 The export fails", *, by: str = "dee") -> Seen:
    """A ticket of somebody's that Ana resolved and they confirmed: its closing message."""
    person = play.person(by)
    written = person.posts(f"@Watchbell {text}")
    play.advance(minutes=10)
    card = play.triage.last("card", text.split(" ", 1)[1])
    play.ana.clicks("Resolve", ts=card.ts, channel="triage")
    play.ana.sends({"Root cause": "A full disk", "Workaround": "none", "Prevention": "An alarm"})
    play.advance(minutes=1)
    resolution = [each for each in play.acme.messages("resolution") if each.thread == written.ts][-1]
    person.clicks("It works", "acme", ts=resolution.ts)
    play.advance(minutes=1)
    return [each for each in play.acme.messages("closing") if each.thread == written.ts][-1]


def test_one_click_answers_and_the_closing_message_is_edited(play: Play) -> None:
    closing = _closed(play)
    before = len([each for each in play.by_bot() if each.channel == "acme"])
    assert closing.offers("4 Good")

    answer = play.dee.clicks("4 Good", "acme", ts=closing.ts)
    play.advance(minutes=1)

    assert "4 Good" in answer.response + "".join(play.only_to(play.dee))
    seen = play.acme.one("closing")
    assert "Dee Park told us how it went" in seen.words
    assert "4" not in seen.words.replace("T-1", "")
    assert not seen.offers("4 Good")
    assert len([each for each in play.by_bot() if each.channel == "acme"]) == before
    assert play.triage.one(text="Dee Park rated it 4 of 5")
    assert not play.operations.messages("alarm", "rated it")


def test_a_low_answer_reaches_the_managers_with_what_is_added_to_it(play: Play) -> None:
    closing = _closed(play)

    play.dee.clicks("2 Bad", "acme", ts=closing.ts)
    play.advance(minutes=5)
    assert "rated it 2 of 5" in play.inbox(play.mei).one("alarm", "rated it 2 of 5").text

    form = play.dee.clicks("Add a comment or change it", "acme", ts=closing.ts)
    assert "Only our team reads this" in form.form_says
    play.dee.sends({"How did it go?": "1 Very bad", "What should we know?": "It took far too long"})
    play.advance(minutes=5)
    assert "Our team reads your comment. You can change both until" in play.only_to(play.dee)[-1]

    assert "It took far too long" in play.inbox(play.mei).one("alarm", "rated it 1 of 5").text
    assert "too long" not in "".join(each.words for each in play.acme.messages())


def test_an_answer_can_be_changed_for_a_day_and_only_by_who_gave_it(play: Play) -> None:
    closing = _closed(play)
    play.dee.clicks("3 Middling", "acme", ts=closing.ts)
    play.advance(hours=2)

    play.cy.clicks("Add a comment or change it", "acme", ts=closing.ts)
    assert "Dee Park has answered" in "".join(play.only_to(play.cy))
    play.dee.clicks("Add a comment or change it", "acme", ts=closing.ts)
    play.dee.sends({"How did it go?": "5 Very good"})
    play.advance(hours=23)

    play.dee.clicks("Add a comment or change it", "acme", ts=closing.ts)
    assert "can no longer be changed" in "".join(play.only_to(play.dee))
    assert play.triage.one(text="rated it 5 of 5 (before: 3)")


def test_who_answered_lately_is_not_asked_again(play: Play) -> None:
    closing = _closed(play)
    play.dee.clicks("5 Very good", "acme", ts=closing.ts)
    play.advance(minutes=10)

    soon = _closed(play, "sev3 The import fails")
    assert "How did it go" not in soon.words
    assert not soon.offers("4 Good")
    another = _closed(play, "sev3 The report fails", by="cy")
    assert another.offers("4 Good")


@pytest.mark.parametrize("label", ["4 Good", "1 Very bad"])
def test_people_of_ours_do_not_answer_for_the_customer(play: Play, label: str) -> None:
    closing = _closed(play)

    play.ana.clicks(label, "acme", ts=closing.ts)
    play.advance(minutes=1)

    assert "cannot say how it went" in "".join(play.only_to(play.ana))
    assert play.acme.one("closing").offers(label)


def test_what_managers_were_told_of_a_low_answer_follows_each_change_of_it(play: Play) -> None:
    closing = _closed(play)
    told = play.inbox(play.mei)
    play.dee.clicks("1 Very bad", "acme", ts=closing.ts)
    play.advance(minutes=1)

    for score, before in (("5 Very good", 1), ("2 Bad", 5)):
        play.dee.clicks("Add a comment or change it", "acme", ts=closing.ts)
        play.dee.sends({"How did it go?": score})
        play.advance(minutes=1)

        seen = told.one("alarm", "rated it")
        assert f"rated it {score[0]} of 5 (before: {before})" in seen.text
        assert ("A call within a day" in seen.words) == (score == "2 Bad")
