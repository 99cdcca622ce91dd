"""Who outside hears how this process fares, Sentry or a collector of spans? Nobody, unless they are set."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.app.logs import OnTrouble
from bot.app.redaction import Redaction
from bot.app.sentry import Sentry
from bot.app.spans import NOT_THERE, Spans
from bot.services import tracing
from bot.settings import Settings

LAST_NEWS_SECONDS = 0.4
"""What is left to be told at the end of a process may take this long at each of them."""


@dataclass(frozen=True, slots=True)
class Watching:
    """Those who are told, until closed; `lacking` says why somebody who is set is not."""

    sentry: Sentry | None = None
    spans: Spans | None = None
    deafen: Callable[[], None] = lambda: None
    lacking: str = ""

    @property
    def on_trouble(self) -> OnTrouble | None:
        """Hears of each trouble; None where nobody does."""
        if self.sentry:
            return self.sentry.tell
        return _unheard if self.spans else None

    def close(self) -> None:
        """Tell what is left, and nothing more."""
        self.deafen()
        if self.spans:
            self.spans.close(within=LAST_NEWS_SECONDS)
        if self.sentry:
            self.sentry.close(within=LAST_NEWS_SECONDS)


def begin(settings: Settings, redact: Redaction) -> Watching:
    """Begin to tell those who are set. Raises CannotStart where Sentry is set and its library is not installed.

    Some platforms name a collector to all that they run: where its library is missing, `lacking` says so.
    """
    sentry = Sentry(settings.sentry_dsn.get_secret_value(), redact) if settings.sentry_dsn else None
    if not settings.otel_exporter_otlp_endpoint:
        return Watching(sentry)
    try:
        spans = Spans(settings)
    except ImportError:
        return Watching(sentry, lacking=NOT_THERE)
    return Watching(sentry, spans, tracing.watch(spans.ended))


def _unheard(_trouble: object) -> None:
    """Nobody is told; the work in hand has noted the error for its span."""
