"""Does an unmodified Bolt app work here in Socket Mode, as it would in Slack?"""

import itertools
import threading
from collections.abc import Iterator

import pytest
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler as WebSocketClientHandler

from bot.sandbox.server import Server
from tests.sandbox.conftest import MONDAY
from tests.sandbox.echo import EchoApp
from tests.sandbox.script import Script

ROOMS = itertools.count(1)


@pytest.fixture(scope="module")
def town() -> Iterator[Server]:
    """One server with one app for the module: closing a Bolt app takes seconds; each test has a channel of its own."""
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
def room(script: Script) -> str:
    name = f"room-{next(ROOMS)}"
    members = ["ana", "bo", "cy", "dee", "watchbell"]
    script.ask("/channels", {"id": f"C0{name.upper()}", "name": name, "members": members})
    return f"#{name}"


def test_a_message_is_heard_and_answered_in_its_thread(script: Script, room: str) -> None:
    posted = script.act("cy", post="Checkout is down & <out>", channel=room)
    first, reply = script.messages(room)
    assert first["text"] == "Checkout is down &amp; &lt;out&gt;"
    assert reply["text"] == "echo: Checkout is down &amp; &lt;out&gt;"
    assert reply["thread_ts"] == posted["ts"]
    assert reply["metadata"] == {"event_type": "echo", "event_payload": {"of": posted["ts"]}}
    assert reply["name"] == "Watchbell"


def test_a_command_answers_its_caller_only(script: Script, room: str) -> None:
    answer = script.act("ana", command="/say hello @bo", channel=room)
    assert answer["response"] == "You said hello <@U0BO|bo>"
    assert answer["ephemeral"] == ["You said hello <@U0BO|bo>"]
    assert script.texts(room) == []
    assert script.texts(room, **{"as": "bo"}) == []


def test_a_response_url_reaches_the_whole_channel(script: Script, room: str) -> None:
    script.act("ana", command="/slowly", channel=room)
    assert script.texts(room) == ["in public"]


def test_people_of_another_workspace_have_no_commands(script: Script, room: str) -> None:
    answer = script.act("cy", command="/say hello", channel=room)
    assert answer["ok"] is False
    assert "slash commands exist only in the Watchbell workspace" in answer["error"]


def test_a_form_opens_shows_its_errors_and_is_taken(script: Script, room: str) -> None:
    assert script.act("ana", command="/form", channel=room)["view"] == "Tell us"
    assert script.act("ana", submit={})["errors"] == {"Reason": "Please complete this required field."}
    assert script.act("ana", submit={"Reason": "so"})["errors"] == {"Reason": "Say because."}
    done = script.act("ana", submit={"Reason": "because", "Who": "bo"})
    assert done["errors"] == {}
    assert done["view"] is None
    assert script.texts(room) == ["because (U0BO)"]


def test_a_button_is_found_by_its_label_and_carries_the_state(script: Script, room: str) -> None:
    script.act("dee", post="hello", channel=room)
    script.act("dee", click="Pick a size", value="Large", channel=room)
    script.act("dee", click="Ring it", channel=room)
    assert script.texts(room) == ["hello", "rung 7 by T0ACME, large"]
    wrong = script.act("dee", click="Ring it", channel=room)
    assert "nothing is labelled 'Ring it'" in wrong["error"]


def test_a_shortcut_a_reaction_and_the_home_tab_reach_the_app(script: Script, room: str) -> None:
    script.act("cy", post="look", channel=room)
    assert script.act("ana", shortcut="keep", ts="last", channel=room)["ephemeral"] == ["kept: look"]
    script.act("cy", react="eyes", ts="last", channel=room)
    assert script.texts(room)[-1] == ":eyes: by U0CY"
    script.act("ana", home=True)
    state = script.ask("/page/state?as=ana")
    assert state["home"]["blocks"][0]["text"]["text"] == "At home"


def test_the_websocket_client_handler_works_as_well(server: Server) -> None:
    address = server.start()
    app, script = EchoApp(address, WebSocketClientHandler, ping_interval=1), Script(address.url)
    app.connect()
    try:
        script.ask("/app", {"await_connections": 1})
        script.act("cy", post="ping", channel="#acme")
        assert script.texts("#acme") == ["ping", "echo: ping"]
    finally:
        # This handler's close waits ten seconds in a select of its own; nothing here depends on when it is through.
        threading.Thread(target=app.close, daemon=True).start()


@pytest.mark.parametrize("channel", ["#operations", "#triage"])
def test_who_is_not_in_a_channel_cannot_write_there(script: Script, channel: str) -> None:
    assert script.act("cy", post="hi", channel=channel)["error"] == f"Cy Young is not in {channel}"
