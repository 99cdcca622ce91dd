"""Does an unmodified Bolt app work here in HTTP mode: signed, with Slack's retries?"""

import hashlib
import hmac
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from bot.sandbox.server import Address
from tests.sandbox.echo import build
from tests.sandbox.script import Script

Environ = dict[str, Any]


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ARG002 - the base class's names
        return


class Endpoint:
    """A request URL: a WSGI app on a free port, each request's headers kept."""

    def __init__(self, app: Callable[[Environ, Any], Iterable[bytes]]) -> None:
        self.seen: list[Environ] = []
        self._app = app
        self._server = WSGIServer(("127.0.0.1", 0), Quiet)
        self._server.set_app(self._take)
        self.url = f"http://127.0.0.1:{self._server.server_port}/slack/events"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def _take(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        self.seen.append({key: value for key, value in environ.items() if key.startswith("HTTP_X")})
        return self._app(environ, start_response)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@pytest.fixture
def endpoint(address: Address, script: Script) -> Iterator[Endpoint]:
    client = WebClient(token=address.bot_token, base_url=address.api_url)
    app = build(client, signing_secret=address.signing_secret)
    endpoint = Endpoint(SlackRequestHandler(app))
    script.ask("/app", {"request_url": endpoint.url})
    yield endpoint
    endpoint.close()
    app.listener_runner.listener_executor.shutdown(wait=True)


def test_the_same_app_works_over_signed_http(endpoint: Endpoint, script: Script) -> None:
    script.act("cy", post="hello", channel="#acme")
    assert script.texts("#acme") == ["hello", "echo: hello"]
    assert script.act("ana", command="/say hi", channel="#acme")["response"] == "You said hi"
    assert script.act("ana", command="/form", channel="#triage")["view"] == "Tell us"
    assert script.act("ana", submit={"Reason": "no"})["errors"] == {"Reason": "Say because."}
    assert script.act("ana", submit={"Reason": "because", "Who": "bo"})["view"] is None
    script.act("cy", click="Ring it", channel="#acme")
    assert script.texts("#acme")[-1] == "rung 7 by T0ACME, no size"


def test_a_delivery_that_fails_is_repeated_at_slacks_intervals_of_simulated_time(
    address: Address, script: Script
) -> None:
    def failing(_environ: Environ, start_response: Any) -> Iterable[bytes]:
        start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
        return [b"no"]

    endpoint = Endpoint(failing)
    script.ask("/app", {"request_url": endpoint.url})
    script.act("cy", post="hello", channel="#acme")
    assert [one.get("HTTP_X_SLACK_RETRY_NUM") for one in endpoint.seen] == [None, "1"]
    script.clock(advance=59)
    assert len(endpoint.seen) == 2
    script.clock(advance=1)
    assert len(endpoint.seen) == 3
    script.clock(advance="1 day")
    assert [one.get("HTTP_X_SLACK_RETRY_NUM") for one in endpoint.seen] == [None, "1", "2", "3"]
    assert {one.get("HTTP_X_SLACK_RETRY_REASON") for one in endpoint.seen[1:]} == {"http_error"}
    endpoint.close()


def test_each_request_is_signed_at_the_real_moment(address: Address, script: Script) -> None:
    bodies: list[bytes] = []

    def keeping(environ: Environ, start_response: Any) -> Iterable[bytes]:
        bodies.append(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b""]

    endpoint = Endpoint(keeping)
    script.ask("/app", {"request_url": endpoint.url})
    script.clock(advance="30 days")
    script.act("cy", post="hello", channel="#acme")
    at = endpoint.seen[0]["HTTP_X_SLACK_REQUEST_TIMESTAMP"]
    expected = hmac.new(address.signing_secret.encode(), f"v0:{at}:".encode() + bodies[0], hashlib.sha256)
    assert endpoint.seen[0]["HTTP_X_SLACK_SIGNATURE"] == f"v0={expected.hexdigest()}"
    assert abs(time.time() - int(at)) < 10
    endpoint.close()


def test_an_app_that_is_not_there_is_told_to_the_person(address: Address, script: Script) -> None:
    assert "the app is not connected" in script.act("ana", command="/say hi", channel="#acme")["error"]
    script.ask("/app", {"request_url": "http://127.0.0.1:9/slack/events"})
    assert "connection_failed" in script.act("ana", command="/say hi", channel="#acme")["error"]
    assert "begins with http" in script.ask("/app", {"request_url": "nowhere"})["error"]
