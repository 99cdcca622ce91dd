"""How does Slack's traffic reach the listeners?

Listeners run inside the request: they commit, then Slack gets its acknowledgement. Nothing here sends a message.
"""

import logging
from collections.abc import Callable

from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware import Middleware
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient

from bot.clock import Clock
from bot.services.desk import Desk
from bot.slack import actions, commands, events, shortcuts, views
from bot.slack.deps import Deps
from bot.slack.shape import misshapen

log = logging.getLogger(__name__)

FORM_SECONDS = 2
"""Slack gives three seconds from the click to the form; one is for everything else."""


def create(
    *,
    client: WebClient,
    signing_secret: str | None,
    desk: Desk,
    clock: Clock,
    bot_user: str,
    on_joined: Callable[[], None] = lambda: None,
) -> App:
    """Build the Bolt app. Without a signing secret it takes requests from the socket only and answers 401 to HTTP.

    `on_joined` hears that the bot was asked into a channel, in which it may have been before.
    """
    quiet = logging.getLogger("bot.slack.bolt")
    quiet.addFilter(_worth_saying)

    def authorize() -> AuthorizeResult:
        # The composition root asked auth.test once; asking again at every request would cost a round trip each.
        return AuthorizeResult(
            enterprise_id=None, team_id=desk.workspace, bot_token=client.token, bot_user_id=bot_user, bot_id=None
        )

    app = App(
        # Without a name Bolt looks for its caller's file through all that is imported: most of a start's work.
        name="watchbell",
        logger=quiet,
        client=_tokenless(client),
        signing_secret=signing_secret or "none",
        authorize=authorize,
        before_authorize=_Gate(has_secret=bool(signing_secret)),
        process_before_response=True,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    deps = Deps(client=_hurried(client), desk=desk, clock=clock, bot_user=bot_user, on_joined=on_joined)
    for room in (commands, actions, views, shortcuts, events):
        room.register(app, deps)
    return app


class _Gate(Middleware):
    """Lets nothing by HTTP pass without a signing secret, and nothing at all that is not of Slack's shape.

    A class, since Bolt reads a delivery through to give a function what it may ask for, and breaks on a misshapen one.
    """

    def __init__(self, *, has_secret: bool) -> None:
        self._has_secret = has_secret

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt names it
        next: Callable[[], BoltResponse],  # noqa: A002 - Bolt's name
    ) -> BoltResponse:
        """The refusal, or what comes next."""
        if req.mode != "socket_mode" and not self._has_secret:
            return BoltResponse(status=401, body='{"error": "no signing secret"}')
        if wrong := misshapen(req.body):
            log.warning("a delivery was refused, since it is not of the shape that Slack gives it: %s", wrong)
            return BoltResponse(status=400, body='{"error": "misshapen"}')
        return next()


def _worth_saying(record: logging.LogRecord) -> bool:
    # Bolt reads SLACK_BOT_TOKEN by itself, and warns that it does not need it. What it does not know it quotes whole,
    # with everything that somebody wrote.
    said = record.getMessage()
    return "`token` will be unused" not in said and not said.startswith("Unhandled request")


def _hurried(client: WebClient) -> WebClient:
    return WebClient(
        token=client.token,
        base_url=client.base_url,
        timeout=FORM_SECONDS,
        ssl=client.ssl,
        proxy=client.proxy,
        headers=client.headers,
        retry_handlers=[],
    )


def _tokenless(client: WebClient) -> WebClient:
    # Bolt warns when it has both a token and an authorize function.
    return WebClient(
        base_url=client.base_url,
        timeout=client.timeout,
        ssl=client.ssl,
        proxy=client.proxy,
        headers=client.headers,
    )
