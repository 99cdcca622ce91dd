"""Messages that are another problem become a ticket of their own, which began when they were written."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.domain.errors import BadInput, MissingWords, NotAllowed, Over
from bot.domain.leak import HeldBack
from bot.domain.message import Kind
from bot.handbook.loader import load
from bot.services import clocks, split, triage, working
from bot.services.desk import Delivery, Work
from bot.store import conversation
from bot.store.database import Database
from bot.store.tables import Customer, OutboxRow, Remark
from tests.services.office import THEIRS, Office

BOOK = """
extends: enterprise
name: enterprise
tiers:
  enterprise: {targets: {sev2: {first_response: 2 hours, next_response: 2 hours, resolution: 8 hours}}}
"""


@pytest.fixture
def answering(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    """The desk with a handbook that promises an answer to everything that the customer writes."""
    file = tmp_path / "book.yml"
    file.write_text(BOOK, encoding="utf-8")
    db = Database(sqlite_url)
    yield Office(db, handbook=load(str(file)))
    db.dispose()


def writes(office: Office, text: str, *, thread: str | None = None, by: str = "dee", mentions: bool = False) -> str:
    """Let somebody of the customer write now; gives the message's id."""
    ts = f"{office.now.timestamp():.6f}"
    body: dict[str, object] = {
        "channel": "C0ACME", "channel_type": "channel", "ts": ts, "thread_ts": thread, "user": THEIRS[by],
        "workspace": "T0ACME", "text": text, "files": [], "mentions_bot": mentions, "ask": "", "rest": text,
    }  # fmt: skip
    office.desk.accept(Delivery(f"message:C0ACME:{ts}:", "message", body), now=office.now)
    office.passes(seconds=1)
    return ts


def begun(office: Office, text: str = "The export fails") -> tuple[str, str]:
    """Let a customer begin a ticket by a mention; gives its id and its thread."""
    ts = writes(office, text, mentions=True)
    return "T-1", ts


def remarks(office: Office, ticket: str) -> list[Remark]:
    with office.db.reading() as session:
        return conversation.of_ticket(session, office.ticket(ticket).number_known)


def standing(office: Office, ticket: str) -> dict[tuple[str, int], tuple[str, datetime]]:
    """Every clock of a ticket by metric and number: how it stands, and when it began."""
    with office.db.reading() as session:
        found = clocks.measured(Work(office.desk, session), office.ticket(ticket), now=office.now)
    return {(each.metric, each.nth): (each.state.value, each.started_at) for each in found}


def offered(office: Office, ticket: str) -> list[str]:
    view = office.does("bo", split.split_form, ticket=ticket).view or {}
    inputs = [each for each in view["blocks"] if each.get("block_id") == "messages"]
    return [each["value"] for each in inputs[0]["element"]["options"]] if inputs else []


@pytest.mark.req("IN-2")
def test_what_is_chosen_becomes_a_ticket_that_began_when_it_was_written(office: Office) -> None:
    ticket, thread = begun(office)
    office.passes(minutes=20)
    other_at = office.now
    other = writes(office, "Also sev2: the import is empty", thread=thread)
    more = writes(office, "environment: production", thread=thread)
    stays = writes(office, "The export is still broken", thread=thread, by="cy")
    office.passes(minutes=30)
    assert offered(office, ticket) == [other, more, stays]

    answer = office.does("bo", split.split, ticket=ticket, messages=f"{more},{other}", summary="Imports are empty")

    assert (answer.ticket, answer.text) == ("T-2", "2 messages of T-1 became T-2.")
    new = office.ticket("T-2")
    assert new.opened_at == other_at
    assert standing(office, "T-2")["first_response", 1] == ("running", other_at)
    assert (new.summary, new.requester_slack, new.details["environment"]) == (
        "Imports are empty",
        "U0DEE",
        "production",
    )
    assert [each.ts for each in remarks(office, "T-2")] == [other, more]
    assert [each.ts for each in remarks(office, ticket)] == [thread, stays]
    assert [each.partition(":")[0] for each in office.said(kind=Kind.RECEIPT)] == ["T-1", "T-2"]
    assert office.is_sound()


@pytest.mark.req("IN-2")
@pytest.mark.parametrize(
    ("language", "says", "came"),
    [
        (None, "Parts of this are T-2 and T-3 now.", "It was part of T-1 before."),
        ("de", "Teile davon sind jetzt T-2 und T-3.", "Es gehörte vorher zu T-1."),
    ],
    ids=["English", "German"],
)
def test_the_receipts_of_both_threads_say_where_the_other_parts_went_and_came_from(
    office: Office, language: str | None, says: str, came: str
) -> None:
    with office.db.transaction() as session:
        session.get_one(Customer, "acme").language = language
    ticket, thread = begun(office)
    office.passes(minutes=20)
    first, second = (writes(office, words, thread=thread) for words in ("The import is empty", "Our logo is wrong"))
    for message in (first, second):
        posted = office.said()
        office.does("bo", split.split, ticket=ticket, messages=message, summary="Another one")
        there = [each for each in office.said(to="C0ACME") if each not in posted]
        assert not any(each.startswith("T-1:") for each in there), "an edit says it, no message"
    assert [came in each for each in office.said(kind=Kind.RECEIPT)] == [False, True, True]
    assert office.ticket(ticket).split_into == ["T-2", "T-3"]
    with office.db.reading() as session:
        written = session.exec(select(OutboxRow).where(col(OutboxRow.card) == "receipt:1").order_by(col(OutboxRow.seq)))
        assert says in [*written][-1].payload["text"]


