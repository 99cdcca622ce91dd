"""How long did each piece of work take, for whoever collects that by OpenTelemetry? One span each, when it has ended.

A delivery kept, one worked off, a deadline fired, a message sent: each is a span of its own, with the ids of what it
was about and the type of an error that it met. Nothing that people wrote is in it. Off, nothing of it is imported.
"""

import threading
import urllib.error
import urllib.request
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

from bot.app.failures import why_unreached
from bot.clock import SystemClock
from bot.services.tracing import Piece
from bot.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

NOT_THERE = "OTEL_EXPORTER_OTLP_ENDPOINT is set, but no spans are sent: install Watchbell with its extra `otel`."
PATH = "/v1/traces"
TIMEOUT_SECONDS = 5.0
LAST_SPANS = "last-spans"


class Spans:
    """Sends spans to a collector, many at a time. Raises ImportError where the libraries are not there."""

    def __init__(self, settings: Settings) -> None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.trace import StatusCode

        ours = version("watchbell")
        resource = Resource.create({"service.name": settings.otel_service_name, "service.version": ours})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._exporter: SpanExporter = OTLPSpanExporter(
            endpoint=endpoint_of(settings), headers=settings.otel_headers, timeout=TIMEOUT_SECONDS
        )
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter))
        self._tracer = self._provider.get_tracer("watchbell", ours)
        self._error = StatusCode.ERROR
        # Simulated time is nothing to a collector.
        self._clock = SystemClock()

    def ended(self, piece: Piece) -> None:
        """A piece of work has ended just now; returns at once."""
        ended_at = self._clock.now()
        what = next(iter(piece.about))
        attributes = {f"watchbell.{name}": value for name, value in piece.about.items()}
        attributes["code.function.name"] = piece.work
        span = self._tracer.start_span(
            what, attributes=attributes, start_time=_nanoseconds(ended_at.timestamp(), piece.took_for)
        )
        if piece.error:
            span.set_attribute("error.type", piece.error)
            span.set_status(self._error)
        span.end(end_time=_nanoseconds(ended_at.timestamp(), timedelta(0)))

    def close(self, *, within: float) -> None:
        """Send what waits, for so many seconds at most: the library would take its time where nobody answers."""
        ending = threading.Thread(target=self._provider.shutdown, name=LAST_SPANS, daemon=True)
        ending.start()
        ending.join(within)
        if ending.is_alive():
            # It waits to try once more.
            self._exporter.shutdown()


def endpoint_of(settings: Settings) -> str:
    """Where spans are posted to, as the standard has it."""
    return (settings.otel_exporter_otlp_endpoint or "").rstrip("/") + PATH


def trouble_with(settings: Settings) -> str:
    """Why the collector does not take spans; empty where it takes an empty lot of them."""
    headers = {"Content-Type": "application/x-protobuf", **settings.otel_headers}
    asked = urllib.request.Request(endpoint_of(settings), data=b"", headers=headers, method="POST")  # noqa: S310 - the operator's own
    try:
        with urllib.request.urlopen(asked, timeout=TIMEOUT_SECONDS):  # noqa: S310 - as above
            return ""
    except urllib.error.HTTPError as refused:
        return f"it answers HTTP {refused.code}"
    except OSError as error:
        return f"it cannot be reached ({why_unreached(error)})"


def _nanoseconds(seconds: float, before: timedelta) -> int:
    return int((seconds - before.total_seconds()) * 1e9)
