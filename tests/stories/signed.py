"""How does a request of Slack's reach the desk over HTTP? Signed, and here also wrongly signed or old."""

import http.client
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from slack_sdk.signature import SignatureVerifier

from bot.app.runtime import Runtime
from bot.sandbox.server import Address


@dataclass(frozen=True, slots=True)
class Reply:
    """What the desk answered."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Wire:
    """Slack's end of the line to one desk."""

    url: str
    secret: str

    @classmethod
    def to(cls, running: Runtime, address: Address) -> "Wire":
        return cls(str(running.url), address.signing_secret)

    def command(
        self, name: str, text: str, *, trigger: str, user: str = "U0ANA", channel: str = "C0ACME",
        secret: str | None = None, age: int = 0,
    ) -> Reply:  # fmt: skip
        """A slash command; with another secret or of some seconds' age on request."""
        body = urlencode(
            {
                "token": "t", "team_id": "T0WATCH", "channel_id": channel, "user_id": user, "user_name": user.lower(),
                "command": name, "text": text, "trigger_id": trigger, "response_url": f"{self.url}/nowhere",
            }
        )  # fmt: skip
        at = str(int(time.time()) - age)
        signature = SignatureVerifier(secret or self.secret).generate_signature(timestamp=at, body=body) or ""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": signature,
        }
        connection.request("POST", "/slack/events", body, headers)
        answer = connection.getresponse()
        found = Reply(answer.status, answer.read().decode())
        connection.close()
        return found
