"""Does an app in a process of its own, which knows no address but Slack's, run here in Socket Mode and over HTTP?"""

import importlib.metadata
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.sandbox.server import Address, Server
from tests.sandbox.conftest import MONDAY
from tests.sandbox.script import Script

APP = Path(__file__).parent / "sample_app" / "app.py"
MANIFEST = {
    "features": {
        "slash_commands": [{"command": "/lunch", "description": "Offer lunch"}],
        "shortcuts": [{"name": "Make a wish", "type": "global", "callback_id": "wish", "description": "A dish"}],
    },
    "oauth_config": {"scopes": {"bot": ["app_mentions:read", "chat:write", "commands", "im:write"]}},
    "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}},
}


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


def published(saying: str, folder: Path) -> Path:
    """The sample with these words that the SDK's own description brings along, as it stands there."""
    told = importlib.metadata.metadata("slack_bolt").json
    samples = re.findall(r"```python\n(.*?)```", str(told["description"]), re.DOTALL)
    file = folder / "published.py"
    file.write_text(next(each for each in samples if saying in each), encoding="utf-8")
    return file


def test_the_sdks_own_sample_connects_in_socket_mode(tmp_path: Path) -> None:
    sample = published("SocketModeHandler(", tmp_path)
    with Server(start_at=MONDAY, manifest=MANIFEST) as address, running(address, app=sample) as process:
        joined = {"ok": False}
        while not joined["ok"] and process.poll() is None:
            joined = Script(address.control_url).ask("/app", {"await_connections": 1})
        assert joined["ok"]
        assert joined["connections"] == 1


def test_the_sdks_own_sample_answers_over_signed_http(tmp_path: Path) -> None:
    sample, port = published("app = App()", tmp_path), free_port()
    with (
        Server(start_at=MONDAY, manifest=MANIFEST) as address,
        running(address, "--port", str(port), app=sample) as process,
    ):
        wait_for(port, process)
        script = Script(address.control_url)
        script.ask("/app", {"request_url": f"http://127.0.0.1:{port}/slack/events"})
        script.act("cy", post="@Watchbell hello", channel="#acme")
        assert script.texts("#acme") == ["<@U0BELL> hello"]


def test_an_app_runs_in_socket_mode() -> None:
    with Server(start_at=MONDAY, manifest=MANIFEST) as address, running(address):
        script = Script(address.control_url)
        assert script.ask("/app", {"await_connections": 1})["ok"]
        lives_a_day(script)


def test_an_app_runs_over_signed_http() -> None:
    port = free_port()
    with Server(start_at=MONDAY, manifest=MANIFEST) as address, running(address, "--port", str(port)) as process:
        wait_for(port, process)
        script = Script(address.control_url)
        script.ask("/app", {"request_url": f"http://127.0.0.1:{port}/slack/events"})
        lives_a_day(script)
