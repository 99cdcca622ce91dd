"""Does this process still hear Slack? One that is deaf while Slack answers ends, so that its supervisor begins it anew.

Where Slack itself is away nothing is won by ending: messages wait, and pages go out by the other media.
"""

import time
from collections.abc import Callable

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.app.fitness import SOCKET_SILENT_SECONDS

log = structlog.get_logger()

PATIENCE_SECONDS = 120.0
"""For so long a line is made anew before the process gives up; also how long it waits until it asks Slack again."""


class Watchdog:
    """Watches the age of the last traffic on the socket; `age` is None where no line stands, `answers` asks Slack."""

    def __init__(
        self, age: Callable[[], float | None], answers: Callable[[], bool], *, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._age = age
        self._answers = answers
        self._patience = patience
        self._since: float | None = None

    def is_deaf(self) -> bool:
        """Whether nothing was heard for too long although Slack is there: asked again and again."""
        age = self._age()
        if age is not None and age <= SOCKET_SILENT_SECONDS:
            self._since = None
            return False
        now = time.monotonic()
        self._since = now if self._since is None else self._since
        if now - self._since < self._patience:
            return False
        self._since = None
        deaf = self._answers()
        if deaf:
            log.error("deaf", why="Slack answers, but nothing comes by the socket; this process ends to begin anew")
        return deaf


def answers(client: WebClient, app_token: str) -> bool:
    """Whether Slack would give us a line just now.

    Not so where it has none to give, or takes our token no more: ending would win nothing, and pages could not leave.
    """
    try:
        client.apps_connections_open(app_token=app_token)
    except (SlackApiError, SlackClientError, OSError):
        return False
    return True
