"""Does the browser's interface find elements by id, guard what is somebody else's, and push what happens?"""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox import interactions
from bot.sandbox.server import Server
from tests.sandbox.conftest import MONDAY
from tests.sandbox.ear import listening
from tests.sandbox.echo import FORM, EchoApp
from tests.sandbox.script import Script


@pytest.fixture(scope="module")
def town() -> Iterator[Server]:
    server = Server(start_at=MONDAY)
    app = EchoApp(server.start())
    app.connect()
    yield server
    app.close()
    server.stop()


@pytest.fixture
def script(town: Server) -> Script:
    return Script(town.platform.url)


@pytest.fixture
def client(town: Server) -> WebClient:
    return WebClient(token="xoxb-watchbell-local", base_url=town.platform.url + "/api/")


def test_a_window_hears_what_its_person_can_see_and_nothing_else(script: Script, client: WebClient) -> None:
    with listening(script, "cy") as cy, listening(script, "bo") as bo:
        client.chat_postEphemeral(channel="C0ACME", user="U0BO", text="only Bo")
        client.chat_postMessage(channel="C0OPS", text="internal")
        script.act("dee", post="for both", channel="#acme")
        assert bo.until("ephemeral")["message"]["text"] == "only Bo"
        assert bo.until("message")["message"]["text"] == "internal"
        assert bo.until("message")["message"]["text"] == "for both"
        first = cy.next()
        assert (first["type"], first["message"]["text"]) == ("message", "for both")


def test_a_click_by_ids_carries_what_the_browser_holds(script: Script) -> None:
    script.act("cy", post="press me", channel="#acme")
    reply = script.messages("#acme")[-1]
    place = {"channel": reply["channel"], "ts": reply["ts"], "block_id": "row", "action_id": "ring"}
    option = {"text": {"type": "plain_text", "text": "Small"}, "value": "small"}
    state = {"row": {"size": {"type": "static_select", "selected_option": option}}}
    assert script.ask("/page/act", {"as": "cy", "action": place, "state": state})["ok"] is True
    script.act("cy", react="ok", ts=reply["ts"], channel="#acme")
    assert "rung 7 by T0ACME, small" in script.texts("#acme")
    gone = script.ask("/page/act", {"as": "cy", "action": place})
    assert gone["error"] == "that button is no longer there"
    stranger = script.ask("/page/act", {"as": "gil", "action": place})
    assert stranger["error"] == "Gil Roux is not in #acme"


def test_a_form_by_ids_shows_its_errors_by_block_and_closes(script: Script) -> None:
    with listening(script, "kai") as kai:
        script.act("kai", command="/form", channel="#triage")
        view = kai.until("modal")["view"]
        asked = {"as": "kai", "view_id": view["id"]}
        assert script.ask("/page/submit", asked | {"state": {}})["errors"] == {"reason": interactions.REQUIRED}
        state = {"reason": {"text": {"type": "plain_text_input", "value": "why"}}}
        assert script.ask("/page/submit", asked | {"state": state})["errors"] == {"reason": "Say because."}
        assert script.ask("/page/close", asked | {"as": "mei"})["error"] == "that form is somebody else's"
        assert script.ask("/page/close", asked)["ok"] is True
        assert kai.until("modal")["view"] is None
        assert script.ask("/page/close", asked)["error"] == "that form is no longer open"


def test_the_state_lists_channels_people_and_what_is_unread(script: Script, client: WebClient) -> None:
    client.chat_postMessage(channel="C0GLOBEX", text="news")
    state = script.ask("/page/state?as=gil")
    assert [channel["name"] for channel in state["channels"]] == ["globex"]
    assert state["channels"][0]["unread"] == 1
    assert state["channels"][0]["shared"] is True
    script.ask("/page/read", {"as": "gil", "channel": "C0GLOBEX"})
    assert script.ask("/page/state?as=gil")["channels"][0]["unread"] == 0
    assert state["me"]["team_name"] == "Globex"


def test_history_is_for_members_only(script: Script) -> None:
    assert script.ask("/page/history?as=cy&channel=C0OPS")["error"] == "Cy Young is not in #operations"
    assert "there is nobody called" in script.ask("/page/history?as=zoe&channel=C0OPS")["error"]


def test_history_shows_roots_and_a_thread_by_itself(script: Script) -> None:
    root = script.act("dee", post="a root", channel="#acme")["ts"]
    roots = script.ask("/page/history?as=dee&channel=C0ACME")["messages"]
    assert roots[-1]["ts"] == root
    assert roots[-1]["reply_count"] == 1
    thread = script.ask(f"/page/history?as=dee&channel=C0ACME&thread={root}")["messages"]
    assert [message["text"] for message in thread] == ["a root", "echo: a root"]


def test_the_page_is_served_under_a_strict_policy(script: Script) -> None:
    connection = script.open("/")
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200
    policy = answer.getheader("Content-Security-Policy") or ""
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    connection.close()


def test_a_story_is_played_before_the_eyes_of_all(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()

    def play(name: str, _url: str, out: Any, **_more: Any) -> bool:
        out(f"playing {name}")
        return ended.wait(10)

    monkeypatch.setattr("bot.sandbox.page_api.play", play)
    monkeypatch.setattr("bot.sandbox.page_api.listed", lambda: [{"name": "tiny", "title": "Tiny"}])
    assert script.ask("/page/state?as=cy")["stories"] == [{"name": "tiny", "title": "Tiny"}]
    assert "no story" in script.ask("/page/story", {"name": "huge"})["error"]
    with listening(script, "cy") as window:
        assert script.ask("/page/story", {"name": "tiny"})["ok"] is True
        assert "played already" in script.ask("/page/story", {"name": "tiny"})["error"]
        assert window.until("story") == {"type": "story", "line": "playing tiny", "done": False}
        ended.set()
        assert window.until("story") == {"type": "story", "line": None, "done": True, "passed": True}


def test_a_response_url_serves_five_times_within_thirty_minutes(town: Server, script: Script) -> None:
    def use(url: str) -> dict[str, Any]:
        connection = script.open(url.removeprefix(town.platform.url), {"text": "again"})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        found: dict[str, Any] = json.loads(body) if body.startswith("{") else {"ok": True}
        return found

    script.act("bo", command="/say hi", channel="#operations")
    token = list(town.platform.response_urls)[-1]
    assert [use(f"/respond/{token}")["ok"] for _ in range(5)] == [True] * 5
    assert use(f"/respond/{token}")["error"] == "used_url"
    script.act("bo", command="/say hi", channel="#operations")
    token = list(town.platform.response_urls)[-1]
    script.clock(advance="31 minutes")
    assert use(f"/respond/{token}")["error"] == "expired_url"
    assert use("/respond/none")["error"] == "expired_url"


def test_a_form_keeps_what_was_filled_in_when_the_app_changes_it(town: Server, client: WebClient) -> None:
    opened = client.views_open(trigger_id=town.platform.views.new_trigger("U0VIC"), view=FORM)["view"]
    view = town.platform.views.find(opened["id"])
    view.state["reason"]["text"]["value"] = "half a sentence"
    updated = client.views_update(view_id=opened["id"], view=FORM | {"callback_id": "other"})["view"]
    assert updated["state"]["values"]["reason"]["text"]["value"] == "half a sentence"
