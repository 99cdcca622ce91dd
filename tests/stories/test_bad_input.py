"""What does somebody read who asked for what cannot be? One clear sentence, and their words are not lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.server import Address
from tests import forked
from tests.stories import stage
from tests.stories.play import Play
from tests.stories.signed import Wire
from tests.stories.stage import Bot

HARMFUL = "<!channel> <@U0ANA> &lt;b&gt; & *bold*"


@pytest.fixture
def wire(address: Address, sqlite_url: str) -> Iterator[Wire]:
    """Slack's end of the line to a desk over signed HTTP."""
    with stage.desk(address, sqlite_url, http=True) as running:
        yield Wire.to(running, address)


@pytest.mark.req("IN-1")
def test_an_unknown_severity_names_the_known_ones_and_keeps_the_text(play: Play) -> None:
    answer = play.ana.types("/ticket sev9 Checkout is down", "acme")

    assert answer.form == "Open a ticket"
    assert "I do not know the severity “sev9”" in answer.form_says
    for name in ("Critical", "High", "Medium", "Low"):
        assert name in answer.form_says
    assert "Checkout is down" in answer.form_says
    assert play.acme.messages("receipt") == []


def test_an_empty_summary_is_asked_for(play: Play) -> None:
    said = play.ana.types("/ticket sev1", "acme")
    assert "Say in a few words what is wrong" in said.response

    play.ana.types("/ticket", "acme")
    sent = play.ana.sends({"What is wrong?": "   ", "How severe is it?": "High"})
    assert list(sent.errors) == ["What is wrong?"]
    assert sent.form == "Open a ticket"
    assert play.acme.messages("receipt") == []


def test_ten_thousand_characters_are_refused_and_given_back(play: Play) -> None:
    long = "It fails. " * 999 + "It has bug"

    said = play.ana.types(f"/ticket sev3 {long}", "acme")

    assert "The summary has 10,000 characters; at most 3,000 fit." in said.response
    assert "It fails. It fails." in said.response + said.form_says
    assert play.acme.messages("receipt") == []


def test_a_long_message_of_a_customer_is_a_ticket_all_the_same(play: Play) -> None:
    play.cy.posts("@Watchbell sev2 " + "It fails. " * 1000)
    play.advance(minutes=1)

    play.acme.one("receipt")


@pytest.mark.req("LC-5")
def test_somebody_elses_ticket_does_not_exist(play: Play) -> None:
    play.gil.posts("@Watchbell sev2 Secret plans of Globex", "globex")
    play.cy.posts("@Watchbell sev3 The report fails")
    play.advance(minutes=1)
    thread = play.acme.one("receipt").thread

    def told(ticket: str) -> str:
        before = len(play.only_to(play.cy))
        play.cy.posts(f"@Watchbell escalate {ticket} please", thread=thread)
        play.advance(minutes=1)
        return "\n".join(play.only_to(play.cy)[before:]).replace(ticket, "THAT")

    theirs, unknown = told("T-1"), told("T-99")

    assert "There is no ticket THAT here" in theirs
    assert theirs == unknown
    assert play.inbox(play.bo).messages("page") == []


def test_an_unknown_id_is_said_to_be_unknown(play: Play) -> None:
    for command in ("/ticket show T-99", "/escalate T-99"):
        assert "There is no ticket T-99 here" in play.ana.types(command).response


def test_a_person_who_may_not_is_told_who_may(play: Play) -> None:
    play.cy.posts("@Watchbell sev1 Checkout is down")
    play.advance(minutes=1)

    assert "that needs a support manager" in play.ana.types("/escalate T-1 to 4 now").response
    assert "I do not know you yet" in play.una.types("/ticket list", "@bot").response
    assert "that needs a support manager" in play.ana.types("/oncall override @bo 18:00 22:00").response


def test_a_form_sent_twice_makes_one_ticket(play: Play) -> None:
    play.ana.types("/ticket", "acme")
    play.misbehave(kind="duplicate", times=1)
    play.ana.sends({"What is wrong?": "The export fails", "How severe is it?": "High"})
    play.advance(minutes=1)

    play.acme.one("receipt")


def test_a_button_of_a_closed_ticket_says_that_it_is_over(play: Play) -> None:
    # The cards keep their old buttons: no edit gets through.
    play.cy.posts("@Watchbell sev3 The report fails")
    play.advance(minutes=1)
    play.misbehave(kind="500", method="chat.update", **{"for": "1 day"})
    play.bo.clicks("Resolve", "triage")
    play.bo.sends({"Root cause": "A typo", "Workaround": "none", "Prevention": "A test"})
    play.cy.clicks("It works", "acme")

    for person, label, channel in ((play.bo, "Resolve", "triage"), (play.cy, "It works", "acme")):
        assert "T-1 is closed" in person.clicks(label, channel).response


@pytest.mark.parametrize("way", ["command", "form", "mention"])
def test_markup_in_a_summary_is_shown_literally_and_pings_nobody(play: Play, way: str) -> None:
    if way == "command":
        play.ana.types(f"/ticket sev1 {HARMFUL}", "acme")
    elif way == "form":
        play.ana.types("/ticket", "acme")
        play.ana.sends({"What is wrong?": HARMFUL, "How severe is it?": "Critical"})
    else:
        play.cy.posts(f"@Watchbell sev1 {HARMFUL}")
    play.ana.clicks("Acknowledge", "@ana")
    play.advance(minutes=61)

    for message in play.by_bot():
        for words in (message.text, *_marked(list(message.blocks))):
            assert "<!channel" not in words, message
            assert "<@U0ANA" not in words, message
    assert "&lt;!channel&gt;" in play.acme.one("receipt").text
    assert "&amp;lt;b&amp;gt;" in play.acme.one("receipt").text


def _marked(node: object) -> Iterator[str]:
    """Every text of blocks in which Slack would read markup."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield str(node["text"])
        for each in node.values():
            yield from _marked(each)
    elif isinstance(node, list):
        for each in node:
            yield from _marked(each)


def test_a_wrong_or_old_signature_is_401_and_does_nothing(wire: Wire, address: Address) -> None:
    play = stage.play_on(address)

    wrong = wire.command("/ticket", "sev1 Checkout is down", trigger="1.a", secret="not-the-secret")
    old = wire.command("/ticket", "sev1 Checkout is down", trigger="1.b", age=600)
    play.advance(minutes=1)
    assert (wrong.status, old.status) == (401, 401)
    assert play.acme.messages("receipt") == []

    right = wire.command("/ticket", "sev1 Checkout is down", trigger="1.c")
    play.advance(minutes=1)
    assert right.status == 200
    play.acme.one("receipt")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", "", "SLACK_BOT_TOKEN"),
        ("SLACK_BOT_TOKEN", "xoxb-wrong", "SLACK_BOT_TOKEN: Slack says invalid_auth"),
        ("HANDBOOK", "/nowhere/handbook.yml", "/nowhere/handbook.yml"),
    ],
)
def test_a_start_that_cannot_be_says_why_in_one_line(bot: Bot, name: str, value: str, said: str) -> None:
    done = forked.run("run", env={**bot.environment(), name: value}, folder=bot.folder)

    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_an_unreadable_handbook_names_its_place(bot: Bot, tmp_path: Path) -> None:
    path = tmp_path / "handbook.yml"
    path.write_text("extends: enterprise\nupdates: {sev1: 1 fortnight}\n", encoding="utf-8")

    done = forked.run("run", env={**bot.environment(), "HANDBOOK": str(path)}, folder=bot.folder)

    assert done.returncode == 1
    assert f"{path}:2:" in done.stderr
    assert "fortnight" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
