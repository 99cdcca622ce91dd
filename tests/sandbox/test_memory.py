"""Does the workspace's memory stay flat, however long people write?"""

import gc
import tracemalloc
from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.sandbox import journal, workspace
from bot.sandbox.message import Message
from bot.sandbox.server import Address, Server
from tests.sandbox.conftest import MONDAY
from tests.sandbox.script import Script

BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 500}}]
PLACES = ("#acme", "#globex", "#triage", "#operations")


@pytest.fixture
def measured() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def write(script: Script, client: WebClient, count: int) -> None:
    """People and the app write so many messages, most of them in threads, and time goes by."""
    for number in range(count // 4):
        place = PLACES[number % len(PLACES)]
        root = script.act("ana", post=f"number {number}", channel=place, wait=False)
        thread = {"channel": root["channel"], "thread_ts": root["ts"]}
        script.act("ana", post="in the thread", thread=root["ts"], channel=place, wait=False)
        posted = client.chat_postMessage(**thread, text=f"said {number}", blocks=BLOCKS)
        client.chat_update(channel=root["channel"], ts=posted["ts"], text="said otherwise", blocks=BLOCKS)
        client.chat_postMessage(**thread, text="a reply", blocks=BLOCKS)
        if number % 25 == 0:
            script.clock(advance="10 minutes")


def held() -> int:
    """The bytes that are in use."""
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "KEPT_MESSAGES", 30)
    monkeypatch.setattr(journal, "KEPT_ENTRIES", 100)
    with Server(start_at=MONDAY) as address:
        script, client = Script(address.control_url), WebClient(token=address.bot_token, base_url=address.api_url)
        write(script, client, 600)
        assert len(script.messages("#acme")) == 30
        gc.collect()
        kept = [each for each in gc.get_objects() if isinstance(each, Message)]
    assert len(kept) <= len(PLACES) * 30 + 100


def test_a_long_thread_forgets_its_oldest_replies(address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "KEPT_MESSAGES", 5)
    script, client = Script(address.control_url), WebClient(token=address.bot_token, base_url=address.api_url)
    for number in range(4):
        script.act("cy", post=f"before {number}", channel="#acme")
    root = script.act("cy", post="root", channel="#acme")["ts"]
    for number in range(4):
        client.chat_postMessage(channel="C0ACME", text=f"reply {number}", thread_ts=root)
    found = client.conversations_replies(channel="C0ACME", ts=root)["messages"]
    assert [message["text"] for message in found] == ["root", *(f"reply {number}" for number in range(4))]


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_memory_is_flat_over_a_hundred_thousand_messages(measured: None) -> None:
    with Server(start_at=MONDAY) as address:
        script, client = Script(address.control_url), WebClient(token=address.bot_token, base_url=address.api_url)
        write(script, client, 50_000)
        full = held()
        write(script, client, 50_000)
        assert held() < full * 1.05
