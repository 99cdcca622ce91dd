"""How does a problem become a ticket, and how does what people write stay its conversation?"""

from pathlib import Path

import pytest
import yaml

from bot.app.local import DIRECTORY
from bot.sandbox.server import Address
from tests.stories import stage
from tests.stories.play import Play


@pytest.mark.req("IN-1")
def test_a_command_with_text_opens_at_once(play: Play) -> None:
    answer = play.ana.types("/ticket sev2 Payments are slow", "acme")

    assert answer.form is None
    assert "T-1" in answer.response
    assert "Payments are slow" in play.acme.one("receipt").text


@pytest.mark.req("IN-1")
@pytest.mark.req("IN-6")
def test_a_command_without_text_opens_through_a_form(play: Play) -> None:
    answer = play.ana.types("/ticket", "acme")
    assert answer.form == "Open a ticket"
    for category in ("Technical issue", "Feature request", "Account or billing", "General inquiry"):
        assert category in str(answer.body["modal"])

    play.ana.sends(
        {
            "What is wrong?": "The export fails",
            "How severe is it?": "Medium",
            "What is it about?": "Integration support",
            "Steps to reproduce": "Press export",
        }
    )

    receipt = play.acme.one("receipt")
    assert "The export fails" in receipt.text
    assert "Steps to reproduce" not in receipt.text.partition("Still needed")[2]


@pytest.mark.req("IN-2")
def test_a_mention_opens_a_ticket_under_the_message(play: Play) -> None:
    written = play.dee.posts("@Watchbell The report shows a wrong total")

    assert play.acme.one("receipt").thread == written.ts


@pytest.mark.req("IN-2")
def test_a_shortcut_makes_the_message_its_authors_ticket(play: Play) -> None:
    written = play.gil.posts("Our exports are empty since noon", "globex")
    form = play.ana.uses("Open a ticket", written.ts, "globex")
    assert "Our exports are empty since noon" in form.form_says

    play.ana.sends({"How severe is it?": "High"})

    receipt = play.globex.one("receipt")
    assert receipt.thread == written.ts
    assert "Our exports are empty since noon" in receipt.text


@pytest.mark.req("IN-2")
def test_a_reaction_makes_the_message_a_ticket_and_only_once(play: Play) -> None:
    written = play.gil.posts("Our exports are empty since noon", "globex")

    play.gil.reacts("eyes", written.ts, "globex")
    play.ana.reacts("ticket", written.ts, "globex")
    play.bo.reacts("ticket", written.ts, "globex")
    play.advance(minutes=1)

    assert play.globex.one("receipt").thread == written.ts


@pytest.mark.req("IN-2")
@pytest.mark.parametrize("switched_on", [True, False])
def test_every_message_is_a_ticket_only_where_that_is_switched_on(
    address: Address, sqlite_url: str, tmp_path: Path, switched_on: bool
) -> None:
    parts = yaml.safe_load(DIRECTORY.read_text(encoding="utf-8"))
    parts["customers"]["globex"]["every_message"] = switched_on
    path = tmp_path / "directory.yml"
    path.write_text(yaml.safe_dump(parts), encoding="utf-8")
    with stage.desk(address, sqlite_url, directory=path):
        play = stage.play_on(address)

        play.gil.posts("Our exports are empty", "globex")
        play.gil.posts("Thank you!", "globex")
        play.ana.posts("Good morning everybody", "globex")
        play.advance(minutes=1)

        receipts = play.globex.messages("receipt")
        assert len(receipts) == switched_on
        assert all("Our exports are empty" in each.text for each in receipts)


@pytest.mark.req("IN-2")
def test_replies_of_both_workspaces_are_its_conversation(play: Play) -> None:
    written = play.cy.posts("@Watchbell sev2 Payments are slow")
    play.dee.posts("Only with cards", thread=written.ts)
    play.ana.posts("Which cards, please?", thread=written.ts)
    play.advance(minutes=1)

    assert "Dee Park" in play.triage.one(text="Only with cards").text
    assert "Ana Lima" in play.triage.one(text="Which cards, please?").text
    card = play.triage.one("card")
    assert play.triage.one(text="Only with cards").thread == card.ts
    assert "responded" in card.text


