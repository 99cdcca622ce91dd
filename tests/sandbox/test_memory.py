"""Does the workspace's memory stay flat, however long people write?"""

import gc
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from slack_sdk import WebClient

from bot.sandbox import journal
from bot.sandbox.message import Message
from bot.sandbox.server import Address, Server
from bot.sandbox.workspace import Workspace
from tests.sandbox.conftest import MONDAY
from tests.sandbox.script import Script

BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 500}}]
PLACES = ("#acme", "#globex", "#triage", "#operations")


def write(script: Script, client: WebClient, count: int, *, places: tuple[str, ...] = PLACES) -> None:
    """People and the app write so many messages, most of them in threads, and time goes by."""
    for number in range(count // 4):
        place = places[number % len(places)]
        root = script.act("ana", post=f"number {number}", channel=place, wait=False)
        thread = {"channel": root["channel"], "thread_ts": root["ts"]}
        script.act("ana", post="in the thread", thread=root["ts"], channel=place, wait=False)
        posted = client.chat_postMessage(**thread, text=f"said {number}", blocks=BLOCKS)
        client.chat_update(channel=root["channel"], ts=posted["ts"], text="said otherwise", blocks=BLOCKS)
        client.chat_postMessage(**thread, text="a reply", blocks=BLOCKS)
        if number % 25 == 0:
            script.clock(advance="10 minutes")


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "KEPT_ENTRIES", 100)
    with Server(start_at=MONDAY, workspace=Workspace(kept=30)) as address:
        script, client = Script(address.control_url), WebClient(token=address.bot_token, base_url=address.api_url)
        write(script, client, 600)
        assert len(script.messages("#acme")) == 30
        gc.collect()
        kept = [each for each in gc.get_objects() if isinstance(each, Message)]
    assert len(kept) <= len(PLACES) * 30 + 100


def test_a_long_thread_forgets_its_oldest_replies() -> None:
    with Server(start_at=MONDAY, workspace=Workspace(kept=5)) as address:
        script, client = Script(address.control_url), WebClient(token=address.bot_token, base_url=address.api_url)
        for number in range(4):
            script.act("cy", post=f"before {number}", channel="#acme")
        root = script.act("cy", post="root", channel="#acme")["ts"]
        for number in range(4):
            client.chat_postMessage(channel="C0ACME", text=f"reply {number}", thread_ts=root)
        found = client.conversations_replies(channel="C0ACME", ts=root)["messages"]
        assert [message["text"] for message in found] == ["root", *(f"reply {number}" for number in range(4))]


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_memory_is_flat_over_a_hundred_thousand_messages() -> None:
    with own_process() as (address, process):
        script, client = Script(address.control_url), WebClient(token=address.bot_token, base_url=address.api_url)
        write(script, client, 20_000, places=PLACES[:2])
        full = resident(process.pid)
        for _ in range(8):
            write(script, client, 10_000, places=PLACES[:2])
            assert resident(process.pid) < full * 1.1


def test_a_workspace_in_a_process_of_its_own_says_how_much_it_holds() -> None:
    with own_process() as (address, process):
        script, client = Script(address.control_url), WebClient(token=address.bot_token, base_url=address.api_url)
        write(script, client, 40)
        assert len(script.messages("#acme")) > 0
        assert 1_000_000 < resident(process.pid) < 500_000_000


@contextmanager
def own_process() -> Iterator[tuple[Address, subprocess.Popen[str]]]:
    """The workspace alone, as its command starts it."""
    words = [sys.executable, "-m", "bot", "sandbox", "--server-only", "--port", "0"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Address(**json.loads(process.stdout.readline())), process
    finally:
        process.kill()
        process.communicate()


def resident(pid: int) -> int:
    """The bytes of memory that a process occupies, as the system counts them."""
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(told.stdout) * 1024
