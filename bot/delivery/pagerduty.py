"""How does PagerDuty hear of a page, of its acknowledgement and of its end? By its Events API v2.

The incident's `dedup_key` is the chain's id, so that repeats join it and one click here answers there. A contact is
`pagerduty://ROUTING_KEY`, the integration key of a service.
"""

import http.client
import json
import re
import urllib.error
import urllib.request
from datetime import timedelta

from bot.delivery.errors import DeliveryError, pause_asked_for
from bot.store.tables import OutboxRow

SCHEME = "pagerduty://"
EVENTS_URL = "https://events.pagerduty.com/v2/enqueue"
TIMEOUT_SECONDS = 10
LONGEST_SUMMARY = 1024
TOO_MANY = 429
_KEY = re.compile(r"[A-Za-z0-9]{16,64}")


class PagerDuty:
    """A client for the three events there are. `events_url` is where they go."""

    def __init__(self, events_url: str = EVENTS_URL) -> None:
        self._events_url = events_url

    def fault_of(self, url: str) -> str:
        """What is wrong with the form of a contact; empty where nothing is."""
        return "" if _KEY.fullmatch(_routing_key(url)) else "needs a PagerDuty integration key: pagerduty://ROUTING_KEY"

    def send(self, url: str, row: OutboxRow) -> None:
        """Trigger, acknowledge or resolve, as the row says. Raises DeliveryError."""
        if fault := self.fault_of(url):
            raise DeliveryError(f"the contact {fault}", permanent=True)
        event = {
            "routing_key": _routing_key(url),
            "event_action": row.payload.get("action", "trigger"),
            "dedup_key": row.payload["dedup"],
        }
        if event["event_action"] == "trigger":
            event["payload"] = {
                "summary": row.payload["text"][:LONGEST_SUMMARY],
                "source": "Watchbell",
                "severity": "critical",
                "custom_details": {"text": row.payload["body"], "reference": row.id},
            }
        self._post(json.dumps(event).encode())

    def _post(self, body: bytes) -> None:
        request = urllib.request.Request(  # noqa: S310 - PagerDuty's address, or a test's
            self._events_url, data=body, headers={"content-type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise _refusal(error) from None
        except (OSError, http.client.HTTPException) as error:
            raise DeliveryError(f"PagerDuty does not answer: {type(error).__name__}") from error


def _routing_key(url: str) -> str:
    return url.removeprefix(SCHEME).strip("/").partition("?")[0]


def _refusal(error: urllib.error.HTTPError) -> DeliveryError:
    """4xx says that the event itself is wrong, 429 and 5xx that it may come again. Source: Events API v2, responses."""
    if error.code == TOO_MANY:
        wait = pause_asked_for(error.headers.get("retry-after", ""), otherwise=timedelta(seconds=10))
        return DeliveryError("HTTP 429", retry_after=wait)
    return DeliveryError(f"HTTP {error.code}", permanent=error.code < http.client.INTERNAL_SERVER_ERROR)
