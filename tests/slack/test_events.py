"""An event is kept before Slack hears that we have it, and takes effect once, however it reaches us."""

from datetime import timedelta
from typing import Any

import pytest

from bot.store.tables import Card
from tests.slack.conftest import Slack


def written(text: str, *, ts: str = "1767600301.000100", who: str = "U0CY", **further: Any) -> dict[str, Any]:
    return {
        "type": "message", "channel": "C0ACME", "channel_type": "channel", "user": who, "ts": ts, "text": text,
        "team": "T0ACME", "user_team": "T0ACME",
    } | further  # fmt: skip


def edited(message: dict[str, Any], text: str, *, at: str = "1767600310.000000") -> dict[str, Any]:
    changed = message | {"text": text, "edited": {"user": message["user"], "ts": at}}
    return {"type": "message", "subtype": "message_changed", "channel": message["channel"], "channel_type": "channel",
            "message": changed, "previous_message": message}  # fmt: skip


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


@pytest.mark.req("IN-2")
@pytest.mark.parametrize(
    "alert",
    [
        {"text": "Checkout is down", "bot_id": "B0ALERT", "subtype": "bot_message", "user": None},
        {"text": "", "bot_id": "B0ALERT", "user": "U0ALERT", "attachments": [{"fallback": "Checkout is down"}]},
    ],
    ids=["workflow", "alert"],
)
def test_a_reaction_makes_what_another_program_wrote_a_ticket_of_whoever_reacted(
    slack: Slack, alert: dict[str, Any]
) -> None:
    slack.api.replies["users.info"] = lambda said: {"ok": True, "user": {"id": said["user"], "team_id": "T0ACME"}}
    slack.api.replies["conversations.history"] = lambda _: {"ok": True, "messages": [{**written("x"), **alert}]}
    item = {"type": "message", "channel": "C0ACME", "ts": "1767600301.000100"}
    slack.event({"type": "reaction_added", "user": "U0DEE", "reaction": "ticket", "item": item, "event_ts": "1.1"})
    slack.work_off()

    (ticket,) = slack.tickets()
    assert (ticket.summary, ticket.requester_slack) == ("Checkout is down", "U0DEE")
    assert ticket.thread_ts == "1767600301.000100"


def test_a_reaction_to_what_the_desk_said_itself_opens_nothing(slack: Slack) -> None:
    slack.api.replies["users.info"] = lambda said: {"ok": True, "user": {"id": said["user"], "team_id": "T0ACME"}}
    ours = written("T-1: update", user="U0BELL", bot_id="B0BELL")
    slack.api.replies["conversations.history"] = lambda _: {"ok": True, "messages": [ours]}
    item = {"type": "message", "channel": "C0ACME", "ts": "1767600301.000100"}
    slack.event({"type": "reaction_added", "user": "U0DEE", "reaction": "ticket", "item": item, "event_ts": "1.1"})

    assert slack.inbox() == []


