"""What does the form that opens a ticket ask, suggest and take along?"""

import pytest

from tests.stories.play import Play


@pytest.mark.req("IN-3")
def test_the_form_takes_files_and_who_is_affected_and_all_of_it_stands_in_the_room(play: Play) -> None:
    form = play.ana.types("/ticket", "acme")
    assert "Log files or screenshots" in form.form_says
    assert "For example:" in form.form_says

    play.ana.sends(
        {
            "What is wrong?": "The export fails",
            "When": "since 10:32 UTC",
            "Affected users": "Everybody in Spain",
            "Log files or screenshots": [{"name": "export.log", "content": "boom"}, {"name": "screen.png"}],
        }
    )
    play.advance(minutes=1)

    line = play.triage.one(text="Everybody in Spain")
    assert line.thread == play.triage.one("card").ts
    assert "export.log" in line.words
    assert "screen.png" in line.words
    assert "Logs or screenshots" not in play.acme.one("receipt").words
    assert "Everybody in Spain" not in play.acme.told()


@pytest.mark.req("IN-3")
def test_details_added_later_bring_their_files_too(play: Play) -> None:
    play.dee.posts("@Watchbell sev3 The export fails")
    play.advance(minutes=1)

    play.dee.clicks("Add details", "acme")
    play.dee.sends({"Log files or screenshots": [{"name": "export.log"}]})
    play.advance(minutes=1)

    assert "export.log" in play.triage.one(text="Logs or screenshots: export.log").words
    assert "Logs or screenshots" not in play.acme.one("question").words


@pytest.mark.req("SV-1")
def test_a_severity_is_suggested_from_the_words_and_never_decided(play: Play) -> None:
    written = play.gil.posts("Checkout is down for everybody since this morning", "globex")
    form = play.ana.uses("Open a ticket", written.ts, "globex")
    assert "What you wrote reads like *Critical*. You decide" in form.form_says
    play.ana.sends({"How severe is it?": "Low"})
    play.advance(minutes=1)

    assert "*T-1* · Sev 4" in play.globex.one("receipt").words
    assert "reads like Critical" in "".join(play.only_to(play.ana))


def test_a_message_that_is_a_ticket_already_becomes_no_second_one(play: Play) -> None:
    written = play.dee.posts("@Watchbell sev3 The export fails")
    play.advance(minutes=1)

    play.ana.uses("Open a ticket", written.ts)
    refused = play.ana.sends()

    assert refused.errors == {"What is wrong?": "That message is T-1 already."}
    assert len(play.acme.messages("receipt")) == 1
