"""Does the local workspace refuse what Slack refuses, and say where?"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import views
from bot.sandbox.server import Server
from tests.sandbox.conftest import MONDAY
from tests.sandbox.script import Script

Block = dict[str, Any]


@pytest.fixture(scope="module")
def town() -> Iterator[Server]:
    with_manifest = {
        "features": {
            "slash_commands": [{"command": "/ticket"}],
            "shortcuts": [{"name": "Keep", "callback_id": "keep"}],
        },
        "oauth_config": {"scopes": {"bot": ["chat:write", "channels:history", "channels:read"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.channels"]}},
    }
    server = Server(start_at=MONDAY, manifest=with_manifest)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def script(town: Server) -> Script:
    return Script(town.platform.url)


@pytest.fixture
def client(town: Server) -> WebClient:
    return WebClient(token="xoxb-watchbell-local", base_url=town.platform.url + "/api/")


def refusal(client: WebClient, method: str, **arguments: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as refused:
        client.api_call(method, json=arguments)
    body = refused.value.response.data
    assert isinstance(body, dict)
    return body


def text(words: str, kind: str = "mrkdwn") -> Block:
    return {"type": kind, "text": words}


def button(words: str = "Go", **more: Any) -> Block:
    return {"type": "button", "text": text(words, "plain_text"), **more}


def select(count: int) -> Block:
    options = [{"text": text("o", "plain_text"), "value": str(number)} for number in range(count)]
    return {"type": "static_select", "placeholder": text("Choose", "plain_text"), "options": options}


@pytest.mark.parametrize(
    ("blocks", "place"),
    [
        ([{"type": "section", "text": text("x" * 3001)}], "/blocks/0/text/text"),
        ([{"type": "section", "text": text("")}], "/blocks/0/text/text"),
        ([{"type": "section"}], "/blocks/0"),
        ([{"type": "section", "fields": [text("x" * 2001)]}], "/blocks/0/fields/0/text"),
        ([{"type": "section", "fields": [text("x")] * 11}], "/blocks/0/fields"),
        ([{"type": "header", "text": text("x" * 151, "plain_text")}], "/blocks/0/text/text"),
        ([{"type": "header", "text": text("x")}], "/blocks/0/text/type"),
        ([{"type": "divider"}] * 51, "/blocks"),
        ([{"type": "context", "elements": [text("x")] * 11}], "/blocks/0/elements"),
        ([{"type": "actions", "elements": [button()] * 26}], "/blocks/0/elements"),
        ([{"type": "actions", "elements": []}], "/blocks/0/elements"),
        ([{"type": "actions", "elements": [button("x" * 76)]}], "/blocks/0/elements/0/text/text"),
        ([{"type": "actions", "elements": [button(value="x" * 2001)]}], "/blocks/0/elements/0/value"),
        ([{"type": "actions", "elements": [button(style="loud")]}], "/blocks/0/elements/0/style"),
        ([{"type": "actions", "elements": [button(colour="red")]}], "/blocks/0/elements/0"),
        ([{"type": "actions", "elements": [button(action_id="a")] * 2}], "/blocks/0/elements/1/action_id"),
        ([{"type": "actions", "elements": [{"type": "plain_text_input"}]}], "/blocks/0/elements/0/type"),
        ([{"type": "section", "text": text("x"), "accessory": select(101)}], "/blocks/0/accessory/options"),
        ([{"type": "section", "text": text("x"), "accessory": select(0)}], "/blocks/0/accessory/options"),
        ([{"type": "divider", "block_id": "b"}, {"type": "divider", "block_id": "b"}], "/blocks/1/block_id"),
        ([{"type": "jumbotron"}], "/blocks/0/type"),
        ([{"type": "image", "image_url": "https://example.com/a.png"}], "/blocks/0"),
        (["no"], "/blocks/0"),
    ],
)
def test_blocks_are_refused_with_the_place_named(client: WebClient, blocks: list[Block], place: str) -> None:
    refused = refusal(client, "chat.postMessage", channel="C0ACME", text="t", blocks=blocks)
    assert refused["error"] == "invalid_blocks"
    assert f"[json-pointer:{place}]" in "\n".join(refused["response_metadata"]["messages"])


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.postMessage", {"channel": "C0NONE", "text": "t"}, "channel_not_found"),
        ("chat.postMessage", {"text": "t"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0GENERAL", "text": "t"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "C0ACME", "text": ""}, "no_text"),
        ("chat.postMessage", {"channel": "C0ACME", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "C0ACME", "text": "t", "blocks": "[{"}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": "C0ACME", "text": "t", "blocks": {"a": 1}}, "invalid_blocks_format"),
        (
            "chat.postMessage",
            {"channel": "C0ACME", "text": "t", "metadata": {}},
            "invalid_metadata_format",
        ),
        ("chat.postMessage", {"channel": "C0ACME", "text": "t", "thread_ts": "1.1"}, "thread_not_found"),
        ("chat.postMessage", {"channel": "C0ACME", "text": "t", "username": "Me"}, "missing_scope"),
        ("chat.update", {"channel": "C0ACME", "ts": "1.1", "text": "t"}, "message_not_found"),
        ("chat.delete", {"channel": "C0ACME", "ts": "1.1"}, "message_not_found"),
        ("chat.postEphemeral", {"channel": "C0ACME", "user": "U0UNA", "text": "t"}, "user_not_in_channel"),
        ("chat.postEphemeral", {"channel": "C0ACME", "user": "U0NONE", "text": "t"}, "user_not_found"),
        ("conversations.history", {"channel": "C0ACME", "limit": 5000}, "invalid_limit"),
        ("conversations.history", {"channel": "C0ACME", "cursor": "x"}, "invalid_cursor"),
        ("conversations.history", {"channel": "C0ACME", "oldest": "x"}, "invalid_ts_oldest"),
        ("conversations.replies", {"channel": "C0ACME", "ts": "1.1"}, "thread_not_found"),
        ("conversations.open", {"users": "U0ANA"}, "missing_scope"),
        ("users.info", {"user": "U0ANA"}, "missing_scope"),
        ("reactions.add", {"channel": "C0ACME", "timestamp": "1.1", "name": "eyes"}, "missing_scope"),
        ("views.open", {"trigger_id": "1.2.x", "view": {}}, "invalid_trigger_id"),
        ("views.update", {"view_id": "V1", "view": {}}, "not_found"),
        ("chat.sing", {}, "unknown_method"),
        ("apps.connections.open", {}, "not_allowed_token_type"),
    ],
)
def test_a_call_is_refused_by_slacks_own_code(
    client: WebClient, method: str, arguments: dict[str, Any], error: str
) -> None:
    assert refusal(client, method, **arguments)["error"] == error


def test_what_was_refused_can_be_read_later(client: WebClient, script: Script) -> None:
    refusal(client, "chat.postMessage", channel="C0ACME", text="T-1", blocks=[{"type": "headline"}])

    last = script.ask("/app")["refused"][-1]

    assert (last["method"], last["error"], last["at"]) == ("chat.postMessage", "invalid_blocks", MONDAY.isoformat())
    assert last["errors"] == ["unsupported type: headline [json-pointer:/blocks/0/type]"]


def test_a_missing_scope_names_the_one_that_is_needed(client: WebClient) -> None:
    refused = refusal(client, "users.info", user="U0ANA")
    assert refused["needed"] == "users:read"
    assert refused["provided"] == "channels:history,channels:read,chat:write"


def test_a_wrong_token_and_none_are_told_apart(town: Server) -> None:
    url = town.platform.url + "/api/"
    assert refusal(WebClient(token="xoxb-other", base_url=url), "auth.test")["error"] == "invalid_auth"
    assert refusal(WebClient(token="", base_url=url), "auth.test")["error"] == "not_authed"


def test_only_own_messages_can_be_changed(client: WebClient, script: Script) -> None:
    ts = script.act("cy", post="mine", channel="#acme")["ts"]
    assert refusal(client, "chat.update", channel="C0ACME", ts=ts, text="t")["error"] == "cant_update_message"
    assert refusal(client, "chat.delete", channel="C0ACME", ts=ts)["error"] == "cant_delete_message"


def modal(**more: Any) -> Block:
    return {"type": "modal", "title": text("T", "plain_text"), "blocks": [{"type": "divider"}], **more}


def test_a_trigger_serves_once_and_three_seconds(
    town: Server, client: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    trigger = town.platform.views.new_trigger("U0ANA")
    client.views_open(trigger_id=trigger, view=modal())
    assert refusal(client, "views.open", trigger_id=trigger, view=modal())["error"] == "exchanged_trigger_id"
    old = town.platform.views.new_trigger("U0ANA")
    monkeypatch.setattr(views, "TRIGGER_SECONDS", -1.0)
    assert refusal(client, "views.open", trigger_id=old, view=modal())["error"] == "expired_trigger_id"


INPUT: Block = {
    "type": "input",
    "label": text("L", "plain_text"),
    "element": {"type": "plain_text_input", "max_length": 5},
}


@pytest.mark.parametrize(
    ("view", "place"),
    [
        (modal(title=text("x" * 25, "plain_text")), "/view/title/text"),
        (modal(private_metadata="x" * 3001), "/view/private_metadata"),
        (modal(blocks=[INPUT]), "/view"),
        (modal(blocks=[{"type": "divider"}] * 101), "/view/blocks"),
        (modal(blocks=[{"type": "markdown", "text": "x"}]), "/view/blocks/0/type"),
        (modal(colour="red"), "/view"),
        ({"type": "home", "blocks": []}, "/view/type"),
    ],
)
def test_a_view_is_refused_with_the_place_named(town: Server, client: WebClient, view: Block, place: str) -> None:
    trigger = town.platform.views.new_trigger("U0ANA")
    refused = refusal(client, "views.open", trigger_id=trigger, view=view)
    assert refused["error"] == "invalid_arguments"
    assert f"[json-pointer:{place}]" in "\n".join(refused["response_metadata"]["messages"])


def test_a_view_changed_meanwhile_is_not_overwritten(town: Server, client: WebClient) -> None:
    opened = client.views_open(trigger_id=town.platform.views.new_trigger("U0BO"), view=modal())["view"]
    client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal(callback_id="second"))
    again = refusal(client, "views.update", view_id=opened["id"], hash=opened["hash"], view=modal())
    assert again["error"] == "hash_conflict"


def test_a_stack_is_three_modals_high(town: Server, client: WebClient) -> None:
    for _ in range(3):
        client.views_push(trigger_id=town.platform.views.new_trigger("U0VIC"), view=modal())
    trigger = town.platform.views.new_trigger("U0VIC")
    assert refusal(client, "views.push", trigger_id=trigger, view=modal())["error"] == "push_limit_reached"


def test_a_manifest_names_the_commands_and_shortcuts_there_are(script: Script) -> None:
    assert script.act("ana", command="/nothing", channel="#acme")["error"] == "/nothing is not a valid command"
    assert "no shortcut" in script.act("ana", shortcut="Lose", channel="#acme")["error"]
    commands = script.ask("/page/state?as=ana")["commands"]
    assert [command["command"] for command in commands] == ["/ticket"]
    assert script.ask("/page/state?as=cy")["commands"] == []


def test_an_app_hears_only_what_its_manifest_subscribes_to(town: Server, script: Script) -> None:
    sent = town.platform.courier.sent
    script.act("cy", react="eyes", ts=script.act("cy", post="look", channel="#acme")["ts"], channel="#acme")
    # The post, and its immediate retry, since no app is connected; nothing for the reaction.
    assert town.platform.courier.sent - sent == 2


def test_text_and_blocks_arrive_as_they_were_sent(client: WebClient, script: Script) -> None:
    blocks = [{"type": "section", "block_id": "s", "text": text("&lt;!channel&gt; é 🔔")}]
    client.chat_postMessage(channel="C0TRIAGE", text="&lt;!channel&gt;", blocks=json.dumps(blocks))
    shown = script.messages("#triage")[-1]
    assert shown["text"] == "&lt;!channel&gt;"
    assert shown["blocks"] == blocks
