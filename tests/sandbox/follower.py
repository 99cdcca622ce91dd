"""What is the least process that follows the clock? One that plays its deadlines and answers."""

import json
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

Work = Callable[[datetime], None]


class FakeProcess:
    """Follows the clock in a thread of its own; `work(now)` plays what is due, `dues` are the moments it waits for."""

    def __init__(self, url: str, *, work: Work, dues: list[datetime], name: str = "fake") -> None:
        self.dues = dues
        self.heard: list[datetime] = []
        self._work = work
        self._address = f"{url.replace('http', 'ws')}/clock/follow?name={name}"
        self._joined = threading.Event()
        self._socket: ClientConnection | None = None
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()
        assert self._joined.wait(10)

    def _follow(self) -> None:
        try:
            with connect(self._address) as socket:
                self._socket = socket
                for frame in socket:
                    self._answer(socket, json.loads(frame))
        except ConnectionClosed:
            return

    def _answer(self, socket: ClientConnection, asked: dict[str, Any]) -> None:
        now = datetime.fromisoformat(asked["now"])
        self.heard.append(now)
        for due in [due for due in self.dues if due <= now]:
            self._work(due)
            self.dues.remove(due)
        due_at = self.dues[0].isoformat() if self.dues else None
        socket.send(json.dumps({"answer": asked["ask"], "idle": True, "next_due": due_at}))
        self._joined.set()

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._thread.join(5)
