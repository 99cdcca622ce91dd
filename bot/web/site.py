"""What does this process answer over HTTP?

Slack's requests are dispatched in threads: a listener commits to the database, and must never hold the event loop.
"""

import logging
from collections.abc import Sequence
from email.utils import formatdate

from anyio import CapacityLimiter, to_thread
from prometheus_client import CONTENT_TYPE_LATEST
from slack_bolt import App, BoltRequest
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.body import read_limited
from bot.web.health import Health
from bot.web.metrics import Metrics

log = logging.getLogger(__name__)

CONCURRENCY = 20

TIMESTAMP_DIGITS = 12
"""Seconds since 1970 have no more for thirty thousand years."""

UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, RecursionError)
"""What Bolt raises where a body is not of the type or the shape that it takes for granted."""

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""What every answer says to a browser, unless its page says it otherwise: nothing is run, framed, kept or told on."""


def create(
    *,
    app: App | None = None,
    health: Health | None = None,
    metrics: Metrics | None = None,
    more: Sequence[Route] = (),
) -> Starlette:
    """The site: POST /slack/events (where there is a Bolt app), GET /healthz, /readyz and /metrics, and `more`."""
    pages = _Site(app, health or Health(), metrics)
    routes = [Route("/healthz", pages.healthz), Route("/readyz", pages.readyz)]
    if metrics is not None:
        routes.append(Route("/metrics", pages.metrics))
    if app is not None:
        routes.append(Route("/slack/events", pages.slack, methods=["POST"]))
    return Starlette(routes=[*routes, *more], middleware=[Middleware(_Careful)])


class _Careful:
    """Adds the headers that an answer lacks."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("date", formatdate(usegmt=True))
            await send(message)

        await self._app(scope, receive, told)


class _Site:
    def __init__(self, app: App | None, health: Health, metrics: Metrics | None) -> None:
        self._app = app
        self._health = health
        self._metrics = metrics
        self._slots: CapacityLimiter | None = None

    async def healthz(self, _request: Request) -> Response:
        return JSONResponse({"ok": True})

    async def readyz(self, _request: Request) -> Response:
        wrong = await to_thread.run_sync(self._health.check)
        return JSONResponse({"ready": not wrong, "reasons": wrong}, 503 if wrong else 200)

    async def metrics(self, _request: Request) -> Response:
        if self._metrics is None:
            return PlainTextResponse("no metrics", 404)
        return Response(await to_thread.run_sync(self._metrics.text), media_type=CONTENT_TYPE_LATEST)

    async def slack(self, request: Request) -> Response:
        try:
            body = await read_limited(request)
        except ClientDisconnect:
            return PlainTextResponse("", 400)
        if body is None:
            return PlainTextResponse("too large", 413)
        if self._slots is None:
            self._slots = CapacityLimiter(CONCURRENCY)
        return await to_thread.run_sync(self._dispatch, request, body, limiter=self._slots)

    def _dispatch(self, request: Request, body: bytes) -> Response:
        if self._app is None:
            return PlainTextResponse("not found", 404)
        if not _may_be_signed(request):
            # Bolt would break on it, and log that for whoever likes to fill logs.
            return PlainTextResponse("wrong signature", 401)
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return PlainTextResponse("not UTF-8", 400)
        headers: dict[str, str | Sequence[str]] = {name: [value] for name, value in request.headers.items()}
        try:
            asked = BoltRequest(body=text, query=str(request.url.query), headers=headers)
        except UNREADABLE:
            # Nobody's signature was looked at yet: whoever likes to fill logs could.
            return PlainTextResponse("not what Slack sends", 400)
        answer = self._app.dispatch(asked)
        return Response(answer.body, answer.status, answer.first_headers_without_set_cookie())


def _may_be_signed(request: Request) -> bool:
    """Whether the headers that prove a request are of the form that Slack gives them."""
    at = request.headers.get("x-slack-request-timestamp", "0")
    return at.isdecimal() and len(at) <= TIMESTAMP_DIGITS and request.headers.get("x-slack-signature", "").isascii()