def test_each_message_of_a_thread_can_be_made_a_ticket_by_the_emoji(slack: Slack) -> None:
    thread = [written("Good morning"), *(written(f"Export {each} is empty", ts=f"1767600{each}.000100",
                                                 thread_ts="1767600301.000100") for each in (302, 303))]  # fmt: skip
    slack.api.replies["users.info"] = lambda said: {"ok": True, "user": {"id": said["user"], "team_id": "T0WATCH"}}
    slack.api.replies["conversations.replies"] = lambda said: {
        "ok": True, "messages": [each for each in thread if each["ts"] == said["ts"]],
    }  # fmt: skip
    for reply in thread[1:]:
        item = {"type": "message", "channel": "C0ACME", "ts": reply["ts"]}
        slack.event({"type": "reaction_added", "user": "U0ANA", "reaction": "ticket", "item": item,
                     "event_ts": reply["ts"]})  # fmt: skip
        slack.work_off()
    assert [(each.summary, each.thread_ts) for each in slack.tickets()] == [
        ("Export 302 is empty", "1767600301.000100"),
        ("Export 303 is empty", None),
    ]


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
    changed = edited(reply, "since eleven", at="1767600303.000000")
    slack.event(changed)
    slack.event(
        {"type": "message", "subtype": "message_deleted", "channel": "C0ACME", "channel_type": "channel",
         "deleted_ts": reply["ts"], "previous_message": changed["message"]}
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


def test_a_channel_that_gets_another_id_is_kept_once_and_rubbish_is_not(slack: Slack) -> None:
    move = {"type": "channel_id_changed", "old_channel_id": "C0ACME", "new_channel_id": "C9ACME"}
    for event in (move, move, {"type": "channel_id_changed"}, move | {"new_channel_id": "C0ACME"}):
        assert slack.event(event, event_id="Ev1" if event is move else None).status == 200
    slack.work_off()
    assert [row.kind for row in slack.inbox()] == ["moved"]
    slack.event(written("<@U0BELL> Checkout is down", channel="C9ACME"))
    slack.work_off()
    assert [each.channel for each in slack.tickets()] == ["C9ACME"]


def test_joining_a_channel_is_kept_for_the_bot_only(slack: Slack) -> None:
    for who in ("U0BELL", "U0DEE"):
        slack.event({"type": "member_joined_channel", "user": who, "channel": "C0NEW", "channel_type": "C"})
    slack.work_off()
    assert [row.kind for row in slack.inbox()] == ["joined"]


@pytest.mark.req("ES-4")
def test_whoever_mends_a_typo_in_what_they_asked_of_us_does_not_ask_twice(slack: Slack) -> None:
    slack.event(written("<@U0BELL> Checkout is down"))
    asked = written("<@U0BELL> escalate it gets wrose", ts="1767600302.000100", thread_ts="1767600301.000100")
    slack.event(asked)
    slack.work_off()
    slack.event(edited(asked, "<@U0BELL> escalate it gets worse"))
    slack.work_off()
    assert [each.level for each in slack.tickets()] == [1]
    assert len(slack.whispers(to="U0CY")) == 1


@pytest.mark.req("ES-4")
def test_what_was_refused_is_asked_for_anew_by_an_edit(slack: Slack) -> None:
    for each in (301, 302):
        slack.event(written(f"<@U0BELL> sev3 Export {each} is empty", ts=f"1767600{each}.000100"))
    asked = written("<@U0BELL> escalate", ts="1767600303.000100")
    slack.event(asked)
    slack.work_off()
    slack.event(edited(asked, "<@U0BELL> escalate T-2"))
    slack.work_off()
    assert [each.level for each in slack.tickets()] == [None, 1]
    refused, done = slack.whispers(to="U0CY")
    assert "T-1" in refused
    assert "T-2 is escalated" in done


def test_who_mentions_us_only_in_an_edit_has_asked_since_then(slack: Slack) -> None:
    remark = written("sev2 The export is empty", who="U0GIL", channel="C0GLOBEX", team="T0GLOBEX",
                     user_team="T0GLOBEX")  # fmt: skip
    slack.event(remark)
    slack.work_off()
    slack.clock.advance(timedelta(hours=5))
    at = f"{slack.clock.now().timestamp() - 120:.6f}"
    slack.event(edited(remark, "<@U0BELL> sev2 The export is empty", at=at))
    slack.work_off()
    (ticket,) = slack.tickets()
    assert ticket.opened_at == slack.clock.now() - timedelta(minutes=2)


@pytest.mark.req("IN-2")
def test_a_mention_with_nothing_but_a_file_is_a_ticket(slack: Slack) -> None:
    slack.event(written("<@U0BELL>", subtype="file_share", files=[{"id": "F1", "name": "screen.png"}]))
    slack.work_off()
    assert [each.requester_slack for each in slack.tickets()] == ["U0CY"]


def test_what_we_are_asked_below_the_card_is_done_and_no_note(slack: Slack) -> None:
    slack.command("/ticket sev3 The export is empty")
    with slack.desk.db.transaction() as session:
        session.add(Card(key="card:1", channel="C0TRIAGE", ts="1767600302.000100", ticket_number=1))
    asked = written("<@U0BELL> escalate nobody answers", ts="1767600303.000100", who="U0ANA", channel="C0TRIAGE",
                    thread_ts="1767600302.000100", team="T0WATCH", user_team="T0WATCH")  # fmt: skip
    slack.event(asked)
    slack.work_off()
    assert [each.level for each in slack.tickets()] == [1]
    assert len(slack.whispers(to="U0ANA")) == 1
