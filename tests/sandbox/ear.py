"""What does a window of the page hear, one frame after the other?"""

import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.sandbox.script import Script


@dataclass
class Ear:
    """Frames come in lists, and are given out singly."""

    socket: ClientConnection
    heard: deque[dict[str, Any]] = field(default_factory=deque)

    def next(self) -> dict[str, Any]:
        """The next frame; TimeoutError after thirty seconds."""
        if not self.heard:
            self.heard.extend(json.loads(self.socket.recv(30)))
        return self.heard.popleft()

    def until(self, kind: str) -> dict[str, Any]:
        """The next frame of a kind; those before it are passed over."""
        while (found := self.next())["type"] != kind:
            pass
        return found


@contextmanager
def listening(script: Script, person: str) -> Iterator[Ear]:
    """Listen as one person's window does."""
    with connect(f"ws://{script.host}/page/live?as={person}") as socket:
        yield Ear(socket)
