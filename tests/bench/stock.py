"""What would one have without us? Bolt as its documentation shows it, with a listener that does nothing but ack."""

from typing import Any

from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from starlette.requests import Request
from starlette.responses import Response

from tests.bench.office import BELL, SECRET, WORKSPACE


def bolt(client: WebClient | None = None) -> App:
    """A Bolt app in its default settings, with one command; it knows who it is without asking Slack."""
    app = App(signing_secret=SECRET, authorize=_home, client=client)
    app.command("/ticket")(_do_nothing)
    return app


def site() -> Any:
    """The app behind FastAPI, by Bolt's own adapter."""
    from fastapi import FastAPI
    from slack_bolt.adapter.fastapi import SlackRequestHandler

    handler = SlackRequestHandler(bolt())
    pages = FastAPI()

    async def endpoint(request: Request) -> Response:
        answer: Response = await handler.handle(request)
        return answer

    pages.post("/slack/events")(endpoint)
    return pages


def socket(client: WebClient) -> SocketModeHandler:
    """The app behind Bolt's own Socket Mode handler, its client the one that it takes by default."""
    return SocketModeHandler(bolt(client), app_token="xapp-bench", web_client=client)


def _home() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=WORKSPACE, bot_token="xoxb-bench", bot_user_id=BELL)


def _do_nothing(ack: Ack) -> None:
    ack()
