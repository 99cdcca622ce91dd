"""Does the local workspace misbehave when told to, and only as long as it is told to?"""

import asyncio
import json
import urllib.error
from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler, ServerErrorRetryHandler
from starlette.requests import Request
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bot.sandbox import sockets
from bot.sandbox.server import Address, Server
from bot.sandbox.webapi import WebApi
from tests.sandbox.script import Script


@pytest.fixture
def client(address: Address) -> WebClient:
    return WebClient(token=address.bot_token, base_url=address.api_url, timeout=1, retry_handlers=[])


@pytest.fixture
def link(address: Address) -> Iterator[ClientConnection]:
    opened = WebClient(base_url=address.api_url).apps_connections_open(app_token=address.app_token)
    with connect(str(opened["url"])) as connection:
        assert json.loads(connection.recv(5))["type"] == "hello"
        yield connection


def envelope(link: ClientConnection, *, ack: bool = True) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(link.recv(10))
    if ack:
        link.send(json.dumps({"envelope_id": found["envelope_id"]}))
    return found


def test_an_app_that_dies_in_the_middle_of_a_call_is_no_error_of_the_workspace(server: Server) -> None:
    parts: Iterator[dict[str, Any]] = iter(
        [{"type": "http.request", "body": b'{"channel": "C0', "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> MutableMapping[str, Any]:
        return next(parts)

    scope = {
        "type": "http", "method": "POST", "path": "/api/chat.postMessage", "query_string": b"",
        "headers": [(b"content-type", b"application/json")], "path_params": {"method": "chat.postMessage"},
    }  # fmt: skip
    assert asyncio.run(WebApi(server.platform)(Request(scope, receive))).status_code == 400


def test_429_and_500_are_met_by_the_sdks_own_retry_handlers(address: Address, script: Script) -> None:
    patient = WebClient(token=address.bot_token, base_url=address.api_url, retry_handlers=[])
    patient.retry_handlers = [RateLimitErrorRetryHandler(max_retry_count=2), ServerErrorRetryHandler(max_retry_count=2)]
    script.ask("/faults", {"method": "chat.postMessage", "kind": "429", "times": 1, "retry_after": 1})
    patient.chat_postMessage(channel="C0ACME", text="late")
    script.ask("/faults", {"method": "chat.postMessage", "kind": "500", "times": 1})
    patient.chat_postMessage(channel="C0ACME", text="later")
    assert script.texts("#acme") == ["late", "later"]


def test_a_time_out_comes_before_or_after_the_effect(client: WebClient, script: Script) -> None:
    for kind in ("timeout_before", "timeout_after"):
        script.ask("/faults", {"method": "chat.postMessage", "kind": kind})
        with pytest.raises((TimeoutError, urllib.error.URLError)):
            client.chat_postMessage(channel="C0ACME", text=kind)
    assert script.texts("#acme") == ["timeout_after"]


def test_the_pace_is_one_message_a_second_a_channel_in_simulated_time(client: WebClient, script: Script) -> None:
    script.ask("/faults", {"rate_limits": True})
    client.chat_postMessage(channel="C0ACME", text="one")
    client.chat_postMessage(channel="C0OPS", text="one")
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C0ACME", text="two")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["retry-after"] == "1"
    script.clock(advance=1)
    client.chat_postMessage(channel="C0ACME", text="two")
    assert script.texts("#acme") == ["one", "two"]


def test_a_workspace_that_is_away_comes_back(client: WebClient, script: Script) -> None:
    script.ask("/faults", {"kind": "away", "for": "1 hour"})
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C0ACME", text="now")
    assert refused.value.response.status_code == 503
    script.clock(advance="1 hour")
    client.chat_postMessage(channel="C0ACME", text="now")
    assert script.ask("/faults")["faults"] == []


def test_an_envelope_goes_to_one_connection_and_is_repeated_until_it_is_taken(
    link: ClientConnection, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "ACK_SECONDS", 0.2)
    script.act("cy", post="hello", channel="#acme", wait=False)
    first, second = envelope(link, ack=False), envelope(link)
    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    assert (first["retry_attempt"], second["retry_attempt"]) == (0, 1)
    assert second["retry_reason"] == "timeout"
    assert first["payload"]["event"]["user_team"] == "T0ACME"
    assert first["payload"]["team_id"] == "T0WATCH"
    assert first["payload"]["is_ext_shared_channel"] is True


def test_what_was_written_while_no_app_was_there_comes_after_a_minute(
    address: Address, script: Script, link: ClientConnection
) -> None:
    link.close()
    script.act("cy", post="anybody?", channel="#acme")
    opened = WebClient(base_url=address.api_url).apps_connections_open(app_token=address.app_token)
    with connect(str(opened["url"])) as again:
        again.recv(5)
        script.ask("/clock", {"rate": 60})
        late = envelope(again)
        script.ask("/clock", {"rate": 0})
    assert late["payload"]["event"]["text"] == "anybody?"
    assert late["retry_attempt"] == 2
    assert late["retry_reason"] == "no_connection"


def test_deliveries_come_twice_or_in_another_order_when_told_to(link: ClientConnection, script: Script) -> None:
    script.ask("/faults", {"kind": "duplicate"})
    script.act("cy", post="twice", channel="#acme", wait=False)
    ids = {envelope(link)["payload"]["event_id"], envelope(link)["payload"]["event_id"]}
    assert len(ids) == 1
    script.ask("/faults", {"kind": "reorder"})
    script.act("cy", post="first", channel="#acme", wait=False)
    script.act("cy", post="second", channel="#acme", wait=False)
    assert [envelope(link)["payload"]["event"]["text"] for _ in range(2)] == ["second", "first"]


def test_sockets_are_dropped_and_asked_to_refresh(link: ClientConnection, script: Script) -> None:
    script.ask("/faults", {"kind": "refresh"})
    assert json.loads(link.recv(5))["reason"] == "refresh_requested"
    script.ask("/faults", {"kind": "drop_sockets"})
    with pytest.raises(ConnectionClosed):
        link.recv(5)


def test_a_socket_that_is_to_be_left_hears_no_more_once_its_successor_stands(
    address: Address, link: ClientConnection, script: Script
) -> None:
    script.ask("/faults", {"kind": "refresh"})
    link.recv(5)
    script.act("cy", post="to the only one", channel="#acme", wait=False)
    assert envelope(link)["payload"]["event"]["text"] == "to the only one"
    opened = WebClient(base_url=address.api_url).apps_connections_open(app_token=address.app_token)
    with connect(str(opened["url"])) as successor:
        successor.recv(5)
        for text in ("one", "two"):
            script.act("cy", post=text, channel="#acme", wait=False)
            assert envelope(successor)["payload"]["event"]["text"] == text


def test_a_half_open_socket_hears_nothing(
    link: ClientConnection, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "ACK_SECONDS", 0.2)
    script.ask("/faults", {"kind": "half_open"})
    assert "did not answer within 3 seconds" in script.act("ana", command="/say hi", channel="#acme")["error"]
    with pytest.raises(TimeoutError):
        link.recv(0.1)


def test_a_ticket_for_a_socket_serves_once(address: Address) -> None:
    opened = WebClient(base_url=address.api_url).apps_connections_open(app_token=address.app_token)
    with connect(str(opened["url"])) as first:
        first.recv(5)
        with pytest.raises(InvalidStatus, match="403"), connect(str(opened["url"])):
            pass


def test_an_unknown_fault_is_refused(script: Script) -> None:
    assert "there is no fault 'gremlins'" in script.ask("/faults", {"kind": "gremlins"})["error"]
    assert "whole number above 0" in script.ask("/faults", {"kind": "500", "times": 0})["error"]
