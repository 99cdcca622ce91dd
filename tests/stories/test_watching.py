"""What do Sentry and a collector of spans hear of a desk? Where something broke and how long it took, and no more."""

import gzip
import json
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from bot.app import runtime
from bot.app.local import settings_for
from bot.sandbox.server import Address
from bot.services import due
from bot.settings import Settings
from tests.stories import stage
from tests.stories.test_rolling import waits_for

WORDS = "Checkout zqwords is down"
SECRET = "zqsecret-0123456789abcdef-zqsecret"
Json = dict[str, Any]


@dataclass
class Outside:
    """Takes whatever is posted to it, as Sentry and a collector do."""

    port: int = 0
    posted: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def events(self) -> list[Json]:
        """Sentry's events: each envelope is a header, then an item's header and the item, a line each."""
        lines = [body.splitlines() for path, _, body in self.posted if path.endswith("/envelope/")]
        return [json.loads(item) for _, *items in lines for head, item in zip(items[::2], items[1::2], strict=False)]

    def spans(self) -> list[Span]:
        found = []
        for path, _, body in self.posted:
            if path == "/v1/traces" and body:
                for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                    found += [span for scope in resource.scope_spans for span in scope.spans]
        return found

    def everything(self) -> str:
        return "\n".join(f"{path} {headers} {body.decode('utf-8', 'replace')}" for path, headers, body in self.posted)


@pytest.fixture
def outside() -> Iterator[Outside]:
    there = Outside()

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            match self.headers.get("content-encoding"):
                case "gzip":
                    body = gzip.decompress(body)
                case "deflate":
                    body = zlib.decompress(body)
            there.posted.append((self.path, dict(self.headers), body))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Takes)
    there.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield there
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spans leave at once, where the library would gather them for five seconds."""
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")


@contextmanager
def watched(address: Address, database: str, outside: Outside) -> Iterator[runtime.Runtime]:
    """A desk whose operator has Sentry, a collector and a secret."""
    local = settings_for(address, database)
    more = {
        "sentry_dsn": f"http://zqkey@127.0.0.1:{outside.port}/7",
        "otel_exporter_otlp_endpoint": f"http://127.0.0.1:{outside.port}",
        "otel_exporter_otlp_headers": "x-collector-key=zqheader",
        "secret_key": SECRET,
    }
    with runtime.running(Settings.model_validate({**local.model_dump(), **more})) as running:
        yield running


def breaks(_work: object, _due: object, *, now: object) -> None:
    """A step whose error quotes a customer and a secret, with both in its local variables."""
    said = {"text": WORDS, "token": SECRET}
    raise ValueError(f"no such words: {said['text']}, {said['token']}")


def test_a_failure_is_told_by_its_place_and_ids_and_without_anybodys_words(
    address: Address, sqlite_url: str, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    play = stage.play_on(address)
    monkeypatch.setitem(due.WORK, "update", breaks)
    with watched(address, sqlite_url, outside):
        play.cy.posts(f"@Watchbell sev1 {WORDS}")
        play.advance(hours=1, minutes=1)
        waits_for(outside.events)
        event = outside.events()[0]
        (error,) = event["exception"]["values"]
        assert (error["type"], error["stacktrace"]["frames"][-1]["function"]) == ("ValueError", "breaks")
        assert set(error) == {"type", "module", "stacktrace"}
        assert event["logentry"] == {"message": "deadline_failed"}
        assert event["tags"]["ticket"] == "1"
        assert event["tags"]["deadline"].startswith("update:")
        assert set(event) <= {
            "event_id", "timestamp", "level", "logger", "platform", "release", "environment", "tags", "exception",
            "logentry",
        }  # fmt: skip

        # The same failure again is no news.
        play.advance(minutes=30)
        assert len(outside.events()) == 1

        waits_for(lambda: [span for span in outside.spans() if span.name == "deadline" and span.status.code])
    told = outside.everything()
    assert address.bot_token not in told
    for private in ("zqwords", "zqsecret", "Cy Young", address.app_token, address.signing_secret):
        assert private not in told


WORK = {"accept", "take_one", "perform", "fly"}


def attribute(span: Span, name: str) -> str:
    return next((each.value.string_value for each in span.attributes if each.key == name), "")


def test_each_delivery_deadline_and_send_is_a_span_with_its_ticket(
    address: Address, sqlite_url: str, outside: Outside
) -> None:
    play = stage.play_on(address)
    with watched(address, sqlite_url, outside):
        play.cy.posts(f"@Watchbell sev1 {WORDS}")
        play.gil.posts(f"@Watchbell sev1 {WORDS}", "globex")
        play.ana.clicks("Acknowledge", "@ana")
        play.advance(hours=1, minutes=1)
        waits_for(lambda: {attribute(span, "code.function.name") for span in outside.spans()} >= WORK)
        waits_for(lambda: {span.name for span in outside.spans()} == {"delivery", "deadline", "message"})
        # Those that are due together are done in one transaction, and are still one piece of work each.
        waits_for(
            lambda: {attribute(span, "watchbell.deadline") for span in outside.spans()} >= {"update:1", "update:2"}
        )
    for span in outside.spans():
        assert 0 <= span.end_time_unix_nano - span.start_time_unix_nano < 600e9
        names = {each.key for each in span.attributes}
        assert names <= {
            "watchbell.delivery", "watchbell.deadline", "watchbell.message", "watchbell.ticket", "code.function.name",
        }  # fmt: skip
    sent = [span for span in outside.spans() if span.name == "message"]
    assert {attribute(span, "watchbell.ticket") for span in sent} == {"1", "2"}
    headers = [headers for path, headers, _ in outside.posted if path == "/v1/traces"]
    assert {each["x-collector-key"] for each in headers} == {"zqheader"}
    assert outside.events() == []
    assert "zqwords" not in outside.everything()