@pytest.mark.req("IN-2")
def test_a_reply_that_is_owed_only_to_what_left_is_owed_there(answering: Office) -> None:
    office = answering
    ticket, thread = begun(office, "sev2: The export fails")
    office.does("bo", working.reply, ticket=ticket, text="We look at it.")
    office.passes(minutes=5)
    other = writes(office, "The import is empty, too", thread=thread)
    assert standing(office, ticket)["next_response", 1][0] == "running"

    office.does("bo", split.split, ticket=ticket, messages=other, summary="Imports are empty")

    assert standing(office, ticket)["next_response", 1][0] == "cancelled"
    assert standing(office, "T-2")["first_response", 1][0] == "running"
    assert office.is_sound()


def test_a_reply_that_is_owed_to_what_stays_runs_on(answering: Office) -> None:
    office = answering
    ticket, thread = begun(office, "sev2: The export fails")
    office.does("bo", working.reply, ticket=ticket, text="We look at it.")
    office.passes(minutes=5)
    stays = writes(office, "Which version is it?", thread=thread)
    other = writes(office, "The import is empty, too", thread=thread)
    before = standing(office, ticket)["next_response", 1]

    office.does("bo", split.split, ticket=ticket, messages=other, summary="Imports are empty")

    assert standing(office, ticket)["next_response", 1] == before
    assert stays in [each.ts for each in remarks(office, ticket)]


def test_a_split_that_makes_no_sense_is_refused_in_one_sentence(office: Office) -> None:
    ticket, thread = begun(office)
    other = writes(office, "The import is empty, too", thread=thread)
    office.does("bo", split.split, ticket=ticket, messages=other, summary="Imports are empty")

    refused = {"": "at least one", other: "belongs to T-2 already", thread: "that it began with", "1.0": "not there"}
    for messages, sentence in refused.items():
        with pytest.raises(BadInput, match=sentence):
            office.does("bo", split.split, ticket=ticket, messages=messages, summary="Again")
    with pytest.raises(BadInput, match="that it began with"):
        office.does("bo", split.split, ticket="T-2", messages=other, summary="Again")
    with pytest.raises(MissingWords):
        office.does("bo", split.split, ticket=ticket, messages=other, summary=" ")
    with pytest.raises(NotAllowed):
        office.does("cy", split.split, ticket=ticket, messages=other, summary="Mine")
    office.does("bo", triage.decline, ticket=ticket, reason="A test")
    with pytest.raises(Over):
        office.does("bo", split.split, ticket=ticket, messages=other, summary="Again")
    with pytest.raises(Over):
        office.does("bo", split.split_form, ticket=ticket)
    assert len(office.said(kind=Kind.RECEIPT)) == 2


def test_what_was_written_on_a_ticket_of_the_form_can_all_leave_it_and_ours_never(office: Office) -> None:
    ticket = office.opens("sev3 Search is slow")
    thread = f"{office.now.timestamp():.6f}"
    with office.db.transaction() as session:
        conversation.add(
            session, ticket_number=1, channel="C0ACME", ts=thread, visibility="customer", author="person:dee",
            author_name="Dee Park", text="Something else", at=office.now,
        )  # fmt: skip
    office.does("bo", working.reply, ticket=ticket, text="Which search?")

    assert offered(office, ticket) == [thread]
    office.does("bo", split.split, ticket=ticket, messages=thread, summary="Something else")

    assert offered(office, ticket) == []
    assert "submit" not in (office.does("bo", split.split_form, ticket=ticket).view or {})


def test_more_messages_than_boxes_are_a_list(office: Office) -> None:
    ticket, thread = begun(office)
    written = [writes(office, f"And another thing, number {nth}", thread=thread) for nth in range(12)]

    assert offered(office, ticket) == written


@pytest.mark.req("LC-6")
def test_a_summary_that_names_another_customer_is_asked_about_twice(office: Office) -> None:
    ticket, thread = begun(office)
    other = writes(office, "The import is empty, too", thread=thread)

    with pytest.raises(HeldBack):
        office.does("bo", split.split, ticket=ticket, messages=other, summary="The same as at Globex")

    assert len(office.said(kind=Kind.RECEIPT)) == 1


def test_a_burst_taken_together_is_mended_with_the_thread_of_its_own_message(office: Office) -> None:
    ticket, _ = begun(office)
    office.passes(minutes=1)
    second = writes(office, "The import is empty")
    assert [each.at_root for each in remarks(office, ticket)] == [True, True]

    office.does("bo", split.split, ticket=ticket, messages=second, summary="Imports are empty")
    office.passes(minutes=1)
    below = writes(office, "Since the update", thread=second)

    assert office.ticket("T-2").thread_ts == second
    assert below in [each.ts for each in remarks(office, "T-2")]
    assert office.ticket("T-2").opened_at + timedelta(minutes=1) < office.now


def test_a_ticket_that_goes_on_from_another_says_from_which_in_its_room(office: Office) -> None:
    ticket, thread = begun(office)
    ts = writes(office, "The login fails too", thread=thread)
    new = office.does("bo", split.split, ticket=ticket, messages=ts, summary="The login fails").ticket
    assert f"{new}: Bo Berg split it off from {ticket}." in office.said(to="C0TRIAGE")

    office.does("bo", triage.decline, ticket=ticket, reason="It is meant so")
    writes(office, "It fails again", thread=thread)
    assert f"T-3: Dee Park wrote it in the thread of {ticket}, which is over." in office.said(to="C0TRIAGE")
    assert office.is_sound()
