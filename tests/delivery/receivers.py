"""What receives a page outside Slack? A mail server and an HTTP server on this machine, in good and bad moods."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Json = dict[str, Any]


def patience(*, silent: bool) -> str:
    """How long Apprise waits: not for what never answers, and on a busy machine too for what does."""
    seconds = 0.3 if silent else 10
    return f"rto={seconds}&cto={seconds}"


class Mailbox:
    """Takes mail, or answers with the line that `refuses_with` says; `silent` lets it hang until it is not."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.refuses_with = ""
        self.silent = False

    @property
    def url(self) -> str:
        """The contact of somebody who reads mail here; nobody waits long for it where it is silent by now."""
        waits = patience(silent=self.silent)
        return f"mailto://127.0.0.1:{self.port}/?from=bell@desk.test&to=ana@desk.test&mode=insecure&{waits}"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        while self.silent:
            await asyncio.sleep(0.02)
        if self.refuses_with:
            return self.refuses_with
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    mailbox = Mailbox(free_port())
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        mailbox.silent = False
        controller.stop()


class Gateway:
    """Takes what is posted to it. `status` is its answer; `silent` lets it hang until it is released."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.took: list[tuple[str, Json]] = []
        self.calls = 0
        self.status = 202
        self.headers: dict[str, str] = {}
        self.answer = b""
        self.silent = False
        self.released = threading.Event()

    def url(self, scheme: str = "json", path: str = "hook") -> str:
        """An Apprise address of it; nobody waits long for it where it is silent by now."""
        return f"{scheme}://127.0.0.1:{self.port}/{path}?{patience(silent=self.silent)}"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/v2/enqueue"

    @property
    def bodies(self) -> list[Json]:
        return [body for _, body in self.took]


@contextmanager
def gateway() -> Iterator[Gateway]:
    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            there.calls += 1
            if there.silent:
                there.released.wait(60)
                return
            if there.status < 300:
                there.took.append((self.path, json.loads(body)))
            self.send_response(there.status)
            for name, value in there.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(there.answer)))
            self.end_headers()
            self.wfile.write(there.answer)

        def log_message(self, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    there = Gateway(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield there
    finally:
        there.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
