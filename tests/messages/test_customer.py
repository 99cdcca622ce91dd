from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.message import CustomerMessage, Kind
from bot.domain.ticket import State
from bot.messages import customer
from bot.messages.samples import HELD, HOUR, NOW, OVER, RESOLVED, THEIRS, WRITTEN
from bot.messages.view import Contact, Progress, Question, Step, StepKind, Weblink
from tests.messages.reading import CATALOG, buttons, labels, seen


@pytest.mark.req("IN-4")
def test_the_receipt_says_number_understanding_severity_and_what_comes_next() -> None:
    message = customer.receipt(
        CATALOG, ticket=THEIRS, calling=True, next_at=NOW + HOUR, missing=("Logs",),
        links=(Weblink("Status page", "https://status.example"),), end_users_note="End users ask their help desk.",
        account_manager=Contact("technical account manager", "Mei Tan"), now=NOW,
    )  # fmt: skip

    assert message.kind is Kind.RECEIPT
    assert message.text == (
        "T-1042: we have your ticket. Sev 1 (Critical): Checkout is down. We are calling our on-call engineers now. "
        "Next update 11:00 EST. Still needed: Logs."
    )
    for fact in ("*T-1042* · Sev 1 (Critical)", "We understood: Checkout is down", "Next update here: 11:00 EST",
                 "<https://status.example|Status page>", "End users ask their help desk.", "Mei Tan"):  # fmt: skip
        assert fact in seen(message)
    assert labels(message) == ["Add details", "Escalate"]
    assert buttons(message) == {"customer_details": "T-1042", "customer_escalate": "T-1042"}


@pytest.mark.req("SL-8")
def test_a_commitment_is_shown_only_where_it_is_given() -> None:
    promised = customer.receipt(CATALOG, ticket=THEIRS, commitment="within 1 hour", now=NOW)
    silent = customer.receipt(CATALOG, ticket=THEIRS, now=NOW)

    assert "First response: within 1 hour." in promised.text
    assert "First response: within 1 hour." in seen(promised)
    assert "First response" not in silent.text + seen(silent)


def test_the_receipt_follows_the_ticket() -> None:
    held = customer.receipt(CATALOG, ticket=HELD, now=NOW)
    over = customer.receipt(CATALOG, ticket=OVER, now=NOW)

    assert "Ana Lima is on it." in seen(held)
    assert labels(held) == ["Escalate"]
    assert over.text.endswith("It is closed.")
    assert labels(over) == []


def test_the_receipt_of_a_ticket_that_waits_for_the_customer_promises_no_word_of_ours() -> None:
    waits = customer.receipt(CATALOG, ticket=replace(HELD, state=State.WAITING), now=NOW)

    assert "We wait for your answer: write it in this thread." in seen(waits)
    assert "as soon as an engineer answers" not in seen(waits)


@pytest.mark.req("IN-3")
def test_everything_missing_is_asked_for_in_one_message() -> None:
    asked = (Question("Logs", "Which lines do you see?"), Question("Impact", "Whom does it hurt?"))

    message = customer.question(CATALOG, ticket=THEIRS, questions=asked, now=NOW)
    done = customer.question(CATALOG, ticket=THEIRS, questions=(), now=NOW)

    assert "2 things would help us: Which lines do you see? Whom does it hurt?" in message.text
    assert "• *Logs*: Which lines do you see?" in seen(message)
    assert labels(message) == ["Add details"]
    assert done.text == "T-1042: thank you, we have all the details that we asked for."
    assert labels(done) == []


@pytest.mark.req("UP-3")
def test_a_written_update_says_known_done_next_eta_workaround_and_when_the_next_comes() -> None:
    message = customer.update(CATALOG, ticket=HELD, progress=WRITTEN, now=NOW)

    assert message.text == (
        "T-1042 update 3, 10:00 EST: Checkout is down. Known: The disk is full. Done: Moved logs. Next: Add space. "
        "Expected solved: 18:00 EST. Workaround: Pay by phone. Next update 11:00 EST."
    )
    for fact in ("*Known:* The disk is full", "*Done:* Moved logs", "*Next:* Add space", "*Expected solved:* 18:00 EST",
                 "*Workaround:* Pay by phone", "Next update 11:00 EST. Written by Ana Lima."):  # fmt: skip
        assert fact in seen(message)


@pytest.mark.req("UP-1")
def test_an_update_that_nobody_wrote_says_what_is_true() -> None:
    steps = (Step(StepKind.ESCALATED, NOW - HOUR / 2, what="Technical"),)
    progress = Progress(nth=1, due_at=NOW, paging_since=NOW - HOUR, steps=steps, last_at=NOW - HOUR, next_at=NOW + HOUR)

    unanswered = customer.update(CATALOG, ticket=THEIRS, progress=progress, now=NOW)
    held = customer.update(CATALOG, ticket=HELD, progress=Progress(nth=1, due_at=NOW, last_at=NOW - HOUR), now=NOW)

    assert "calling our on-call engineers since 09:00 EST; nobody has taken it yet" in unanswered.text
    assert "Since the last update: 09:30 EST escalated to Technical." in unanswered.text
    assert "It is still open, and Ana Lima has it. There is nothing new to report since 09:00 EST." in held.text


