"""How do several messages become one ticket, and free words the answers that we asked for?"""

from pathlib import Path

import pytest
import yaml

from bot.app.local import DIRECTORY
from bot.sandbox.server import Address
from tests.stories import stage
from tests.stories.play import Play


@pytest.mark.req("IN-2")
def test_messages_in_a_row_are_one_ticket_with_one_receipt(play: Play) -> None:
    first = play.dee.posts("@Watchbell The export fails")
    play.advance(minutes=1)
    second = play.dee.posts("Only for customers in Spain")
    play.advance(minutes=2)
    play.dee.posts("@Watchbell environment: production")
    play.advance(minutes=1)

    receipt = play.acme.one("receipt")
    assert receipt.thread == first.ts
    assert "Your 2 messages right after it are part of this ticket" in receipt.words
    assert "Environment" not in receipt.words.partition("still need")[2]
    assert play.triage.one(text="Only for customers in Spain").thread == play.triage.one("card").ts
    play.ana.posts("Which exports?", thread=second.ts)
    play.advance(minutes=1)
    assert "responded" in play.triage.one("card").text


def test_what_comes_later_or_from_others_or_names_a_severity_is_another_ticket(play: Play) -> None:
    play.dee.posts("@Watchbell sev3 The export fails")
    play.cy.posts("@Watchbell sev3 The import fails")
    play.dee.posts("@Watchbell sev2 Checkout is slow")
    play.advance(minutes=4)
    play.dee.posts("@Watchbell The invoice is wrong")
    play.advance(minutes=1)

    assert len(play.acme.messages("receipt")) == 4


def test_a_handbook_may_take_every_message_by_itself(address: Address, sqlite_url: str, tmp_path: Path) -> None:
    parts = yaml.safe_load(DIRECTORY.read_text(encoding="utf-8"))
    parts["customers"]["globex"]["every_message"] = True
    path = tmp_path / "directory.yml"
    path.write_text(yaml.safe_dump(parts), encoding="utf-8")
    book = tmp_path / "book.yml"
    book.write_text("extends: enterprise\nintake: {group: false}\n", encoding="utf-8")
    with stage.desk(address, sqlite_url, directory=path, handbook=str(book)):
        play = stage.play_on(address)
        play.gil.posts("Our exports are empty", "globex")
        play.gil.posts("And the imports too", "globex")
        play.advance(minutes=1)

        assert len(play.globex.messages("receipt")) == 2


@pytest.mark.req("IN-3")
def test_what_is_missing_is_asked_once_and_answered_in_free_words(play: Play) -> None:
    written = play.dee.posts("@Watchbell The export fails since 10:32 UTC\nSteps: open the report\npress export")
    play.advance(minutes=10)
    asked = play.acme.one("question")
    assert "Steps to reproduce" not in asked.words
    assert "When:" not in asked.words
    assert "Logs or screenshots" in asked.words

    play.dee.posts("environment: production, version 4", thread=written.ts)
    play.advance(minutes=1)
    assert "Environment" not in play.acme.one("question").words.partition("would help us")[2]

    play.dee.posts("P3: it keeps two people from their work", thread=written.ts)
    play.dee.posts("Business impact: nobody can invoice", thread=written.ts)
    play.dee.posts("Here it is", thread=written.ts, files=[{"name": "export.log"}])
    play.advance(minutes=1)

    question = play.acme.one("question")
    assert question.ts == asked.ts
    assert "we have all the details" in question.words
    assert "still need" not in play.acme.one("receipt").words
    assert "nobody can invoice" in play.triage.last(text="nobody can invoice").words


def test_a_reaction_to_what_belongs_to_a_ticket_says_so(play: Play) -> None:
    written = play.dee.posts("@Watchbell sev3 The export fails")
    reply = play.dee.posts("And the import", thread=written.ts)
    play.advance(minutes=1)

    play.ana.reacts("ticket", reply.ts)
    play.advance(minutes=1)

    assert "belongs to T-1" in "".join(play.only_to(play.ana))
    assert len(play.acme.messages("receipt")) == 1


@pytest.mark.req("IN-2")
def test_what_was_taken_together_wrongly_is_split_with_its_own_receipt_and_thread(play: Play) -> None:
    play.dee.posts("@Watchbell sev3 The export fails")
    play.advance(minutes=1)
    other = play.dee.posts("The import is empty, environment: production")
    play.advance(minutes=20)

    play.bo.does(click="Split into two tickets", channel="triage", text="T-1")
    play.bo.sends({"Which messages are another problem?": "The import is empty, environment: production",
                   "What is that problem?": "Imports are empty"})  # fmt: skip
    play.advance(minutes=1)

    first, second = play.acme.messages("receipt")
    assert "are part of this ticket" not in first.words
    assert (second.thread, "Imports are empty" in second.words) == (other.ts, True)
    card = play.triage.one("card", "T-2")
    assert play.triage.one(text="one message a ticket of its own: T-2").thread == play.triage.one("card", "T-1").ts
    play.dee.posts("Since the update", thread=other.ts)
    play.advance(minutes=1)
    assert play.triage.one(text="Since the update").thread == card.ts
