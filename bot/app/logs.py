"""How do log lines look: one style for a person's terminal, one for a machine that collects them?"""

import logging
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType

import structlog
from structlog.typing import EventDict, Processor

from bot.app.redaction import Redaction
from bot.services import tracing

QUIET = (
    "slack_sdk", "slack_bolt", "apscheduler", "websocket", "websockets", "uvicorn", "alembic", "bot.slack.bolt",
    "asyncio", "urllib3", "requests", "requests_oauthlib", "oauthlib", "apprise", "sqlalchemy", "psycopg",
    "sentry_sdk", "opentelemetry",
)  # fmt: skip
"""Libraries whose chatter is of no use to an operator; some of it quotes addresses with their secrets."""


OUTSIDE = ("sentry_sdk", "opentelemetry", "urllib3")
"""Those who carry news of trouble: they are not told of their own, or it would never end."""

TOLD_TWICE = "slack_sdk.web.base_client"
"""It logs each call that fails, and raises it as well; we say it where we know what it means."""


log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Trouble:
    """A line of the log that says that something failed; `said` is its fixed part, without what was put into it."""

    logger: str
    level: str
    said: str
    error: BaseException | None
    about: Mapping[str, str]


OnTrouble = Callable[[Trouble], None]


def set_up_logs(*, level: str, json: bool, redact: Redaction, on_trouble: OnTrouble | None = None) -> None:
    """Send every log line, ours and the libraries', to standard error in one style and without secrets.

    `on_trouble` hears of each that says that something failed, in the thread that wrote it.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *([_telling(on_trouble)] if on_trouble else ()),
        structlog.processors.format_exc_info,
    ]
    renderer: Processor = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Discreet(
            redact,
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.getLevelName(level), logging.WARNING))
    logging.getLogger(TOLD_TWICE).setLevel(logging.CRITICAL)


def tell_of_crashes() -> None:
    """Log what nobody caught, in any thread, as every other line: Python itself would print it as it is."""

    def crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.critical("crashed", exc_info=(kind, error, trace))

    def thread_crashed(told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            crashed(told.exc_type, told.exc_value, told.exc_traceback)

    sys.excepthook = crashed
    threading.excepthook = thread_crashed


def _telling(on_trouble: OnTrouble) -> Processor:
    def tell(_logger: object, _method: str, line: EventDict) -> EventDict:
        if line.get("level") not in {"error", "critical"} or str(line.get("logger")).startswith(OUTSIDE):
            return line
        record, error = line.get("_record"), _error_of(line.get("exc_info"))
        said = str(line.get("event", "")) if record is None else _fixed_part(record)
        tracing.met(type(error).__name__ if error else said)
        try:
            on_trouble(Trouble(str(line.get("logger")), str(line["level"]), said, error, tracing.named()))
        except Exception:  # noqa: BLE001 - whoever is told must not break whoever works; the line itself is written
            line["not_told"] = True
        return line

    return tell


def _fixed_part(record: logging.LogRecord) -> str:
    """What our own lines say before anything is put in; libraries may have put in anything themselves."""
    ours = record.name.startswith("bot.") and record.name not in QUIET
    return str(record.msg) if ours else f"an error of {record.name}"


def _error_of(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1] if isinstance(exc_info[1], BaseException) else None
    return sys.exc_info()[1] if exc_info else None


class _Discreet(structlog.stdlib.ProcessorFormatter):
    """Takes secrets out of the finished line, whoever wrote it."""

    def __init__(self, redact: Redaction, *, foreign_pre_chain: list[Processor], processors: list[Processor]) -> None:
        super().__init__(foreign_pre_chain=foreign_pre_chain, processors=processors)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))
