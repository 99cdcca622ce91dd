"""How does a Web API call come in by HTTP, and how is it answered, refused or spoiled?"""

import asyncio
import json
import time
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.sandbox.api import METHODS
from bot.sandbox.api.registry import Args, Method
from bot.sandbox.errors import SlackError
from bot.sandbox.faults import ANSWERS
from bot.sandbox.pace import Pace
from bot.sandbox.platform import APP_TOKEN, BOT_TOKEN, Platform
from bot.sandbox.wire import Json, iso

HANG_SECONDS = 60.0


class WebApi:
    """The endpoint of /api/METHOD."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._pace = Pace()

    async def __call__(self, request: Request) -> Response:
        """Answers one call as Slack would: 200 with ok true or false, 429, or what a fault makes of it."""
        try:
            values = await _read_values(request)
        except ClientDisconnect:
            # An app that is killed while it calls has nobody left to be answered.
            return PlainTextResponse("", 400)
        return await self._answered(request, values)

    async def _answered(self, request: Request, values: Json) -> Response:
        platform, name = self._platform, request.path_params["method"]
        if platform.faults.standing("away", now=platform.now):
            return PlainTextResponse("service unavailable", 503)
        fault = platform.faults.take(ANSWERS, method=name, now=platform.now)
        kind = fault.kind if fault else ""
        if fault and kind == "429":
            return _too_fast(fault.retry_after)
        if kind == "500":
            return JSONResponse({"ok": False, "error": "internal_error"}, 500)
        if kind == "timeout_before":
            return await _hang(request)
        token = request.headers.get("authorization", "").removeprefix("Bearer ") or str(values.get("token", ""))
        answer = self._answer(name, token, Args(values))
        if kind == "timeout_after":
            return await _hang(request)
        return answer

    def _answer(self, name: str, token: str, args: Args) -> Response:
        try:
            method = _allowed(name, token)
            self._platform.manifest.need(method.scopes)
            if self._platform.faults.rate_limits and (wait := self._wait_for(method, args)) is not None:
                return _too_fast(wait)
            if method.writes:
                self._platform.touch()
                self._platform.called_at = time.monotonic()
            return JSONResponse({"ok": True, **method.call(self._platform, args)})
        except SlackError as refused:
            told = _refusal(refused)
            self._platform.refused.append({"method": name, "at": iso(self._platform.now), **told})
            return JSONResponse(told)

    def _wait_for(self, method: Method, args: Args) -> int | None:
        now = self._platform.now
        if method.name == "chat.postMessage":
            return self._pace.wait_for_message(args.text("channel", ""), now=now)
        if method.per_minute is None:
            return None
        return self._pace.wait_for_call(method.name, method.per_minute, now=now)


def _allowed(name: str, token: str) -> Method:
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    if not token and name != "api.test":
        raise SlackError("not_authed")
    if token not in {BOT_TOKEN, APP_TOKEN, ""}:
        raise SlackError("invalid_auth")
    if name != "api.test" and (token == APP_TOKEN) != (method.by == "app"):
        raise SlackError("not_allowed_token_type")
    return method


def _refusal(refused: SlackError) -> Json:
    body: Json = {"ok": False, "error": refused.code, **refused.details}
    if refused.messages:
        lines = [line if line.startswith("[") else f"[ERROR] {line}" for line in refused.messages]
        body["response_metadata"] = {"messages": lines}
        if refused.code == "invalid_blocks":
            body["errors"] = list(refused.messages)
    return body


def _too_fast(retry_after: int) -> Response:
    return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers={"Retry-After": str(retry_after)})


async def _hang(request: Request) -> Response:
    """Says nothing until the client gives up."""
    try:
        async with asyncio.timeout(HANG_SECONDS):
            while (await request.receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        pass
    return PlainTextResponse("gone", 504)


async def _read_values(request: Request) -> Json:
    """Query, form and JSON arguments in one; an empty JSON body is no arguments, as the SDK sends it."""
    values: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    body = await request.body()
    if kind == "application/json":
        try:
            found = json.loads(body or b"{}")
        except ValueError:
            found = None
        return values | found if isinstance(found, dict) else values
    if kind == "multipart/form-data":
        async with request.form() as form:
            return values | {key: value for key, value in form.items() if isinstance(value, str)}
    return values | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
