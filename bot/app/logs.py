"""How do log lines look: one style for a person's terminal, one for a machine that collects them?"""

import logging
import sys

import structlog
from structlog.typing import Processor

QUIET = ("slack_sdk", "slack_bolt", "apscheduler", "websockets", "uvicorn", "alembic", "bot.slack.bolt")
"""Libraries whose chatter is of no use to an operator."""


TOLD_TWICE = "slack_sdk.web.base_client"
"""It logs each call that fails, and raises it as well; we say it where we know what it means."""


def set_up_logs(*, level: str, json: bool) -> None:
    """Send every log line, ours and the libraries', to standard error in one style."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: Processor = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.getLevelName(level), logging.WARNING))
    logging.getLogger(TOLD_TWICE).setLevel(logging.CRITICAL)
