"""Does the page stay usable with twenty windows open and far more than a thousand messages a minute?"""

import json
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
        assert self._joined.wait(10)

    def _listen(self) -> None:
        try:
            with connect(self._address) as socket:
                self._socket = socket
                self._joined.set()
                for frame in socket:
                    self.heard += json.loads(frame)["type"] == "message"
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
    people = ("U0CY", "U0DEE", "U0ANA", "U0BO", "U0KAI", "U0MEI")
    found = [Watcher(address, people[number % len(people)]) for number in range(18)]
    yield found
    for one in found:
        one.close()


def test_twenty_windows_keep_step_with_a_flood_and_can_be_used_in_it(windows: Windows, watchers: list[Watcher]) -> None:
    cy, ana = windows.open("U0CY"), windows.open("U0ANA")
    began = time.monotonic()
    flood = threading.Thread(target=lambda: [windows.act("dee", post=f"flood {n}") for n in range(MESSAGES - 1)])
    flood.start()
    pressed = time.monotonic()
    write(cy, "Does anybody read this?")
    expect(message(cy, "Does anybody read this?").or_(cy.locator("#messages .jump")).first).to_be_visible(timeout=5_000)
    ana.get_by_role("button", name="triage").click()
    expect(ana.get_by_role("heading", level=1)).to_contain_text("triage", timeout=5_000)
    answered = time.monotonic() - pressed
    flood.join(60)
    took = time.monotonic() - began

    for one in watchers:
        assert one.all_heard.wait(10), f"{one.heard} of {MESSAGES}"
    expect(message(cy, f"flood {MESSAGES - 2}")).to_be_visible()
    ana.get_by_role("button", name="acme").click()
    expect(message(ana, f"flood {MESSAGES - 2}")).to_be_visible()
    assert cy.locator("#messages .message").count() <= 310
    assert took < MESSAGES * 60 / A_MINUTE, f"{MESSAGES} messages took {took:.1f} s"
    assert answered < 5
