"""How does a calendar program fetch who is on call? By GET, with the token of a signed address."""

from collections.abc import Callable
from datetime import datetime

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.domain.errors import Refused
from bot.messages.sentences import worded
from bot.services import calendar
from bot.services.desk import Desk, Work


def routes(desk: Desk, *, clock: Callable[[], datetime]) -> list[Route]:
    """GET /oncall.ics."""

    def fetch(token: str) -> Response:
        try:
            with desk.db.reading() as session:
                content = calendar.feed(Work(desk, session), token=token, now=clock())
        except Refused as refusal:
            return PlainTextResponse(worded(desk.catalog, refusal).sentence, 403)
        return Response(content, media_type="text/calendar", headers={"cache-control": "private, max-age=600"})

    async def oncall(request: Request) -> Response:
        return await to_thread.run_sync(fetch, request.query_params.get("token", ""))

    return [Route(f"/{calendar.PURPOSE}", oncall)]
