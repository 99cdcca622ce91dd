"""Does the page stay usable with twenty windows open and far more than a thousand messages a minute?"""

import json
import statistics
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bot.sandbox.server import Address
from tests.sandbox.page.windows import Windows, message, write

pytestmark = pytest.mark.browser

MESSAGES = 300
A_MINUTE = 1_000
PEOPLE = ("U0CY", "U0DEE", "U0ANA", "U0BO", "U0KAI", "U0MEI")
STAFF = PEOPLE[2:]
KEPT = 150
"""A channel's page holds its newest messages only."""


class Watcher:
    """A window without a screen: it counts the messages that it hears."""

    def __init__(self, address: Address, person: str) -> None:
        self.heard = 0
        self.all_heard = threading.Event()
        self._address = f"{address.url.replace('http', 'ws')}/page/live?as={person}"
        self._joined = threading.Event()
        self._socket: ClientConnection | None = None
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        assert self._joined.wait(30)

    def _listen(self) -> None:
        try:
            with connect(self._address) as socket:
                self._socket = socket
                self._joined.set()
                for frames in socket:
                    self.heard += sum(frame["type"] == "message" for frame in json.loads(frames))
                    if self.heard >= MESSAGES:
                        self.all_heard.set()
        except ConnectionClosed:
            return

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._thread.join(5)


@pytest.fixture
def watchers(address: Address) -> Iterator[list[Watcher]]:
    found = [Watcher(address, PEOPLE[number % len(PEOPLE)]) for number in range(18)]
    yield found
    for one in found:
        one.close()


def test_twenty_windows_keep_step_with_a_flood_and_can_be_used_in_it(windows: Windows, watchers: list[Watcher]) -> None:
    cy, ana = windows.open("U0CY"), windows.open("U0ANA")
    flood = threading.Thread(target=_flood, args=(windows, MESSAGES - 1))
    flood.start()
    write(cy, "Does anybody read this?")
    ana.get_by_role("button", name="triage").click()
    expect(ana.get_by_role("heading", level=1)).to_contain_text("triage")
    flood.join()

    for one in watchers:
        assert one.all_heard.wait(30), f"{one.heard} of {MESSAGES}"
    assert "Does anybody read this?" in windows.script.texts("#acme")
    expect(message(cy, f"flood {MESSAGES - 2}")).to_be_visible()
    ana.get_by_role("button", name="acme").click()
    expect(message(ana, f"flood {MESSAGES - 2}")).to_be_visible()
    assert cy.locator("#messages .message").count() <= KEPT


@pytest.mark.long
@pytest.mark.timeout(900)
def test_twenty_real_windows_stay_usable_through_a_thousand_messages(
    windows: Windows, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = [windows.open(STAFF[number % len(STAFF)]) for number in range(20)]
    begun = time.monotonic()
    flood = threading.Thread(target=_flood, args=(windows, A_MINUTE, 60 / A_MINUTE))
    flood.start()
    answered = []
    for page in pages:
        pressed = time.monotonic()
        page.get_by_role("button", name="general").click(timeout=60_000)
        expect(page.get_by_role("heading", level=1)).to_contain_text("general", timeout=60_000)
        answered.append(time.monotonic() - pressed)
    flood.join()
    took = time.monotonic() - begun

    for page in pages:
        page.get_by_role("button", name="acme").click()
        expect(message(page, f"flood {A_MINUTE - 1}")).to_be_visible(timeout=60_000)
        assert page.locator("#messages .message").count() <= KEPT
    with capsys.disabled():
        sys.stdout.write(
            f"\n{A_MINUTE * 60 / took:.0f} messages a minute to 20 windows; a click was answered after"
            f" {statistics.median(answered):.2f} s, at worst {max(answered):.2f} s\n"
        )


def _flood(windows: Windows, count: int, every: float = 0.0) -> None:
    """Post that many messages, as fast as it goes or one each so many seconds."""
    begun, paced = time.monotonic(), threading.Event()
    for number in range(count):
        windows.act("dee", post=f"flood {number}")
        paced.wait(max(begun + (number + 1) * every - time.monotonic(), 0))
