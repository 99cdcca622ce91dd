"""How does a delivery reach an app in HTTP mode: signed, with retry headers, its response the acknowledgement?"""

import asyncio
import hashlib
import hmac
import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

from bot.sandbox.sockets import ACK_SECONDS, Answer
from bot.sandbox.wire import Json


def signed_headers(body: bytes, secret: str, *, at: int) -> dict[str, str]:
    """Slack's v0 signature of a body at a real moment in epoch seconds."""
    digest = hmac.new(secret.encode(), b"v0:%d:" % at + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={digest}"}


class SignedHttp:
    """Posts deliveries to the app's request URL; a 200 within three real seconds is the acknowledgement."""

    def __init__(self, *, secret: str) -> None:
        self._secret = secret
        self._pool = ThreadPoolExecutor(max_workers=32, thread_name_prefix="signed-http")

    def close(self) -> None:
        """Lets the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def deliver(self, url: str, kind: str, payload: Json, *, attempt: int, reason: str) -> Answer:
        """Sends one delivery in the encoding that Slack uses for its kind."""
        form = {
            "slash_commands": lambda: {key: str(value) for key, value in payload.items() if value is not None},
            "interactive": lambda: {"payload": json.dumps(payload)},
        }.get(kind)
        body = (urlencode(form()) if form else json.dumps(payload)).encode()
        headers = signed_headers(body, self._secret, at=int(time.time()))
        headers["Content-Type"] = "application/x-www-form-urlencoded" if form else "application/json"
        headers["User-Agent"] = "Slackbot 1.0 (local workspace)"
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, _post, url, body, headers)


def _post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    address = urlsplit(url)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.hostname or "127.0.0.1", address.port, timeout=ACK_SECONDS)
    try:
        connection.request("POST", address.path or "/", body, headers)
        response = connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        if response.status != 200:
            retry = response.getheader("X-Slack-No-Retry") != "1"
            return Answer(acked=False, reason="http_error", retry=retry)
        return Answer(acked=True, payload=_read(text))
    except TimeoutError:
        return Answer(acked=False, reason="http_timeout")
    except (OSError, http.client.HTTPException):
        return Answer(acked=False, reason="connection_failed")
    finally:
        connection.close()


def _read(text: str) -> Json | str | None:
    if not text.strip():
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, dict) else text
