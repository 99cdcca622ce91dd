"""A message becomes a ticket by the menu beside it, with its words, its files and its thread."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from sqlmodel import select

from bot.store.tables import Remark
from tests.slack.conftest import Slack
from tests.slack.test_events import written

ROOT, REPLY = "1767600301.000100", "1767600302.000100"


def uses(slack: Slack, message: Mapping[str, Any], *, channel: str = "C0ACME") -> None:
    slack.deliver(
        {
            "type": "message_action", "callback_id": "open_ticket", "trigger_id": "t.1", "team": {"id": "T0WATCH"},
            "user": {"id": "U0ANA", "team_id": "T0WATCH"}, "channel": {"id": channel}, "message": message,
        }
    )  # fmt: skip


def shows(slack: Slack, *messages: Mapping[str, Any]) -> None:
    """What Slack has in the channel by the time the form is sent."""
    slack.api.replies["conversations.history"] = lambda _: {"ok": True, "messages": [messages[0]][: len(messages)]}
    slack.api.replies["conversations.replies"] = lambda _: {"ok": True, "messages": list(messages)}


@pytest.mark.req("IN-2")
def test_the_shortcut_keeps_the_messages_words_and_the_ticket_is_its_authors(slack: Slack) -> None:
    file = {"id": "F1", "name": "till.png", "permalink": "https://acme.slack.com/F1"}
    message = written("Cart &amp; till", files=[file])
    shows(slack, message)
    uses(slack, message)
    assert "Cart & till" in json.dumps(slack.opened())
    slack.submit({"summary": "The till", "severity": "sev1"})
    (ticket,) = slack.tickets()
    assert (ticket.requester_slack, ticket.thread_ts) == ("U0CY", ROOT)
    with slack.desk.db.reading() as session:
        (remark,) = session.exec(select(Remark))
    assert (remark.text, [each["name"] for each in remark.files]) == ("Cart & till", ["till.png"])


@pytest.mark.req("IN-2")
def test_what_follows_in_the_thread_of_a_reply_that_became_a_ticket_is_taken_into_it(slack: Slack) -> None:
    above, reply = written("Good morning", ts=ROOT), written("Exports are empty", ts=REPLY, thread_ts=ROOT)
    shows(slack, above, reply)
    uses(slack, reply)
    slack.submit({"summary": "Exports are empty", "severity": "sev3"})
    slack.event(written("Any news?", ts="1767600303.000100", thread_ts=ROOT))
    slack.work_off()
    (ticket,) = slack.tickets()
    assert ticket.thread_ts == ROOT
    with slack.desk.db.reading() as session:
        assert [each.text for each in session.exec(select(Remark))] == ["Exports are empty", "Any news?"]


def test_a_message_that_was_removed_while_the_form_was_open_is_no_thread_for_anything(slack: Slack) -> None:
    uses(slack, written("Exports are empty"))
    slack.submit({"summary": "Exports are empty", "severity": "sev3"})
    (ticket,) = slack.tickets()
    assert (ticket.channel, ticket.thread_ts) == ("C0ACME", None)


def test_the_ticket_of_a_message_that_no_customer_reads_is_the_chosen_customers_in_their_own_channel(
    slack: Slack,
) -> None:
    message = written("Acme says that exports are empty", who="U0BO", channel="C0TRIAGE", team="T0WATCH")
    shows(slack, message)
    uses(slack, message, channel="C0TRIAGE")
    slack.submit({"summary": "Exports are empty", "severity": "sev3", "customer": "acme"})
    (ticket,) = slack.tickets()
    assert (ticket.customer_id, ticket.channel, ticket.thread_ts) == ("acme", "C0ACME", None)
