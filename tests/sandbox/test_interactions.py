"""Does the workspace do with forms, closings and suggestions what the app answers?"""

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from bot.sandbox.server import Address, Server
from tests.sandbox.script import Script

Json = dict[str, Any]


class RawApp:
    """An app that speaks Socket Mode by hand: `answer(payload)` is what it acknowledges with."""

    def __init__(self, address: Address) -> None:
        self.heard: list[Json] = []
        self.answer: Callable[[Json], Json | None] = lambda _payload: None
        opened = WebClient(base_url=address.api_url).apps_connections_open(app_token=address.app_token)
        self._url = str(opened["url"])
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def _run(self) -> None:
        try:
            with connect(self._url) as self.socket:
                for frame in self.socket:
                    self._take(json.loads(frame))
        except ConnectionClosed:
            return

    def _take(self, envelope: Json) -> None:
        if envelope["type"] == "hello":
            self._ready.set()
            return
        self.heard.append(envelope["payload"])
        reply = {"envelope_id": envelope["envelope_id"], "payload": self.answer(envelope["payload"])}
        self.socket.send(json.dumps(reply))

    def close(self) -> None:
        self.socket.close()
        self._thread.join(5)


@pytest.fixture
def app(address: Address) -> Iterator[RawApp]:
    raw = RawApp(address)
    yield raw
    raw.close()


@pytest.fixture
def client(address: Address) -> WebClient:
    return WebClient(token=address.bot_token, base_url=address.api_url)


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def form(title: str, **more: Any) -> Json:
    block = {
        "type": "input",
        "block_id": "b",
        "optional": True,
        "label": words("Words"),
        "element": {"type": "plain_text_input", "action_id": "a"},
    }
    return {"type": "modal", "title": words(title), "submit": words("Send"), "blocks": [block], **more}


def opened(server: Server, client: WebClient, view: Json) -> str:
    return str(client.views_open(trigger_id=server.platform.views.new_trigger("U0ANA"), view=view)["view"]["id"])


