"""What does the browser page ask for, and what is it told live?"""

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import Scope
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox import interactions
from bot.sandbox.control import answering, person_json, read_json
from bot.sandbox.errors import Mistake, SlackError
from bot.sandbox.live import Window
from bot.sandbox.message import Message
from bot.sandbox.platform import Platform
from bot.sandbox.seed import BOT_USER, Person
from bot.sandbox.story import listed, play
from bot.sandbox.storyfile import LOOKS, Step
from bot.sandbox.views import View
from bot.sandbox.wire import Json, iso

SHOWN_MESSAGES = 500
NOTE_SECONDS = 3.0
STEP_SECONDS = 1.2
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class PageApi:
    """The page, its files, and the interface it uses: elements by id, as a browser has them."""

    def __init__(self, platform: Platform, page: Path) -> None:
        self._platform = platform
        self._page = page
        self._story: threading.Thread | None = None
        self._over = threading.Event()
        self.bring: Callable[[Path], None] | None = None

    def close(self) -> None:
        """Hurries a story that is still being played to its end."""
        self._over.set()

    def routes(self) -> list[BaseRoute]:
        """Where each is found."""
        page = [
            Route("/", self._index),
            Route("/page/state", answering(self._state), methods=["GET"]),
            Route("/page/history", answering(self._history), methods=["GET"]),
            Route("/page/read", answering(self._read), methods=["POST"]),
            Route("/page/act", answering(self._act), methods=["POST"]),
            Route("/page/submit", answering(self._submit), methods=["POST"]),
            Route("/page/close", answering(self._close), methods=["POST"]),
            Route("/page/options", answering(self._options), methods=["POST"]),
            Route("/page/story", answering(self._play), methods=["POST"]),
            WebSocketRoute("/page/live", self._live),
        ]
        return [*page, Mount("/static", _Files(directory=self._page, check_dir=False))]

    async def _index(self, _request: Request) -> Response:
        index = self._page / "index.html"
        if not index.is_file():
            return PlainTextResponse("this workspace was built without its page", 404)
        return FileResponse(index, headers=HEADERS)

    def _person(self, asked: Mapping[str, str]) -> Person:
        return self._platform.workspace.find_person(asked.get("as", ""))

    async def _state(self, request: Request) -> Json:
        platform, person = self._platform, self._person(request.query_params)
        workspace, timekeeper = platform.workspace, platform.timekeeper
        top, home = platform.views.top(person.id), platform.views.homes.get(person.id)
        own = person.team == workspace.people[BOT_USER].team
        return {
            "me": person_json(platform, person),
            "people": [person_json(platform, one) for one in workspace.people.values()],
            "channels": [platform.channel_json(one, person) for one in workspace.channels_of(person)],
            "commands": [_command(one) for one in platform.manifest.commands] if own else [],
            "shortcuts": [_shortcut(one) for one in platform.manifest.shortcuts] if own else [],
            "clock": {"now": iso(platform.now), "rate": timekeeper.rate, "next_due": iso(timekeeper.next_due())},
            "stories": listed(),
            "home": home.as_slack() if home else None,
            "modal": top.as_slack() if top else None,
            "bot": BOT_USER,
        }

    async def _history(self, request: Request) -> Json:
        asked, workspace = request.query_params, self._platform.workspace
        person = self._person(asked)
        channel = workspace.find_channel(asked.get("channel", ""), person=person)
        if person.id not in channel.members:
            raise Mistake(f"{person.name} is not in {workspace.channel_name(channel.id)}")
        if thread := asked.get("thread"):
            found = workspace.thread(channel.id, thread)
        else:
            found = [m for m in workspace.messages(channel.id) if not m.is_reply or m.broadcast]
        own = [m for m in workspace.ephemerals if m.ephemeral_to == person.id and m.channel == channel.id]
        found += [m for m in own if (m.thread_ts or "") == (thread or "")]
        kept = sorted((m for m in found if not m.deleted or m.is_tombstone), key=lambda m: m.ts)[-SHOWN_MESSAGES:]
        return {"messages": [self._platform.shown(m) for m in kept]}

    async def _read(self, request: Request) -> Json:
        asked = await read_json(request)
        person = self._person(asked)
        channel = self._platform.workspace.find_channel(asked.get("channel", ""), person=person)
        newest = next(self._platform.workspace.newest_first(channel.id), None)
        if newest is not None:
            self._platform.workspace.read_up_to[person.id, channel.id] = newest.ts
        return {}

    def _place(self, person: Person, action: Json) -> Message | View:
        platform = self._platform
        if view_id := action.get("view_id"):
            return self._view(person, str(view_id))
        ts = str(action.get("ts", ""))
        for message in platform.workspace.ephemerals:
            if message.ts == ts and message.ephemeral_to == person.id and not message.deleted:
                return message
        channel = platform.workspace.find_channel(action.get("channel", ""), person=person)
        if person.id not in channel.members:
            raise Mistake(f"{person.name} is not in {platform.workspace.channel_name(channel.id)}")
        try:
            return platform.workspace.message(channel.id, ts)
        except SlackError:
            raise Mistake("that message is no longer there") from None

    def _view(self, person: Person, view_id: str) -> View:
        try:
            view = self._platform.views.find(view_id)
        except SlackError:
            raise Mistake("that form is no longer open") from None
        if view.user != person.id:
            raise Mistake("that form is somebody else's")
        return view

    async def _act(self, request: Request) -> Json:
        asked = await read_json(request)
        person, action = self._person(asked), asked.get("action") or {}
        place = self._place(person, action)
        state = self._platform.state_of(place, person)
        for block_id, entries in (asked.get("state") or {}).items():
            state.setdefault(block_id, {}).update(entries)
        element = interactions.find_element(place, str(action.get("block_id")), str(action.get("action_id")))
        await interactions.click(self._platform, person, place, element, action)
        return {}

    async def _submit(self, request: Request) -> Json:
        asked = await read_json(request)
        person = self._person(asked)
        view = self._view(person, str(asked.get("view_id")))
        errors = await interactions.submit(self._platform, person, view, asked.get("state") or {})
        return {"errors": errors or None}

    async def _close(self, request: Request) -> Json:
        asked = await read_json(request)
        person = self._person(asked)
        view = self._view(person, str(asked.get("view_id")))
        await interactions.close(self._platform, person, view, every=bool(asked.get("every")))
        return {}

    async def _options(self, request: Request) -> Json:
        asked = await read_json(request)
        person, action = self._person(asked), asked.get("action") or {}
        place = self._place(person, action)
        element = interactions.find_element(place, str(action.get("block_id")), str(action.get("action_id")))
        typed = str(action.get("value", ""))
        return {"options": await interactions.options(self._platform, person, place, element, typed)}

    async def _play(self, request: Request) -> Json:
        asked = await read_json(request)
        name, pace = str(asked.get("name", "")), float(asked.get("pace", 1))
        if not any(story["name"] == name for story in listed()):
            raise Mistake(f"there is no story {name!r}")
        if self._story is not None and self._story.is_alive():
            raise Mistake("a story is being played already")
        loop, live = asyncio.get_running_loop(), self._platform.live

        def push(frame: Json) -> None:
            # A server that ended in the middle of a story has nobody to tell.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(live.push, frame)

        def tell(line: str) -> None:
            push({"type": "story", "line": line, "done": False})

        def run() -> None:
            passed = play(
                name, self._platform.url, out=tell, bring=self.bring, rest=lambda step: self._rest(step, pace=pace)
            )
            push({"type": "story", "line": None, "done": True, "passed": passed})

        self._story = threading.Thread(target=run, name="story", daemon=True)
        self._story.start()
        return {}

    def _rest(self, step: Step, *, pace: float) -> None:
        """Gives time to read what a note says, and to see what somebody did."""
        seconds = NOTE_SECONDS if step.word == "note" else 0.0 if step.word in LOOKS or not step.wait else STEP_SECONDS
        self._over.wait(seconds * pace)

    async def _live(self, socket: WebSocket) -> None:
        try:
            person = self._person(socket.query_params)
        except Mistake:
            await socket.close(code=1008)
            return
        await socket.accept()
        window = Window(person.id)
        live = self._platform.live
        live.windows.append(window)
        sending = asyncio.create_task(_send(socket, window))
        try:
            while True:
                await socket.receive_text()
        except (WebSocketDisconnect, RuntimeError, KeyError):
            pass
        finally:
            live.windows.remove(window)
            sending.cancel()


async def _send(socket: WebSocket, window: Window) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await socket.send_text(await window.next())


class _Files(StaticFiles):
    """The page's files, under the same policy as the page."""

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """A file with the headers of the page."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(HEADERS)
        return response


def _command(given: Json) -> Json:
    return {
        "command": given.get("command", ""),
        "usage_hint": given.get("usage_hint", ""),
        "description": given.get("description", ""),
    }


def _shortcut(given: Json) -> Json:
    return {"callback_id": given.get("callback_id", ""), "name": given.get("name", ""), "type": given.get("type", "")}
