"""What would Slack's Web API say? A server of a few lines that remembers what it was asked."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

Reply = Callable[[dict[str, Any]], dict[str, Any]]


def fine(_said: dict[str, Any]) -> dict[str, Any]:
    return {"ok": True}


class SlackApi:
    """Answers `ok`, or what a test puts into `replies` by method; `calls` has what it was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.replies: dict[str, Reply] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/api/"

    def asked(self, method: str) -> list[dict[str, Any]]:
        return [said for name, said in self.calls if name == method]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                is_json = "json" in (self.headers.get("Content-Type") or "")
                said = json.loads(content or "{}") if is_json else dict(parse_qsl(content, keep_blank_values=True))
                said = {key: json.loads(value) if key == "view" and isinstance(value, str) else value
                        for key, value in said.items()}  # fmt: skip
                method = self.path.rsplit("/", 1)[-1]
                api.calls.append((method, said))
                reply = json.dumps(api.replies.get(method, fine)(said)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            do_GET = do_POST  # noqa: N815 - the library's name

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        return Handler
