"""Does the local workspace, as strict as Slack, take all that the whole desk says of the longest and strangest words?

Everything that the desk offers is pressed and every form is sent; what Slack would refuse is noted by the workspace.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.app import runtime
from bot.app.local import DIRECTORY
from bot.domain.directory_entry import Thing
from bot.sandbox import sockets, views
from bot.services import intake, whois
from bot.slack.views import FORMS, SHOWING
from tests.stories import stage
from tests.stories.play import Play
from tests.stories.stranger import FAILED, Stranger

LONGEST = ["W" * 3000, "wide & <wide> " * 210, "é💥" * 1400, "\u202eשלום " * 500, ">\n> \n" * 400]
STRANGEST = ["<!channel> <@U0ANA> <#C0OPS>", "```", "*_~`", "&amp;&lt;", "{{ self }}{% x %}", "a\x07\t\nb", "."]
WORDS = st.lists(
    st.one_of(
        st.sampled_from(LONGEST + STRANGEST),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300),
        st.text(alphabet="<>&|*_~`@#!:\n\t \u202e\x07{}%", min_size=1, max_size=3000),
    ),
    min_size=1,
    max_size=7,
)
MANY = 120
"""More tickets than one of Slack's menus or tabs takes."""


@contextmanager
def strange_desk(template: Path, words: Iterator[str]) -> Iterator[tuple[runtime.Runtime, Play]]:
    """A whole desk of its own, whose customers and people all bear the strangest names that the directory takes."""
    parts = yaml.safe_load(DIRECTORY.read_text(encoding="utf-8"))
    for each in (*parts["people"].values(), *parts["customers"].values()):
        each["name"] = next(words)
        for person in each.get("people", {}).values():
            person["name"] = next(words)
    with tempfile.TemporaryDirectory() as folder:
        directory, database = Path(folder) / "strange.yml", Path(folder) / "watchbell.db"
        directory.write_text(yaml.safe_dump(parts), encoding="utf-8")
        shutil.copyfile(template, database)
        with (
            pytest.MonkeyPatch.context() as patient,
            stage.workspace() as address,
            stage.desk(address, f"sqlite:///{database}", directory=directory) as running,
        ):
            # How fast the machine is, is not asked here.
            patient.setattr(sockets, "ACK_SECONDS", 30.0)
            patient.setattr(views, "TRIGGER_SECONDS", 30.0)
            yield running, stage.play_on(address)


def report(stranger: Stranger) -> list[str]:
    """Report something in every way there is; gives the cards, in order."""
    play = stranger.play
    earlier = stranger.writes(play.gil, channel="globex")
    stranger.fills(play.ana, play.ana.uses("Open a ticket", earlier, "globex"))
    first = stranger.writes(play.cy, "@Watchbell sev1 ")
    stranger.writes(play.gil, "@Watchbell sev1 ", channel="globex")
    stranger.fills(play.ana, play.ana.types("/ticket", "acme"))
    stranger.types(play.ana, "/ticket sev1", "acme")
    stranger.writes(play.dee, thread=first)
    stranger.writes(play.ana, thread=first)
    play.advance(minutes=1)
    return [each.ts for each in play.triage.messages("card")]


def work(stranger: Stranger, card: str) -> None:
    """Do to a ticket all that its card and its customer's messages offer while it goes on."""
    play, mei = stranger.play, stranger.play.mei
    stranger.presses_all(play.ana, "page_acknowledge")
    entries = ("rest", "note", "update", "split", "wait", "resume", "mark", "unmark", "mark", "hand", "back", "assign")
    for entry in (*entries, "channel", "why", "severity"):
        stranger.presses(mei, "card_more", entry, ts=card)
    stranger.presses(play.ana, "card_reply", ts=card)
    for change in ("correct", "take_back"):
        stranger.presses(play.ana, "reply_change", change)
    stranger.presses(play.dee, "customer_details")
    stranger.presses(mei, "card_escalate", ts=card)
    stranger.presses(play.dee, "customer_escalate")


def miss(stranger: Stranger, card: str) -> None:
    """Let time pass: updates come, and a target is missed, which is analysed and excused."""
    play = stranger.play
    play.advance(minutes=62)
    stranger.presses(play.ana, "breach_analyse")
    stranger.presses(play.mei, "card_more", "excuse", ts=card)