@pytest.mark.parametrize(
    "case",
    [
        ({"response_action": "update", "view": form("Second")}, "Second"),
        ({"response_action": "push", "view": form("On top")}, "On top"),
        ({"response_action": "clear"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_a_form_that_was_sent_does_what_the_app_answers(
    app: RawApp, server: Server, client: WebClient, script: Script, case: tuple[Json | None, str | None]
) -> None:
    reply, then = case
    view_id = opened(server, client, form("First"))
    app.answer = lambda _payload: reply
    done = script.act("ana", submit={"Words": "hello"})
    assert done["view"] == then
    sent = app.heard[-1]
    assert sent["type"] == "view_submission"
    assert sent["view"]["id"] == view_id
    assert sent["view"]["state"]["values"] == {"b": {"a": {"type": "plain_text_input", "value": "hello"}}}
    assert sent["user"]["team_id"] == sent["team"]["id"] == "T0WATCH"


def test_an_answer_that_slack_would_refuse_is_refused(
    app: RawApp, server: Server, client: WebClient, script: Script
) -> None:
    opened(server, client, form("First"))
    app.answer = lambda _payload: {"response_action": "errors", "errors": {"nowhere": "no"}}
    assert "blocks that the form does not have" in script.act("ana", submit={})["error"]
    app.answer = lambda _payload: {"response_action": "update", "view": form("x" * 30)}
    assert "Slack refuses" in script.act("ana", submit={})["error"]
    assert "has no field 'Sound'" in script.act("ana", submit={"Sound": "x"})["error"]


def test_the_app_hears_of_a_closed_form_only_where_it_asked_to(
    app: RawApp, server: Server, client: WebClient, script: Script
) -> None:
    opened(server, client, form("Quiet"))
    assert script.act("ana", close=True)["view"] is None
    assert app.heard == []
    opened(server, client, form("Loud", notify_on_close=True))
    script.act("ana", close=True)
    assert [payload["type"] for payload in app.heard] == ["view_closed"]
    assert "has no form open" in script.act("ana", close=True)["error"]


def test_an_external_select_is_offered_what_the_app_answers(app: RawApp, client: WebClient, script: Script) -> None:
    select = {"type": "external_select", "action_id": "s", "placeholder": words("Ticket"), "min_query_length": 0}
    blocks = [{"type": "actions", "block_id": "row", "elements": [select]}]
    ts = client.chat_postMessage(channel="C0ACME", text="choose", blocks=blocks)["ts"]
    option = {"text": words("T-1"), "value": "1"}
    app.answer = lambda payload: {"options": [option]} if payload.get("type") == "block_suggestion" else None
    place = {"channel": "C0ACME", "ts": ts, "block_id": "row", "action_id": "s"}
    offered = script.ask("/page/options", {"as": "cy", "action": place | {"value": "T-"}})["options"]
    assert offered == [option]
    script.ask("/page/act", {"as": "cy", "action": place | {"selected_option": option}})
    clicked = app.heard[-1]
    assert clicked["actions"][0]["selected_option"] == option
    assert clicked["state"]["values"]["row"]["s"]["selected_option"] == option


def test_who_says_in_words_what_they_choose_gets_the_option_that_the_app_offers(
    app: RawApp, server: Server, client: WebClient, script: Script
) -> None:
    options = [{"text": words(f"T-{number}"), "value": str(number)} for number in (1, 2)]
    app.answer = lambda payload: {"options": options} if payload.get("type") == "block_suggestion" else None
    select = {"type": "external_select", "action_id": "s", "placeholder": words("Ticket"), "min_query_length": 0}
    client.chat_postMessage(channel="C0ACME", text="choose", blocks=[{"type": "actions", "elements": [select]}])
    script.act("cy", click="Ticket", value="T-2")
    assert app.heard[-1]["actions"][0]["selected_option"] == options[1]

    several = {**select, "type": "multi_external_select"}
    field = {"type": "input", "block_id": "b", "label": words("Which?"), "element": several}
    opened(server, client, {**form("Choose"), "submit": words("Send"), "blocks": [field]})
    assert "there is no option 'T-9'" in script.act("ana", submit={"Which?": ["T-9"]})["error"]
    assert script.act("ana", submit={"Which?": ["T-1", "T-2"]})["errors"] == {}
    assert app.heard[-1]["view"]["state"]["values"]["b"]["s"]["selected_options"] == options


def test_a_click_of_a_customer_says_which_workspace_they_come_from(
    app: RawApp, client: WebClient, script: Script
) -> None:
    menu = {"type": "overflow", "action_id": "more", "options": [{"text": words("Close it"), "value": "close"}]}
    section = {"type": "section", "block_id": "s", "text": words("T-1"), "accessory": menu}
    metadata = {"event_type": "watchbell_card", "event_payload": {"id": "1"}}
    client.chat_postMessage(channel="C0ACME", text="T-1", blocks=[section], metadata=metadata)
    script.act("dee", click="Close it")
    clicked = app.heard[-1]
    assert clicked["actions"][0]["selected_option"]["value"] == "close"
    assert (clicked["user"]["team_id"], clicked["team"]["id"]) == ("T0ACME", "T0WATCH")
    assert clicked["message"]["metadata"] == metadata
    assert clicked["container"]["is_ephemeral"] is False
    assert clicked["is_enterprise_install"] is False


def test_the_same_click_comes_twice_when_told_to(app: RawApp, client: WebClient, script: Script) -> None:
    button = {"type": "button", "action_id": "go", "text": words("Go")}
    blocks = [{"type": "actions", "block_id": "row", "elements": [button]}]
    client.chat_postMessage(channel="C0ACME", text="go", blocks=blocks)
    script.ask("/faults", {"kind": "duplicate"})
    heard = len(app.heard)
    script.act("cy", click="go")
    twice = [payload for payload in app.heard[heard:] if payload.get("type") == "block_actions"]
    assert len(twice) == 2
    assert twice[0]["actions"] == twice[1]["actions"]


def test_a_message_of_the_app_comes_back_to_it_as_slack_sends_it(
    app: RawApp, client: WebClient, script: Script
) -> None:
    client.chat_postMessage(channel="C0ACME", text="mine")
    script.act("cy", post="@Watchbell status", channel="#acme")
    kinds = [(p["event"]["type"], p["event"].get("bot_id")) for p in app.heard]
    assert kinds == [("message", "B0BELL"), ("message", None), ("app_mention", None)]
    assert app.heard[1]["event"]["channel_type"] == "channel"
    assert "channel_type" not in app.heard[2]["event"]


def test_edits_and_deletions_reach_the_app(app: RawApp, script: Script) -> None:
    ts = script.act("cy", post="teh", channel="#acme")["ts"]
    script.act("cy", edit="the", ts=ts, channel="#acme")
    script.act("cy", delete=ts, channel="#acme")
    edited, deleted = (payload["event"] for payload in app.heard[-2:])
    assert (edited["subtype"], edited["message"]["text"], edited["previous_message"]["text"]) == (
        "message_changed",
        "the",
        "teh",
    )
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)
    assert "did not write" in script.act("dee", edit="x", channel="#acme", ts=posted(script))["error"]


def test_a_thread_outlives_its_first_message_as_a_tombstone(app: RawApp, client: WebClient, script: Script) -> None:
    root = script.act("cy", post="it is down", channel="#acme")["ts"]
    client.chat_postMessage(channel="C0ACME", thread_ts=root, text="T-1")
    script.act("cy", delete=root, channel="#acme")
    gone = app.heard[-1]["event"]
    assert gone["subtype"] == "message_changed"
    assert gone["message"]["subtype"] == "tombstone"
    assert gone["message"]["ts"] == root
    assert gone["previous_message"]["text"] == "it is down"
    client.chat_postMessage(channel="C0ACME", thread_ts=root, text="still here")
    thread = client.conversations_replies(channel="C0ACME", ts=root)["messages"]
    assert [message["text"] for message in thread] == ["This message was deleted.", "T-1", "still here"]
    assert client.conversations_history(channel="C0ACME")["messages"][0]["subtype"] == "tombstone"
    assert "no message" in script.act("cy", react="eyes", ts=root, channel="#acme")["error"]


def test_a_reply_to_a_deleted_message_without_a_thread_lands_in_the_channel(client: WebClient, script: Script) -> None:
    root = script.act("cy", post="never mind", channel="#acme")["ts"]
    script.act("cy", delete=root, channel="#acme")
    sent = client.chat_postMessage(channel="C0ACME", thread_ts=root, text="T-1")
    assert "thread_ts" not in sent["message"]
    assert client.conversations_history(channel="C0ACME")["messages"][0]["text"] == "T-1"


def test_a_message_needs_words_or_a_file(script: Script) -> None:
    assert script.act("cy", post=" ", channel="#acme")["error"] == "a message needs words or a file"


def posted(script: Script) -> str:
    return str(script.act("cy", post="mine", channel="#acme")["ts"])
