"""Does the desk obey its handbook, line by line, and does the published document say the same?"""

import difflib
import re
import shutil
from pathlib import Path

import pytest

from bot.handbook.loader import load
from bot.handbook.publish import publish
from bot.sandbox.server import Address
from tests import forked
from tests.stories import stage
from tests.stories.play import Play

CLOSING = {"Root cause": "An index was missing.", "Workaround": "none", "Prevention": "Indexes are checked."}


def handbook(folder: Path, *, within: str) -> str:
    """The desk's handbook in a folder of its own; one line differs."""
    folder.mkdir()
    file = folder / "acme.yml"
    lines = ["extends: enterprise", "tiers:", "  enterprise:", f"    targets: {{sev2: {{first_response: {within}}}}}"]
    file.write_text("\n".join(lines) + "\n")
    return str(file)


def told(file: str, database: str) -> list[tuple[str, str, str]]:
    """Where, as what and in which words everything was said in half an hour of a desk with this handbook."""
    with stage.workspace() as address, stage.desk(address, database, handbook=file):
        play = stage.play_on(address)
        play.cy.posts("@Watchbell sev2 Reports are slow")
        play.cy.posts("@Watchbell sev3 A report looks odd")
        play.advance(minutes=30)
        # Each play has a workspace of its own, at an address of its own.
        said = ((each.channel, each.kind, re.sub(r"http://[\d.:]+/", "/", each.words)) for each in play.by_bot())
        return sorted(said)


@pytest.mark.req("HB-1")
def test_a_changed_line_changes_the_document_the_behaviour_and_nothing_else(
    sqlite_template: Path, tmp_path: Path
) -> None:
    before, after = (
        handbook(tmp_path / name, within=within) for name, within in (("a", "2 hours"), ("b", "20 minutes"))
    )
    said = []
    for number, file in enumerate((before, after)):
        database = tmp_path / f"{number}.db"
        shutil.copyfile(sqlite_template, database)
        said.append(told(file, f"sqlite:///{database}"))

    old_lines, new_lines = (publish(load(file)).splitlines() for file in (before, after))
    changed = [line for line in difflib.ndiff(old_lines, new_lines) if line[0] in "+-" and "Version" not in line]
    assert changed == ["- | Enterprise | High | 2 hours | open |", "+ | Enterprise | High | 20 minutes | open |"]
    old, new = set(said[0]), set(said[1])
    assert not [words for _, kind, words in old if kind == "alarm"]
    assert [words for _, kind, words in new if kind == "alarm" and words.startswith("BREACH T-1")]
    assert [words for _, kind, words in new if kind == "receipt" and "within 20 minutes" in words]
    assert all("T-1" in words for _, _, words in old ^ new)
    assert [line for line in said[0] if "T-2" in line[2]] == [line for line in said[1] if "T-2" in line[2]]


@pytest.mark.req("HB-1")
def test_an_edit_reaches_an_open_ticket_only_by_a_rebase(
    address: Address, sqlite_template: Path, tmp_path: Path
) -> None:
    database = tmp_path / "watchbell.db"
    shutil.copyfile(sqlite_template, database)
    file = handbook(tmp_path / "a", within="2 hours")
    play = stage.play_on(address)
    bot = stage.Bot(address, f"sqlite:///{database}", tmp_path)
    asked = {**bot.environment(), "HANDBOOK": file}
    with stage.desk(address, bot.database, handbook=file):
        play.cy.posts("@Watchbell sev2 Reports are slow")
        Path(file).write_text(Path(file).read_text().replace("2 hours", "20 minutes"))

        dry = forked.run("handbook", "rebase", file, "--dry-run", env=asked, folder=tmp_path)
        play.advance(minutes=5)
        assert play.operations.messages("alarm") == []
        applied = forked.run("handbook", "rebase", file, env=asked, folder=tmp_path)
        again = forked.run("handbook", "rebase", file, env=asked, folder=tmp_path)
        verified = forked.run("audit", "verify", env=asked, folder=tmp_path)
        play.cy.posts("@Watchbell sev2 Search is slow")
        play.advance(minutes=20)

        assert dry.stdout == "T-1 first_response: 2026-01-05T16:00:00+00:00 -> 2026-01-05T14:20:00+00:00\n", dry.stderr
        assert applied.stdout == dry.stdout
        assert again.stdout == "no deadline moves\n"
        assert verified.returncode == 0, verified.stderr
        play.triage.one(text="re-based it on the handbook's version")
        play.operations.one("alarm", "Breach: first response of T-1")
        assert "within 20 minutes" in play.acme.one("receipt", "Search is slow").words


