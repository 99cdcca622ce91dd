"""How do log lines look: one style for a person's terminal, one for a machine that collects them?"""

import logging
import sys
import threading
from types import TracebackType

import structlog
from structlog.typing import Processor

from bot.app.redaction import Redaction

QUIET = (
    "slack_sdk", "slack_bolt", "apscheduler", "websocket", "websockets", "uvicorn", "alembic", "bot.slack.bolt",
    "asyncio", "urllib3", "requests", "requests_oauthlib", "oauthlib", "apprise", "sqlalchemy", "psycopg",
)  # fmt: skip
"""Libraries whose chatter is of no use to an operator; some of it quotes addresses with their secrets."""


TOLD_TWICE = "slack_sdk.web.base_client"
"""It logs each call that fails, and raises it as well; we say it where we know what it means."""


log = structlog.get_logger()


def set_up_logs(*, level: str, json: bool, redact: Redaction) -> None:
    """Send every log line, ours and the libraries', to standard error in one style and without secrets."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
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


class _Discreet(structlog.stdlib.ProcessorFormatter):
    """Takes secrets out of the finished line, whoever wrote it."""

    def __init__(self, redact: Redaction, *, foreign_pre_chain: list[Processor], processors: list[Processor]) -> None:
        super().__init__(foreign_pre_chain=foreign_pre_chain, processors=processors)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))
