"""Which troubles does the operator's Sentry hear of, and what of them? Enough to find the place, and nobody's words.

An event names the line of the log by its fixed part, the types of the errors, the places in the code, and the ids of
the work in hand. What an error says of itself stays here, for it may quote what people wrote; so do local variables,
source lines, the name of the machine and whatever the library would add. Off, nothing of it is imported.
"""

import threading
import time
import traceback
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from bot.app.failures import CannotStart
from bot.app.logs import Trouble
from bot.app.redaction import Redaction

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

Json = dict[str, Any]

NOT_THERE = "SENTRY_DSN is set, but sentry-sdk is not installed: install Watchbell with its extra `sentry`."
AGAIN_SECONDS = 300.0
"""The same trouble at the same place is told again after this: an hour's outage must not use up a month's quota."""

KEPT = (
    "event_id", "timestamp", "level", "logger", "platform", "release", "environment", "tags", "exception", "logentry",
)  # fmt: skip
OF_AN_ERROR = ("type", "module")
OF_A_FRAME = ("filename", "function", "module", "lineno", "in_app")


class Sentry:
    """Tells a Sentry project of troubles. Threads may share one. Raises CannotStart where its library is not there."""

    def __init__(self, dsn: str, redact: Redaction) -> None:
        try:
            from sentry_sdk import Client
            from sentry_sdk.utils import event_from_exception
        except ImportError:
            raise CannotStart(NOT_THERE) from None
        self._redact = redact
        self._event_of = event_from_exception
        self._lock = threading.Lock()
        self._told: dict[tuple[str, ...], float] = {}
        self._client = Client(
            dsn=dsn,
            release=f"watchbell@{version('watchbell')}",
            default_integrations=False,
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            send_client_reports=False,
            include_local_variables=False,
            include_source_context=False,
            max_breadcrumbs=0,
            max_request_body_size="never",
            before_send=self._discreet,
        )

    def tell(self, trouble: Trouble) -> None:
        """Hand a trouble on; returns at once."""
        if not self._is_new(trouble):
            return
        event: Event = self._event_of(trouble.error, self._client.options)[0] if trouble.error else {}
        event["level"] = "fatal" if trouble.level == "critical" else "error"
        event["logger"] = trouble.logger
        event["logentry"] = {"message": trouble.said}
        event["tags"] = {name: value[:200] for name, value in trouble.about.items()}
        self._client.capture_event(event)

    def close(self, *, within: float) -> None:
        """Send what waits, for so many seconds at most."""
        self._client.close(timeout=within)

    def _is_new(self, trouble: Trouble) -> bool:
        place = traceback.extract_tb(trouble.error.__traceback__)[-1:] if trouble.error else []
        where = [f"{frame.filename}:{frame.lineno}" for frame in place]
        key, now = (trouble.logger, trouble.said, type(trouble.error).__name__, *where), time.monotonic()
        with self._lock:
            self._told = {known: at for known, at in self._told.items() if now - at < AGAIN_SECONDS}
            return self._told.setdefault(key, now) == now

    def _discreet(self, event: "Event", _hint: "Hint") -> "Event":
        """The event with what it may hold, whatever the library put into it."""
        given: Json = dict(event)
        kept: Json = {name: given[name] for name in KEPT if name in given}
        if "exception" in kept:
            kept["exception"] = {"values": [_bare(error) for error in kept["exception"]["values"]]}
        discreet: Event = self._said(kept)
        return discreet

    def _said(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._redact(value)
        if isinstance(value, dict):
            return {name: self._said(each) for name, each in value.items()}
        return [self._said(each) for each in value] if isinstance(value, list | tuple) else value


def _bare(error: Json) -> Json:
    bare: Json = {name: error.get(name) for name in OF_AN_ERROR}
    frames = (error.get("stacktrace") or {}).get("frames") or []
    bare["stacktrace"] = {"frames": [{name: frame.get(name) for name in OF_A_FRAME} for frame in frames]}
    return bare
