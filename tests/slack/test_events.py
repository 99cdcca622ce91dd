"""An event is kept before Slack hears that we have it, and takes effect once, however it reaches us."""

from typing import Any

import pytest

from tests.slack.conftest import Slack


def written(text: str, *, ts: str = "1767600301.000100", who: str = "U0CY", **further: Any) -> dict[str, Any]:
    return {
        "type": "message", "channel": "C0ACME", "channel_type": "channel", "user": who, "ts": ts, "text": text,
        "team": "T0ACME", "user_team": "T0ACME",
    } | further  # fmt: skip


@pytest.mark.req("IN-2")
def test_a_mention_opens_a_ticket_in_the_name_of_whoever_wrote_it(slack: Slack) -> None:
    assert slack.event(written("<@U0BELL> sev1 Checkout is down", type="app_mention")).status == 200
    assert [row.state for row in slack.inbox()] == ["pending"]
    slack.work_off()
    (ticket,) = slack.tickets()
    assert (ticket.requester_slack, ticket.severity, ticket.summary) == ("U0CY", "sev1", "Checkout is down")


@pytest.mark.req("IN-2")
def test_the_same_message_as_mention_as_message_and_repeated_is_one_ticket(slack: Slack) -> None:
    mention = written("<@U0BELL> Checkout is down")
    slack.event(mention, event_id="Ev1")
    slack.event(mention | {"type": "app_mention"}, event_id="Ev2")
    slack.event(mention, event_id="Ev1")
    slack.work_off()
    assert len(slack.tickets()) == 1
    assert len(slack.inbox()) == 1


@pytest.mark.req("IN-2")
def test_a_reaction_makes_a_message_a_ticket_of_its_author(slack: Slack) -> None:
    slack.api.replies["users.info"] = lambda said: {"ok": True, "user": {"id": said["user"], "team_id": "T0ACME"}}
    slack.api.replies["conversations.history"] = lambda _: {"ok": True, "messages": [written("Checkout is down")]}
    reaction = {
        "type": "reaction_added", "user": "U0DEE", "reaction": "ticket", "event_ts": "1767600400.000100",
        "item": {"type": "message", "channel": "C0ACME", "ts": "1767600301.000100"},
    }  # fmt: skip
    slack.event(reaction)
    slack.event(reaction)
    slack.work_off()
    (ticket,) = slack.tickets()
    assert (ticket.requester_slack, ticket.thread_ts) == ("U0CY", "1767600301.000100")


def test_another_reaction_asks_slack_for_nothing(slack: Slack) -> None:
    item = {"type": "message", "channel": "C0ACME", "ts": "1767600301.000100"}
    slack.event({"type": "reaction_added", "user": "U0DEE", "reaction": "tada", "item": item})
    assert slack.api.calls == []
    assert slack.inbox() == []


@pytest.mark.req("IN-2")
def test_a_reply_in_the_thread_belongs_to_the_ticket_and_its_edit_and_removal_are_followed(slack: Slack) -> None:
    slack.event(written("<@U0BELL> Checkout is down"))
    reply = written("since ten", ts="1767600302.000100", thread_ts="1767600301.000100")
    slack.event(reply)
    slack.work_off()
    changed = reply | {"text": "since eleven", "edited": {"user": "U0CY", "ts": "1767600303.000000"}}
    slack.event(
        {"type": "message", "subtype": "message_changed", "channel": "C0ACME", "channel_type": "channel",
         "message": changed, "previous_message": reply}
    )  # fmt: skip
    slack.event(
        {"type": "message", "subtype": "message_deleted", "channel": "C0ACME", "channel_type": "channel",
         "deleted_ts": reply["ts"], "previous_message": changed}
    )  # fmt: skip
    slack.work_off()
    shown = slack.command("/ticket show T-1")
    assert "T-1" in shown
    assert [row.kind for row in slack.inbox() if row.state == "done"].count("edit") == 1


def test_what_bots_and_slack_itself_write_is_acknowledged_and_left(slack: Slack) -> None:
    for event in (
        written("T-1: hello", bot_id="B0BELL"),
        written("beep", bot_id="B0OTHER", subtype="bot_message"),
        written("joined", subtype="channel_join"),
        written("hidden", hidden=True),
        {"type": "message", "subtype": "message_changed", "channel": "C0ACME",
         "message": written("preview added"), "previous_message": written("preview added")},
        {"type": "team_join", "user": {"id": "U1"}},
        {"type": "something_new"},
    ):  # fmt: skip
        assert slack.event(event).status == 200
    assert slack.inbox() == []


def test_an_event_that_cannot_be_kept_is_not_acknowledged(slack: Slack) -> None:
    def broken(_: dict[str, Any]) -> dict[str, Any]:
        return {"ok": False, "error": "internal_error"}

    slack.api.replies["users.info"] = broken
    item = {"type": "message", "channel": "C0ACME", "ts": "1767600301.000100"}
    response = slack.event({"type": "reaction_added", "user": "U0DEE", "reaction": "ticket", "item": item})
    assert response.status == 500
    slack.expected_errors += [each.getMessage() for each in slack.errors()]


def test_joining_a_channel_is_kept_for_the_bot_only(slack: Slack) -> None:
    for who in ("U0BELL", "U0DEE"):
        slack.event({"type": "member_joined_channel", "user": who, "channel": "C0NEW", "channel_type": "C"})
    slack.work_off()
    assert [row.kind for row in slack.inbox()] == ["joined"]
