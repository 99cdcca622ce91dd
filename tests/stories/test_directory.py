"""An administrator keeps the directory without leaving Slack."""

import pytest

from tests.stories.play import Play


@pytest.mark.req("AU-1")
def test_an_administrator_changes_a_customer_by_forms_and_a_refused_form_keeps_its_words(play: Play) -> None:
    opened = play.vic.types("/ticket admin")
    assert opened.form == "Directory"
    play.vic.sends({"What do you want to change?": "A customer and its channel"})
    shown = play.vic.sends({"Which one?": "Globex (globex)"})
    assert "Customer: globex" in shown.form_says

    refused = play.vic.sends({"Name": "Globex SA", "Time zone": "Mars/Base"})
    assert list(refused.errors) == ["Time zone"]
    assert "no IANA time zone" in refused.errors["Time zone"]

    saved = play.vic.sends({"Name": "Globex SA", "Time zone": "Europe/Rome"})
    assert saved.form is None
    told = "\n".join(play.only_to(play.vic))
    assert "name Globex -&gt; Globex SA" in told
    assert "timezone Europe/Paris -&gt; Europe/Rome" in told


def test_nobody_else_reaches_the_forms(play: Play) -> None:
    for person in (play.ana, play.mei):
        answer = person.types("/ticket admin")
        assert answer.form is None
        assert "You cannot change the directory: that needs an administrator." in answer.response
