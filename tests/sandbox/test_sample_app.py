"""Does an app in a process of its own, which knows no address but Slack's, run here in Socket Mode and over HTTP?"""

import importlib.metadata
import inspect
import os
import re
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox.server import Address, Server
from tests.sandbox.conftest import MONDAY
from tests.sandbox.script import Script

APP = Path(__file__).parent / "sample_app" / "app.py"
MANIFEST = {
    "features": {
        "slash_commands": [
            {"command": name, "description": "A sample's"} for name in ("/lunch", "/echo", "/hello-bolt-python")
        ],
        "shortcuts": [{"name": "Make a wish", "type": "global", "callback_id": "wish", "description": "A dish"}],
    },
    "oauth_config": {
        "scopes": {"bot": ["app_mentions:read", "channels:history", "chat:write", "commands", "im:write"]}
    },
    "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}},
}
HEARING_ALL = {**MANIFEST, "settings": {"event_subscriptions": {"bot_events": ["message.channels"]}}}
"""For an app that listens to messages; one that does not would never acknowledge them, and Slack would wait."""

ADDED = "# Add functionality here"
LISTENERS = ("message", "command", "action", "options", "middleware", "error")


@contextmanager
def running(address: Address, *arguments: str, app: Path = APP) -> Iterator[subprocess.Popen[bytes]]:
    env = {
        **os.environ,
        "SLACK_API_URL": address.api_url,
        "SLACK_BOT_TOKEN": address.bot_token,
        "SLACK_APP_TOKEN": address.app_token,
        "SLACK_SIGNING_SECRET": address.signing_secret,
    }
    words = [sys.executable, "-m", "tests.sandbox.launcher", str(app), *arguments]
    process = subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < give_up:
        with socket.socket() as knocking:
            knocking.settimeout(0.2)
            if knocking.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(0.05)
    pytest.fail("the app did not start")


def lives_a_day(script: Script) -> None:
    """A command, its button, a mention, and a shortcut with a form that is first filled in wrongly."""
    script.act("ana", command="/lunch noon", channel="#triage")
    script.act("bo", click="I am in", channel="#triage")
    assert script.texts("#triage") == ["Lunch at noon?", "<@U0BO> joins."]
    script.act("cy", post="@Watchbell hello", channel="#acme")
    assert script.texts("#acme") == ["<@U0BELL> hello", "Hello <@U0CY>"]
    assert script.act("ana", shortcut="Make a wish")["view"] == "A wish"
    assert script.act("ana", submit={"Dish": "nothing"})["errors"] == {"Dish": "Do eat something."}
    assert script.act("ana", submit={"Dish": "soup"})["errors"] == {}
    assert script.texts("@ana") == ["soup, as you wish."]


def published(saying: str, folder: Path, *listeners: str) -> Path:
    """The sample with these words that the SDK's own description brings along, as it stands there.

    Where it says that functionality is added stand these listeners, as the SDK's own documentation shows each.
    """
    told = importlib.metadata.metadata("slack_bolt").json
    samples = re.findall(r"```python\n(.*?)```", str(told["description"]), re.DOTALL)
    sample = next(each for each in samples if saying in each)
    file = folder / "published.py"
    file.write_text(sample.replace(ADDED, "\n\n".join(map(documented, listeners))), encoding="utf-8")
    return file


def documented(listener: str) -> str:
    """The sample in the documentation of one of the SDK's decorators."""
    text = inspect.getdoc(getattr(App, listener)) or ""
    return textwrap.dedent(text.partition("# Use this method as a decorator\n")[2].partition("# Pass a function")[0])


