"""What does Slack's refusal, or its silence, mean for the message?"""

import errno
import http.client
import socket
import ssl
from collections.abc import Callable
from datetime import timedelta
from urllib.error import HTTPError, URLError

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.delivery.errors import DeliveryError, pause_asked_for

TIMEOUT_SECONDS = 10
"""How long Slack gets to answer one call."""

SILENT_FOR = timedelta(seconds=TIMEOUT_SECONDS + 5)
"""After a call without an answer, nothing of it appears later than this after it began."""

ANSWERED_FOR = timedelta(seconds=2)
"""Where Slack itself said that it failed, the call is over: a look-up soon after tells."""

TEMPORARY = {
    "ratelimited": None,
    "rate_limited": None,
    "message_limit_exceeded": timedelta(minutes=1),
    "team_added_to_org": timedelta(minutes=1),
    "accesslimited": timedelta(minutes=1),
    # The operator can put these right without touching the message, so it waits.
    "invalid_auth": timedelta(minutes=1),
    "not_authed": timedelta(minutes=1),
    "account_inactive": timedelta(minutes=1),
    "token_revoked": timedelta(minutes=1),
    "token_expired": timedelta(minutes=1),
    "missing_scope": timedelta(minutes=1),
    "no_permission": timedelta(minutes=1),
    "not_allowed_token_type": timedelta(minutes=1),
}
NOT_GRANTED = frozenset({"missing_scope", "no_permission", "not_allowed_token_type"})
"""The app lacks a right: waiting helps only once somebody has installed it anew."""
MAYBE_DONE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "timeout"})
GONE = frozenset(
    {"message_not_found", "not_found", "view_not_found", "expired_trigger_id", "hash_conflict", "user_not_in_channel"}
)
NEVER_LEFT = frozenset({errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})

NETWORK_ERRORS = (SlackClientError, OSError, http.client.HTTPException)
"""Everything that a call of the Slack client raises when it does not succeed; URLError and time-outs are OSErrors."""


def call(method: Callable[..., SlackResponse], **arguments: object) -> SlackResponse:
    """Call a method of the Slack client. Raises DeliveryError."""
    try:
        return method(**arguments)
    except NETWORK_ERRORS as error:
        raise meaning_of(error) from error


def meaning_of(error: BaseException) -> DeliveryError:
    """What an error of the Slack client means; an unknown refusal is permanent, an unknown silence ambiguous."""
    if isinstance(error, SlackApiError):
        return _refusal(error)
    if isinstance(error, HTTPError):
        return _file_refusal(error)
    if _never_left(error):
        return DeliveryError(f"Slack cannot be reached: {error}")
    return DeliveryError(f"no answer from Slack: {type(error).__name__}: {error}", settles_in=SILENT_FOR)


def _refusal(error: SlackApiError) -> DeliveryError:
    response = error.response
    if not isinstance(response, SlackResponse):
        return DeliveryError(str(error), settles_in=SILENT_FOR)
    status = int(response.status_code)
    said = response.data if isinstance(response.data, dict) else {}
    code = str(said.get("error") or f"HTTP {status}")
    if status == http.client.TOO_MANY_REQUESTS or code in {"ratelimited", "rate_limited"}:
        return DeliveryError("ratelimited", retry_after=retry_after(response))
    if code in MAYBE_DONE or status in {http.client.INTERNAL_SERVER_ERROR, http.client.SERVICE_UNAVAILABLE}:
        return DeliveryError(code[:200], settles_in=ANSWERED_FOR)
    if status >= http.client.INTERNAL_SERVER_ERROR or "error" not in said or " " in code:
        # A gateway spoke in Slack's place, or the answer was no JSON: the call itself may still be at work.
        return DeliveryError(f"HTTP {status}", settles_in=SILENT_FOR)
    if code in TEMPORARY:
        return DeliveryError(code, retry_after=TEMPORARY[code])
    return DeliveryError(code, permanent=True, gone=code in GONE)


def _file_refusal(error: HTTPError) -> DeliveryError:
    """What it means where a file was not given or taken: nothing is shown before all of it is there.

    All other calls come back as answers of Slack's client, whatever their status.
    """
    passing = error.code in {http.client.REQUEST_TIMEOUT, http.client.TOO_MANY_REQUESTS}
    return DeliveryError(
        f"file: HTTP {error.code}", permanent=error.code < http.client.INTERNAL_SERVER_ERROR and not passing
    )


def retry_after(response: SlackResponse) -> timedelta:
    """How long Slack asks us to wait before the next call; a second where it does not say."""
    headers = {str(name).lower(): value for name, value in response.headers.items()}
    value = headers.get("retry-after", "1")
    return pause_asked_for(str(value[0] if isinstance(value, list) else value), otherwise=timedelta(seconds=1))


def _never_left(error: BaseException) -> bool:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, (socket.gaierror, ssl.SSLCertVerificationError)):
        return True
    return isinstance(reason, OSError) and reason.errno in NEVER_LEFT