def gather(stranger: Stranger, cards: list[str]) -> None:
    """Link tickets to one incident, tell all its customers, merge one ticket and decline another."""
    play, mei = stranger.play, stranger.play.mei
    for card in cards[1:3]:
        stranger.presses(mei, "card_more", "link", ts=card)
    play.advance(minutes=1)
    stranger.presses(mei, "incident_update")
    stranger.presses(mei, "card_more", "merge", ts=cards[-1])
    stranger.presses(mei, "card_more", "decline", ts=cards[0])
    stranger.presses(mei, "card_more", "unlink", ts=cards[1])


def look(stranger: Stranger, things: tuple[Thing, ...]) -> None:
    """Look at home tabs and lists, act on several tickets, and change these kinds of things in the directory."""
    play = stranger.play
    for person in (play.cy, play.gil, play.ana, play.mei, play.vic, play.una):
        person.does(home=True)
    stranger.at_home(play.mei, "bulk_begin")
    stranger.fills(play.vic, play.vic.types("/ticket admin"))
    for thing in things:
        stranger.at_home(play.vic, "directory_change", thing.value)
    for command in ("/ticket list", "/ticket show T-2", "/oncall", "/oncall override"):
        stranger.fills(play.mei, play.mei.types(command))
    for words in ("status", "help", "escalate"):
        stranger.writes(play.dee, f"@Watchbell {words} ")


def end(stranger: Stranger, card: str) -> None:
    """Resolve what is open, and hear what the customer says of it."""
    play = stranger.play
    stranger.presses(play.mei, "incident_resolve")
    stranger.presses(play.bo, "card_resolve", ts=card)
    for action in ("customer_confirm", "customer_score_1", "customer_rating"):
        stranger.presses(play.cy, action)
        play.advance(minutes=1)


def all_is_taken(play: Play) -> None:
    """Nothing was refused, nothing broke, nothing was given up."""
    assert play.script.ask("/app")["refused"] == []
    assert not [each.text for each in play.everything() if any(words in each.words for words in FAILED)]


def press_everything(template: Path, words: list[str], things: tuple[Thing, ...]) -> None:
    """Let everybody do everything once with these words, on a desk of its own."""
    with strange_desk(template, cycle(words)) as (_, play):
        stranger = Stranger(play, cycle(words))
        cards = report(stranger)
        work(stranger, cards[1])
        miss(stranger, cards[-1])
        gather(stranger, cards)
        look(stranger, things)
        end(stranger, cards[1])
        all_is_taken(play)
    assert {*FORMS, *SHOWING} - stranger.sent == set()


def test_with_the_longest_and_strangest_words_everywhere_the_workspace_takes_all_that_follows(
    sqlite_template: Path,
) -> None:
    press_everything(sqlite_template, LONGEST + STRANGEST, (Thing.MEMBER,))


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=40, deadline=None, phases=[Phase.reuse, Phase.generate])
@given(words=WORDS)
def test_whatever_everybody_writes_everywhere_the_workspace_takes_all_that_follows(
    sqlite_template: Path, words: list[str]
) -> None:
    press_everything(sqlite_template, words, tuple(Thing))


@pytest.mark.long
def test_more_tickets_than_slack_has_room_for_fit_in_every_list(sqlite_template: Path) -> None:
    words = cycle(LONGEST + STRANGEST)
    with strange_desk(sqlite_template, words) as (running, play):
        with running.desk.db.reading() as session:
            ana = whois.find(session, workspace="", user="U0ANA", channel="C0ACME")
        for number in range(MANY):
            text = f"sev4 {number} {next(words)[:2900]}"
            running.desk.do(intake.open_by_command, actor=ana, channel="C0ACME", text=text, now=running.clock.now())
        stranger = Stranger(play, words)
        for person in (play.cy, play.ana, play.mei):
            person.does(home=True)
        stranger.at_home(play.mei, "bulk_begin")
        stranger.fills(play.mei, play.mei.types("/escalate"))
        stranger.fills(play.mei, play.mei.types("/ticket list", "acme"))
        stranger.at_home(play.cy, "customer_details")
        play.advance(minutes=4)
        stranger.presses(play.mei, "card_more", "merge")
        all_is_taken(play)