def uses_what_is_documented(address: Address) -> None:
    """A message, a command, a button and a choice that the app supplies, each with its documented listener."""
    script = Script(address.control_url)
    script.act("cy", post=":wave:", channel="#acme")
    assert script.texts("#acme") == [":wave:", "Hi there, <@U0CY>!"]
    script.act("ana", command="/echo What was that?", channel="#triage")
    assert script.texts("#triage") == ["What was that?"]

    words = {"type": "plain_text", "text": "Approve"}
    press = {"type": "button", "action_id": "approve_button", "text": words}
    choose = {"type": "external_select", "action_id": "menu_selection", "placeholder": words, "min_query_length": 0}
    client = WebClient(token=address.bot_token, base_url=address.api_url)
    block = {"type": "actions", "block_id": "row", "elements": [press, choose]}
    posted = client.chat_postMessage(channel="C0TRIAGE", text="Shall we?", blocks=[block])
    assert script.act("ana", click="Approve", channel="#triage")["ok"]
    place = {"channel": "C0TRIAGE", "ts": posted["ts"], "block_id": "row", "action_id": "menu_selection", "value": ""}
    offered = script.ask("/page/options", {"as": "ana", "action": place})["options"]
    assert [each["text"]["text"] for each in offered] == ["Option 1", "Option 2"]


def says_hello(script: Script) -> None:
    """What the SDK's own asynchronous sample does."""
    script.act("cy", post="@Watchbell hello", channel="#acme")
    assert script.texts("#acme") == ["<@U0BELL> hello", "What's up?"]
    assert script.act("ana", command="/hello-bolt-python", channel="#triage")["ephemeral"] == ["Hi <@U0ANA>!"]


def joined(script: Script, process: subprocess.Popen[bytes]) -> bool:
    """Whether the app holds a connection; a busy machine may need longer than the workspace waits at a time."""
    answer = {"ok": False}
    while not answer["ok"] and process.poll() is None:
        answer = script.ask("/app", {"await_connections": 1})
    return bool(answer["ok"])


def test_the_sdks_own_sample_and_listeners_run_in_socket_mode(tmp_path: Path) -> None:
    sample = published("SocketModeHandler(", tmp_path, *LISTENERS)
    with Server(start_at=MONDAY, manifest=HEARING_ALL) as address, running(address, app=sample) as process:
        assert joined(Script(address.control_url), process)
        uses_what_is_documented(address)


def test_the_sdks_own_sample_and_listeners_run_over_signed_http(tmp_path: Path) -> None:
    sample, port = published("app = App()", tmp_path, *LISTENERS), free_port()
    with (
        Server(start_at=MONDAY, manifest=HEARING_ALL) as address,
        running(address, "--port", str(port), app=sample) as process,
    ):
        wait_for(port, process)
        script = Script(address.control_url)
        script.ask("/app", {"request_url": f"http://127.0.0.1:{port}/slack/events"})
        uses_what_is_documented(address)


def test_the_sdks_own_asynchronous_sample_runs_in_socket_mode(tmp_path: Path) -> None:
    sample = published("AsyncApp()", tmp_path)
    with Server(start_at=MONDAY, manifest=MANIFEST) as address, running(address, "--socket", app=sample) as process:
        assert joined(Script(address.control_url), process)
        says_hello(Script(address.control_url))


def test_the_sdks_own_asynchronous_sample_runs_over_signed_http(tmp_path: Path) -> None:
    sample, port = published("AsyncApp()", tmp_path), free_port()
    with (
        Server(start_at=MONDAY, manifest=MANIFEST) as address,
        running(address, "--port", str(port), app=sample) as process,
    ):
        wait_for(port, process)
        script = Script(address.control_url)
        script.ask("/app", {"request_url": f"http://127.0.0.1:{port}/slack/events"})
        says_hello(script)


def test_an_app_runs_in_socket_mode() -> None:
    with Server(start_at=MONDAY, manifest=MANIFEST) as address, running(address) as process:
        script = Script(address.control_url)
        assert joined(script, process)
        lives_a_day(script)


def test_an_app_runs_over_signed_http() -> None:
    port = free_port()
    with Server(start_at=MONDAY, manifest=MANIFEST) as address, running(address, "--port", str(port)) as process:
        wait_for(port, process)
        script = Script(address.control_url)
        script.ask("/app", {"request_url": f"http://127.0.0.1:{port}/slack/events"})
        lives_a_day(script)
