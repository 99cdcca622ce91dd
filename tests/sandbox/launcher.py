"""How does an app that has no setting for Slack's address run here? Its client's default address is another one.

`python -m tests.sandbox.launcher APP.py` runs it as its author starts it; `... APP.py --port N` takes its `app` and
serves that over HTTP, `... APP.py --socket` connects it in Socket Mode. Nothing else of the app is touched.
"""

import asyncio
import os
import runpy
import sys
from typing import Any

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_base_client import AsyncBaseClient
from slack_sdk.web.base_client import BaseClient


def point_at(api_url: str) -> None:
    """A client that names no address of its own talks to this one."""
    for client in (BaseClient, AsyncBaseClient):
        usual = client.__init__.__defaults__ or ()
        client.__init__.__defaults__ = tuple(api_url if value == client.BASE_URL else value for value in usual)


def connect(app: Any) -> None:
    """Run an app in Socket Mode, whichever kind it is."""
    token = os.environ["SLACK_APP_TOKEN"]
    if not isinstance(app, AsyncApp):
        handler: Any = SocketModeHandler(app, token)
        handler.start()
        return

    async def stay() -> None:
        waiting: Any = AsyncSocketModeHandler(app, token)
        await waiting.start_async()

    asyncio.run(stay())


def main(file: str, *how: str) -> None:
    point_at(os.environ["SLACK_API_URL"])
    if not how:
        runpy.run_path(file, run_name="__main__")
        return
    app = runpy.run_path(file, run_name="app")["app"]
    if how[0] == "--socket":
        connect(app)
    else:
        app.start(int(how[1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
