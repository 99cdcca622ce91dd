"""How does a script talk to the control interface? With the standard library."""

import http.client
import json
from typing import Any
from urllib.parse import quote, urlencode


class Script:
    """A few words for POST /act, /clock and GET /messages."""

    def __init__(self, url: str, *, patience: float = 60) -> None:
        self.host = url.removeprefix("http://")
        self.patience = patience

    def open(self, path: str, body: object = None) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(self.host, timeout=self.patience)
        data = None if body is None else json.dumps(body).encode()
        connection.request("GET" if body is None else "POST", path, data, {"Content-Type": "application/json"})
        return connection

    def ask(self, path: str, body: object = None) -> dict[str, Any]:
        connection = self.open(path, body)
        found: dict[str, Any] = json.loads(connection.getresponse().read())
        connection.close()
        return found

    def act(self, person: str, **what: Any) -> dict[str, Any]:
        return self.ask("/act", {"as": person, **what})

    def clock(self, **move: Any) -> dict[str, Any]:
        return self.ask("/clock", move or None)

    def messages(self, channel: str | None = None, **more: str) -> list[dict[str, Any]]:
        asked = more | ({"channel": channel} if channel else {})
        found: list[dict[str, Any]] = self.ask("/messages?" + urlencode(asked, quote_via=quote))["messages"]
        return found

    def texts(self, channel: str, **more: str) -> list[str]:
        return [message["text"] for message in self.messages(channel, **more) if not message["deleted"]]
