"""Who is called, when, and what if nobody answers? Somebody is always called next, and never in silence."""

import itertools
from pathlib import Path

import pytest
import yaml

from bot.app.local import DIRECTORY
from bot.sandbox.server import Address
from tests.stories import stage
from tests.stories.play import Play


def _sev1(play: Play) -> None:
    play.cy.posts("@Watchbell sev1 Checkout is down")


def _directory(tmp_path: Path, **changed: object) -> Path:
    """The directory that ships, with some of its parts changed."""
    parts = yaml.safe_load(DIRECTORY.read_text(encoding="utf-8")) | changed
    path = tmp_path / "directory.yml"
    path.write_text(yaml.safe_dump(parts), encoding="utf-8")
    return path


@pytest.mark.req("PG-2")
@pytest.mark.req("ES-1")
def test_pages_repeat_and_then_climb_all_four_levels(play: Play) -> None:
    _sev1(play)
    opened_at = play.inbox(play.ana).one("page").at
    play.advance(minutes=44)
    pages = play.inbox(play.ana).messages("page")
    assert [round((page.at - opened_at).total_seconds() / 60) for page in pages] == [0, 15, 30]
    assert play.inbox(play.bo).messages("page") == []

    play.advance(minutes=1)
    assert len(play.inbox(play.bo).messages("page")) == 1
    assert len(play.inbox(play.kai).messages("page")) == 1
    play.advance(minutes=75)
    assert "Level 4" in play.inbox(play.vic).last("page").text


@pytest.mark.req("PG-2")
def test_an_exhausted_chain_is_an_alarm_and_goes_round_again(play: Play) -> None:
    _sev1(play)
    play.advance(hours=2, minutes=45)

    alarm = play.operations.last("alarm", "nobody")
    assert "T-1" in alarm.text
    assert play.inbox(play.mei).messages("alarm", "T-1") != []
    # Level 1 was called again, and from then on the last level is, until somebody acts.
    assert len(play.inbox(play.ana).messages("page")) == 6
    before = len(play.inbox(play.vic).messages("page"))
    play.advance(hours=2)
    assert len(play.inbox(play.vic).messages("page")) > before


@pytest.mark.req("PG-1")
def test_an_acknowledged_page_says_who_when_and_after_how_long_on_every_copy(play: Play) -> None:
    _sev1(play)
    play.advance(minutes=48)

    play.kai.clicks("Acknowledge", "@kai")

    copies = [page for person in (play.ana, play.bo, play.kai) for page in play.inbox(person).messages("page")]
    assert len(copies) == 5, "\n".join(f"{copy.channel} {copy.at:%H:%M} {copy.text}" for copy in copies)
    for copy in copies:
        assert "Acknowledged by Kai Sato" in copy.text
        assert "after 48 minutes" in copy.text
        assert not copy.offers("Acknowledge")
    assert "14:48 WET" in play.inbox(play.ana).last("page").text
    assert "Kai Sato" in play.triage.one("card").text
    play.triage.one(text="Kai Sato acknowledged at level 2")
    before = len(copies)
    # An acknowledgement is no answer to the customer: without one the missed target would call level 3.
    play.kai.clicks("Reply", "triage")
    play.kai.sends({"Your reply": "We are on it."})
    play.advance(minutes=50)
    after = [page for person in (play.ana, play.bo, play.kai, play.vic) for page in play.inbox(person).messages("page")]
    assert len(after) == before


@pytest.mark.req("PG-1")
def test_the_second_one_is_told_who_was_first(address: Address, sqlite_url: str) -> None:
    with stage.desk(address, sqlite_url):
        play = stage.play_on(address)
        _sev1(play)
        play.advance(minutes=45)
        # Both click before the desk has taken away the buttons.
        play.misbehave(kind="500", method="chat.update", **{"for": "1 hour"})

        play.bo.clicks("Acknowledge", "@bo")
        second = play.kai.clicks("Acknowledge", "@kai")

        assert "already acknowledged by Bo Berg" in second.response
        play.triage.one(text="Bo Berg took it")


@pytest.mark.req("ES-1")
def test_escalate_now_calls_the_next_level_at_once(play: Play) -> None:
    _sev1(play)

    play.ana.clicks("Escalate now", "@ana")

    assert "Level 2" in play.inbox(play.bo).one("page").text
    play.inbox(play.kai).one("page")


@pytest.mark.req("PG-2")
def test_who_cannot_take_it_passes_it_on_at_once(play: Play) -> None:
    _sev1(play)
    play.ana.clicks("Can't take it", "@ana")
    play.inbox(play.bo).one("page")

    play.bo.clicks("Can't take it", "@bo")
    assert "Level 2" in play.inbox(play.kai).one("page").text

    play.kai.clicks("Can't take it", "@kai")
    assert "Level 3" in play.inbox(play.kai).last("page").text
    assert "cannot take it" in play.inbox(play.ana).one("page").text


def test_a_button_of_a_step_gone_by_is_refused_kindly(play: Play) -> None:
    play.misbehave(kind="500", method="chat.update", **{"for": "2 hours"})
    _sev1(play)
    play.advance(minutes=46)

    refused = play.ana.clicks("Escalate now", "@ana")

    assert "has passed on to level 2" in refused.response
    assert play.inbox(play.vic).messages("page") == []


@pytest.mark.req("PG-2")
@pytest.mark.req("PG-3")
def test_an_empty_level_is_skipped_out_loud(address: Address, sqlite_url: str, tmp_path: Path) -> None:
    levels = {1: ["rotation:first-line"], 3: ["team:engineering"], 4: ["person:vic"]}
    with stage.desk(address, sqlite_url, directory=_directory(tmp_path, levels=levels)):
        play = stage.play_on(address)
        _sev1(play)
        play.advance(minutes=46)

        assert "Level 3" in play.inbox(play.kai).one("page").text
        play.operations.last("alarm", "Technical")


@pytest.mark.req("PG-2")
def test_with_nobody_to_page_there_is_an_alarm_and_never_silence(
    address: Address, sqlite_url: str, tmp_path: Path
) -> None:
    with stage.desk(address, sqlite_url, directory=_directory(tmp_path, levels={})):
        play = stage.play_on(address)
        _sev1(play)
        play.advance(minutes=5)
        first = play.operations.messages("alarm", "T-1")
        play.advance(hours=1)
        then = play.operations.messages("alarm", "T-1")

    assert first != []
    assert len(then) > len(first)
    gaps = [later.at - earlier.at for earlier, later in itertools.pairwise(then)]
    assert max(gap.total_seconds() for gap in gaps) <= 20 * 60


@pytest.mark.req("PG-3")
def test_who_is_on_call_is_asked_at_the_moment_of_the_page(play: Play) -> None:
    taken = play.mei.types("/oncall override @bo 14:01 22:00")
    assert "Bo Berg stands in" in taken.response
    play.advance(minutes=1)

    _sev1(play)

    play.inbox(play.bo).one("page")
    assert play.inbox(play.ana).messages("page") == []