@pytest.mark.req("IN-2")
def test_edits_and_deletions_are_followed_in_the_room(play: Play) -> None:
    written = play.cy.posts("@Watchbell sev2 Payments are slow")
    first = play.dee.posts("Only with crads", thread=written.ts)
    second = play.dee.posts("My card number is 4111", thread=written.ts)
    play.advance(minutes=1)

    play.dee.edits(first.ts, "Only with cards")
    play.dee.deletes(second.ts)
    play.advance(minutes=1)

    play.triage.one(text="Only with cards")
    assert play.triage.messages(text="crads") == []
    assert play.triage.messages(text="4111") == []


@pytest.mark.req("IN-4")
@pytest.mark.req("SL-8")
def test_the_receipt_says_number_what_was_understood_and_what_comes_next(play: Play) -> None:
    play.cy.posts("@Watchbell sev1 Checkout is down")
    play.gil.posts("@Watchbell sev1 Exports are empty", "globex")
    play.advance(minutes=1)

    ours = play.acme.one("receipt").text
    for part in ("T-1", "Sev 1 (Critical)", "Checkout is down", "calling our on-call engineers", "10:00 EST"):
        assert part in ours
    assert "T-2" in play.globex.one("receipt").text


@pytest.mark.req("IN-3")
def test_what_is_missing_is_asked_for_once_and_a_sev_1_pages_first(play: Play) -> None:
    play.cy.posts("@Watchbell sev1 Checkout is down")
    play.advance(minutes=1)

    question = play.acme.one("question")
    for label in ("environment", "step by step", "logs", "start", "keep from working"):
        assert label in question.text
    # The page did not wait, however little was known; which of two channels Slack serves first is its own affair.
    assert play.inbox(play.ana).one("page").at <= question.at

    play.cy.clicks("Add details", "acme")
    play.cy.sends({"Environment": "Production", "Business impact": "Nobody can pay"})
    play.advance(minutes=1)

    receipt = play.acme.one("receipt").text
    assert "Environment" not in receipt.partition("Still needed")[2]
    assert "Logs" in receipt.partition("Still needed")[2]
    play.acme.one("question")
    assert "Cy Young" in play.triage.one(text="added details").text
    assert "Nobody can pay" in play.triage.one(text="added details").words


@pytest.mark.req("SV-2")
def test_a_regrade_to_sev_1_pages_and_keeps_the_reason(play: Play) -> None:
    play.cy.posts("@Watchbell sev3 Payments are slow")
    play.advance(minutes=30)
    assert play.inbox(play.ana).messages("page") == []

    play.bo.clicks("Change severity", "triage")
    play.bo.sends({"New severity": "Critical", "Why?": "Nobody can pay any more"})
    play.advance(minutes=1)

    play.inbox(play.ana).one("page")
    assert "Nobody can pay any more" in play.triage.one(text="Nobody can pay any more").text
    play.advance(minutes=60)
    # The grid starts anew where it became a Sev 1: at 14:30.
    assert f"{play.acme.one('update').at:%H:%M}" == "15:30"


@pytest.mark.req("SV-3")
def test_the_queue_is_highest_severity_then_nearest_deadline(play: Play) -> None:
    play.dee.posts("@Watchbell sev3 Third")
    play.advance(minutes=5)
    play.dee.posts("@Watchbell sev2 Second, later")
    play.gil.posts("@Watchbell sev2 Last of its kind", "globex")
    play.cy.posts("@Watchbell sev1 First")

    queue = play.ana.types("/ticket list").response

    places = [queue.index(word) for word in ("First", "Second, later", "Last of its kind", "Third")]
    assert places == sorted(places)


@pytest.mark.req("LC-1")
def test_each_step_of_its_life_is_told_with_who_did_it(play: Play) -> None:
    play.cy.posts("@Watchbell sev2 Payments are slow")
    play.bo.clicks("Claim", "triage")
    play.bo.clicks("Start work", "triage")
    play.bo.clicks("Wait for customer", "triage")
    play.bo.sends({"What are we waiting for?": "waiting for customer"})
    play.advance(minutes=1)
    assert "waiting" in play.triage.one("card").text

    play.cy.posts("It is slow with cards only", thread=play.acme.one("receipt").thread)
    play.advance(minutes=1)
    assert "in progress" in play.triage.one("card").text

    shown = play.bo.types("/ticket show T-1").response
    for part in ("Cy Young", "Bo Berg", "waiting"):
        assert part.casefold() in shown.casefold()