def test_a_late_update_says_how_late_and_how_many_were_missed() -> None:
    progress = Progress(nth=4, due_at=NOW - 2 * HOUR, late_for=2 * HOUR, missed=2)

    message = customer.update(CATALOG, ticket=HELD, progress=progress, now=NOW)

    expected = "This update is 2 hours late; it was due 08:00 EST. 2 updates before it were missed."
    assert expected in message.text
    assert expected in seen(message)


def test_an_update_of_a_resolved_ticket_asks_for_the_answer() -> None:
    progress = Progress(nth=4, due_at=NOW, resolved_at=NOW - HOUR, closes_at=NOW + 23 * HOUR)

    message = customer.update(CATALOG, ticket=RESOLVED, progress=progress, now=NOW)

    assert "We think that it is solved, since 09:00 EST" in message.text
    assert "Without an answer it closes Tue 09:00 EST." in message.text
    assert "still open" not in message.text


@pytest.mark.req("ES-4")
def test_an_escalation_says_who_handles_it_at_which_level_and_when_the_next_word_comes() -> None:
    message = customer.escalated(
        CATALOG, ticket=HELD, level=2, level_name="Technical", asked_by="Cy Young", next_at=NOW + HOUR, now=NOW
    )
    calling = customer.escalated(CATALOG, ticket=THEIRS, level=2, level_name="Technical", calling=True, now=NOW)

    assert message.text == (
        "T-1042 is escalated to Technical (level 2), as Cy Young asked. Ana Lima handles it now. "
        "You hear from us next 11:00 EST."
    )
    assert "We are calling that team now." in calling.text


@pytest.mark.req("LC-2")
def test_the_resolution_says_cause_workaround_prevention_and_what_silence_does() -> None:
    message = customer.resolution(
        CATALOG, ticket=RESOLVED, root_cause="A full disk", workaround="", prevention="An alert", by="Ana Lima",
        closes_at=NOW + timedelta(days=1), now=NOW,
    )  # fmt: skip

    assert message.text == (
        "T-1042 is solved, reports Ana Lima: Checkout is down. Root cause: A full disk. Workaround: none. "
        "Prevention: An alert. Please try it: press It works, or Still broken and say what you see. "
        "Without an answer it closes Tue 10:00 EST."
    )
    assert labels(message) == ["It works", "Still broken"]
    assert buttons(message) == {"customer_confirm": "T-1042", "customer_reopen": "T-1042"}


@pytest.mark.req("LC-3")
def test_the_resolution_has_no_buttons_once_it_was_answered() -> None:
    for ticket in (HELD, OVER):
        message = customer.resolution(
            CATALOG, ticket=ticket, root_cause="a", workaround="b", prevention="c", by="Ana Lima", now=NOW
        )
        assert labels(message) == []
        assert f"it is {ticket.stands} now." in message.text.casefold()
        assert ("It was opened again after this" in message.text) is (ticket is HELD)


def test_closing_says_why_and_what_to_do_if_it_comes_back() -> None:
    confirmed = customer.closing(CATALOG, ticket=OVER, how="confirmed", by="Cy Young", now=NOW)
    silent = customer.closing(CATALOG, ticket=OVER, how="silence", now=NOW)

    assert confirmed.text == (
        "T-1042 is closed: Cy Young confirmed that it works. If it comes back, write here and we open a new ticket."
    )
    assert "nobody answered the resolution in time" in silent.text


def test_reopening_says_who_has_it_again() -> None:
    message = customer.reopened(CATALOG, ticket=HELD, by="Dee Park", next_at=NOW + HOUR, now=NOW)

    assert message.text == (
        "T-1042 is open again, Dee Park says that it is still broken. Please write here what you see now. "
        "Ana Lima has it. Next update 11:00 EST."
    )


@pytest.mark.req("LC-6")
def test_a_reply_bears_its_author_and_follows_edits_and_deletions() -> None:
    files = (Weblink("graph.png", "https://files.example/g"),)
    told = customer.reply(CATALOG, ticket=HELD, author="Ana Lima", text="One\ntwo", files=files, edited=True, now=NOW)
    gone = customer.reply(CATALOG, ticket=HELD, author="Ana Lima", text="secret", deleted=True, now=NOW)

    assert "*Ana Lima* · T-1042 · edited" in seen(told)
    assert "One\ntwo\n<https://files.example/g|graph.png>" in seen(told)
    assert "secret" not in gone.text + seen(gone)


def test_waiting_is_said_from_the_customers_side() -> None:
    ticket = replace(HELD, state=State.WAITING)

    message = customer.update(CATALOG, ticket=ticket, progress=Progress(nth=1, due_at=NOW, waiting_for="logs"), now=NOW)

    assert "We are waiting for you: logs." in message.text
    assert "waiting for you" in seen(message)


def test_a_refusal_shows_what_it_quotes_literally() -> None:
    message = customer.refused(CATALOG, sentence="I do not know “<!here>”.", zone="UTC", now=NOW)

    assert isinstance(message, CustomerMessage)
    assert message.text == "I do not know “&lt;!here&gt;”."