@pytest.mark.req("SL-7")
def test_the_card_says_why_its_deadline_is_when_it_is(play: Play) -> None:
    play.cy.posts("@Watchbell sev2 Reports are slow")

    form = play.ana.clicks("Why this deadline?", "triage")

    assert form.form == "Why this deadline?"
    assert "first response: running, due 16:00 WET" in form.form_says.replace("*", "")
    assert "2 hours from Mon 2026-01-05 14:00+00:00 in Europe/Lisbon" in form.form_says


@pytest.mark.req("SV-5")
def test_support_declines_a_ticket_and_the_customer_reads_why(play: Play) -> None:
    play.cy.posts("@Watchbell sev3 Please paint the office")

    play.bo.clicks("Decline", "triage")
    refused = play.bo.sends({"Why? The customer reads this.": " "})
    assert refused.errors or refused.form
    play.bo.sends({"Why? The customer reads this.": "We paint no offices."})

    closing = play.acme.one("closing")
    assert "Bo Berg declined it. We paint no offices." in closing.text
    assert not play.triage.one("card").offers("Claim")
    assert not play.acme.one("receipt").offers("Escalate")


@pytest.mark.req("SV-5")
def test_support_merges_a_duplicate_and_its_thread_belongs_to_the_survivor(play: Play) -> None:
    play.cy.posts("@Watchbell sev3 Search is slow")
    written = play.dee.posts("@Watchbell sev3 Search takes a minute")

    play.bo.does(click="Merge into another ticket", channel="triage", text="T-2")
    play.bo.sends({"Into which ticket?": "T-1 Search is slow", "Why? The customer reads this.": "The same search."})
    play.advance(seconds=30)

    closing = play.acme.one("closing")
    assert closing.thread == written.ts
    assert "it is the same problem as T-1" in closing.text
    play.dee.posts("It is even slower now", thread=written.ts)
    assert "is even slower now" in play.ana.types("/ticket show T-1").response
    assert play.acme.messages("receipt", "T-3") == []


@pytest.mark.req("SL-9")
@pytest.mark.req("PG-6")
def test_a_missed_target_asks_for_its_analysis_and_the_account_manager_hears_of_it(play: Play) -> None:
    play.cy.posts("@Watchbell sev2 Reports are slow")
    play.bo.clicks("Claim", "triage")
    play.advance(hours=2, minutes=1)

    request = play.inbox(play.bo).one("notice", "Why was that")
    assert request.offers("Write the analysis")
    play.inbox(play.mei).one("notice", "Breached: first response")
    play.bo.clicks("Write the analysis", "@bo")
    play.bo.sends(
        {
            "Why was it missed?": "Nobody looked at the queue.",
            "What is done so that it does not happen again?": "An alarm on the queue.",
            "Who does it?": "Kai Sato",
            "Until when?": "2026-01-12",
        }
    )

    assert "Bo Berg has written why it was missed" in play.inbox(play.bo).one("notice", "has written why").text
    play.triage.one(text="Action, Kai Sato until 2026-01-12: An alarm on the queue.")
    assert not play.inbox(play.bo).one("notice", "has written why").offers("Write the analysis")


@pytest.mark.req("SL-9")
def test_a_manager_excuses_a_missed_target_and_it_stays_in_the_record(play: Play) -> None:
    play.cy.posts("@Watchbell sev2 Reports are slow")
    play.advance(hours=2, minutes=1)

    play.mei.clicks("Excuse a missed target", "triage")
    play.mei.sends({"Why is it excused?": "Their own line was cut."})

    play.triage.one(text="Mei Tan excused the missed first response: Their own line was cut.")
    assert "first response: breached, excused" in play.ana.types("/ticket show T-1").response


@pytest.mark.req("UP-6")
def test_an_escalated_ticket_has_a_cadence_whatever_its_severity_and_its_lessons_reach_the_customer(
    play: Play,
) -> None:
    play.cy.posts("@Watchbell sev4 A typo on the front page")
    play.advance(hours=5)
    assert play.acme.messages("update") == []

    play.mei.types("/escalate T-1 to 1 The board saw it", "triage")
    play.ana.clicks("Acknowledge", "@ana")
    play.advance(hours=4, minutes=1)
    assert len(play.acme.messages("update")) == 1

    play.ana.clicks("Resolve", "triage")
    play.ana.sends(CLOSING)
    play.cy.clicks("It works", "acme")

    assert "What we learned: Indexes are checked." in play.acme.one("closing").text
