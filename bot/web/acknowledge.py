"""What does the link of a mailed page open? A small page with one button, and after it one sentence.

Opening the link changes nothing: mail programs open links by themselves.
"""

import html
from collections.abc import Callable
from datetime import datetime

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.domain.errors import Refused
from bot.messages.sentences import worded
from bot.services import drill, elsewhere, media
from bot.services.desk import Desk, Work

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.125rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem;
  overflow-wrap: anywhere; }}
button {{ font: inherit; font-weight: 600; padding: .75rem 1.5rem; border: 2px solid; border-radius: .5rem;
  cursor: pointer; }}
</style></head><body><main><h1>{title}</h1>{content}</main></body></html>
"""
HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
}


def routes(desk: Desk, *, clock: Callable[[], datetime]) -> list[Route]:
    """GET shows what would be done and asks for one click; POST does it. One path for pages, one for drills."""
    return [route for purpose in (media.LINK, drill.LINK) for route in _routes(desk, purpose, clock)]


def _routes(desk: Desk, purpose: str, clock: Callable[[], datetime]) -> list[Route]:
    async def show(request: Request) -> Response:
        return await to_thread.run_sync(_show, desk, purpose, request.path_params["token"], clock())

    async def take(request: Request) -> Response:
        return await to_thread.run_sync(_take, desk, purpose, request.path_params["token"], clock())

    path = f"/{purpose}/{{token}}"
    return [Route(path, show, methods=["GET"]), Route(path, take, methods=["POST"])]


def _show(desk: Desk, purpose: str, token: str, now: datetime) -> Response:
    try:
        with desk.db.reading() as session:
            asked = elsewhere.behind(Work(desk, session), purpose=purpose, token=token, now=now)
    except Refused as refused:
        return _told("Nothing to acknowledge", worded(desk.catalog, refused).sentence, status=410)
    content = (
        f"<p>{html.escape(asked.about)}</p><p>You are {html.escape(asked.person)}.</p>"
        f'<form method="post"><button>{html.escape(asked.button)}</button></form>'
    )
    return _page(asked.question, content)


def _take(desk: Desk, purpose: str, token: str, now: datetime) -> Response:
    try:
        answer = desk.do(elsewhere.confirm, purpose=purpose, token=token, now=now)
    except Refused as refused:
        return _told("Nothing to acknowledge", worded(desk.catalog, refused).sentence, status=410)
    return _told("Done", answer.text)


def _told(title: str, sentence: str, *, status: int = 200) -> Response:
    return _page(title, f"<p>{html.escape(sentence)}</p>", status=status)


def _page(title: str, content: str, *, status: int = 200) -> Response:
    return HTMLResponse(PAGE.format(title=html.escape(title), content=content), status, headers=HEADERS)
