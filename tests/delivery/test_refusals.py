"""Is each refusal and each silence of Slack understood for what it is?"""

import errno
import http.client
import socket
from collections.abc import Callable
from datetime import timedelta
from email.message import Message
from urllib.error import HTTPError, URLError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse

from bot.delivery.refusals import meaning_of

NO_JSON = "Received a response in a non-JSON format: <html>"


def answer(status: int, body: dict[str, object], headers: dict[str, str] | None = None) -> SlackApiError:
    response = SlackResponse(
        client=WebClient(),
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={},
        data=body,
        headers=headers or {},
        status_code=status,
    )
    validate: Callable[[], object] = response.validate
    with pytest.raises(SlackApiError) as refused:
        validate()
    return refused.value


def code(error: str, status: int = 200) -> SlackApiError:
    return answer(status, {"ok": False, "error": error})


@pytest.mark.parametrize(
    "error", ["channel_not_found", "not_in_channel", "is_archived", "msg_too_long", "invalid_blocks", "a_new_word"]
)
def test_what_slack_will_never_take_is_permanent(error: str) -> None:
    refused = meaning_of(code(error))

    assert (refused.code, refused.permanent, refused.gone) == (error, True, False)


@pytest.mark.parametrize("error", ["message_not_found", "not_found", "user_not_in_channel"])
def test_what_is_no_longer_there_is_gone(error: str) -> None:
    refused = meaning_of(code(error))

    assert refused.permanent
    assert refused.gone


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "missing_scope", "account_inactive"])
def test_what_an_operator_can_put_right_waits(error: str) -> None:
    refused = meaning_of(code(error))

    assert (refused.permanent, refused.ambiguous, refused.retry_after) == (False, False, timedelta(minutes=1))


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "30"}, 30), ({"retry-after": "2"}, 2), ({"Retry-After": "0.5"}, 0.5), ({}, 1),
        ({"Retry-After": "soon"}, 1), ({"Retry-After": "²"}, 1), ({"Retry-After": "9" * 400}, 1),
        ({"Retry-After": "999999999"}, 3600), ({"Retry-After": "0"}, 0.1),
    ],
)  # fmt: skip
def test_too_many_requests_says_how_long_to_wait(headers: dict[str, str], wait: float) -> None:
    refused = meaning_of(answer(429, {"ok": False, "error": "ratelimited"}, headers))

    assert (refused.code, refused.retry_after) == ("ratelimited", timedelta(seconds=wait))
    assert not refused.permanent
    assert not refused.ambiguous


@pytest.mark.parametrize(
    "error", [code("internal_error", 500), code("fatal_error"), code("service_unavailable", 503), code(NO_JSON, 500)]
)
def test_slacks_own_failure_is_looked_up_soon(error: SlackApiError) -> None:
    assert meaning_of(error).settles_in == timedelta(seconds=2)


@pytest.mark.parametrize(
    "error",
    [
        code(NO_JSON, 502),
        code(NO_JSON, 504),
        code(NO_JSON),
        TimeoutError("timed out"),
        http.client.RemoteDisconnected("closed without response"),
        http.client.IncompleteRead(b"{"),
        ConnectionResetError(errno.ECONNRESET, "reset"),
        URLError(TimeoutError("timed out")),
        URLError(BrokenPipeError(errno.EPIPE, "broken pipe")),
        SlackRequestError("odd"),
    ],
)
def test_silence_is_looked_up_once_nothing_can_appear_any_more(error: Exception) -> None:
    refused = meaning_of(error)

    assert refused.settles_in == timedelta(seconds=15)
    assert not refused.permanent


@pytest.mark.parametrize(
    "error",
    [
        URLError(ConnectionRefusedError(errno.ECONNREFUSED, "refused")),
        URLError(socket.gaierror(-2, "Name or service not known")),
        URLError(OSError(errno.ENETUNREACH, "unreachable")),
    ],
)
def test_what_never_left_this_machine_needs_no_look(error: Exception) -> None:
    refused = meaning_of(error)

    assert not refused.ambiguous
    assert not refused.permanent


@pytest.mark.parametrize(("status", "permanent"), [(302, True), (404, True), (413, True), (429, False), (503, False)])
def test_a_file_that_is_not_given_or_taken_was_not_shown_and_is_not_looked_for(status: int, permanent: bool) -> None:
    refused = meaning_of(HTTPError("https://files.slack.com/upload/v1/a", status, "said", Message(), None))
    assert (refused.code, refused.permanent) == (f"file: HTTP {status}", permanent)
    assert not refused.ambiguous
