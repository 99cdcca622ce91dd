"""How do scripts and tests move the clock, act as people, read what is there and order misbehaviour?

Everything is JSON; a mistake is answered with 400 and one sentence. `GET /journal?since=N` lists what became visible
in order, edits and deletions too; `GET /messages?since=TS` only what is newer; `POST /app {"await_connections": 1}`
answers once the app holds so many Socket Mode connections; `GET /app` lists the calls that were refused, and why.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.acts import Acts
from bot.sandbox.errors import Mistake, SlackError
from bot.sandbox.message import Message
from bot.sandbox.platform import Platform
from bot.sandbox.seed import HOME_TEAM, Channel, Person, Team
from bot.sandbox.timekeeper import Follower
from bot.sandbox.wire import Json, iso, read_duration, read_moment

Endpoint = Callable[[Request], Awaitable[Response]]
RATES = (0, 1, 60)
PATIENCE_SECONDS = 15.0


async def read_json(request: Request) -> Json:
    """The body as a JSON object; raises Mistake where it is none."""
    try:
        found: Any = json.loads(await request.body() or b"{}")
    except ValueError:
        raise Mistake("the body is not JSON") from None
    if not isinstance(found, dict):
        raise Mistake("the body is not a JSON object")
    return found


def answering(call: Callable[[Request], Awaitable[Json]]) -> Endpoint:
    """Wraps a call so that a mistake is answered with 400 and its sentence."""

    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse({"ok": True, **await call(request)})
        except Mistake as mistake:
            return JSONResponse({"ok": False, "error": str(mistake)}, 400)
        except SlackError as refused:
            return JSONResponse({"ok": False, "error": f"Slack refuses: {refused.code}"}, 400)

    return endpoint


class Control:
    """The control interface: /clock, /act, /messages, /faults, /app, /people, /channels."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._acts = Acts(platform)

    def routes(self) -> list[BaseRoute]:
        """Where each is found."""
        return [
            Route("/clock", answering(self._clock), methods=["GET"]),
            Route("/clock", answering(self._move), methods=["POST"]),
            WebSocketRoute("/clock/follow", self._follow),
            Route("/act", answering(self._act), methods=["POST"]),
            Route("/messages", answering(self._messages), methods=["GET"]),
            Route("/journal", answering(self._journal), methods=["GET"]),
            Route("/faults", answering(self._faults), methods=["GET"]),
            Route("/faults", answering(self._misbehave), methods=["POST"]),
            Route("/app", answering(self._app), methods=["GET"]),
            Route("/app", answering(self._direct), methods=["POST"]),
            Route("/people", answering(self._people), methods=["GET", "POST"]),
            Route("/channels", answering(self._channels), methods=["GET", "POST"]),
        ]

    async def _clock(self, _request: Request) -> Json:
        return self._platform.timekeeper.as_json()

    async def _move(self, request: Request) -> Json:
        asked, timekeeper = await read_json(request), self._platform.timekeeper
        if "rate" in asked:
            if asked["rate"] not in RATES:
                raise Mistake(f"the rate is one of {', '.join(map(str, RATES))}, not {asked['rate']!r}")
            timekeeper.rate = float(asked["rate"])
            self._platform.push_clock()
        elif "advance" in asked:
            await timekeeper.move_by(read_duration(asked["advance"]))
        elif "to" in asked:
            moment = read_moment(asked["to"], now=timekeeper.now)
            if moment < timekeeper.now:
                raise Mistake(f"the clock never goes back: it is {timekeeper.now.isoformat()} already")
            await timekeeper.move_to(moment)
        elif asked.get("next"):
            if not await timekeeper.move_next():
                raise Mistake("nobody waits for anything, so there is no next event")
        else:
            raise Mistake("say `advance`, `to`, `next` or `rate`")
        return timekeeper.as_json()

    async def _follow(self, socket: WebSocket) -> None:
        await socket.accept()
        timekeeper = self._platform.timekeeper

        async def send(frame: Json) -> None:
            try:
                await socket.send_json(frame)
            except WebSocketDisconnect:
                raise ConnectionError("the process is gone") from None

        follower = Follower(socket.query_params.get("name", "a process"), send)
        with contextlib.suppress(WebSocketDisconnect, ConnectionError, RuntimeError, ValueError):
            await timekeeper.join(follower)
            while True:
                said = await socket.receive_json()
                due = said.get("next_due")
                next_due = datetime.fromisoformat(due) if due else None
                changed = follower.next_due != next_due
                follower.hear(answer=said.get("answer"), idle=bool(said.get("idle", True)), next_due=next_due)
                if changed:
                    self._platform.push_clock()
        timekeeper.leave(follower)

    async def _act(self, request: Request) -> Json:
        return await self._acts.act(await read_json(request))

    async def _messages(self, request: Request) -> Json:
        asked, workspace = request.query_params, self._platform.workspace
        person = workspace.find_person(asked["as"]) if "as" in asked else None
        chosen = None
        if "channel" in asked:
            chosen = workspace.find_channel(asked["channel"], person=person)
        messages: list[Message] = []
        for channel in [chosen] if chosen else list(workspace.channels.values()):
            if asked.get("thread"):
                messages += workspace.thread(channel.id, asked["thread"])
            else:
                messages += workspace.messages(channel.id)
        messages += self._ephemerals(person, chosen)
        since = asked.get("since", "")
        found = sorted((one for one in messages if one.ts > since), key=lambda one: one.ts)
        return {"messages": [self._platform.shown(one) for one in found]}

    async def _journal(self, request: Request) -> Json:
        platform, since = self._platform, request.query_params.get("since", "0")
        if not since.isdecimal():
            raise Mistake(f"`since` is the number of an entry, not {since!r}")
        entries = platform.journal.since(int(since))
        shown = [platform.journal.as_json(entry, platform.shown(entry.message)) for entry in entries]
        return {"entries": shown, "number": platform.journal.number, "now": iso(platform.now)}

    def _ephemerals(self, person: Person | None, channel: Channel | None) -> list[Message]:
        if person is None:
            return []
        return [
            message
            for message in self._platform.workspace.ephemerals
            if message.ephemeral_to == person.id and (channel is None or message.channel == channel.id)
        ]

    async def _faults(self, _request: Request) -> Json:
        faults = self._platform.faults
        return {"faults": faults.listed(now=self._platform.now), "rate_limits": faults.rate_limits}

    async def _misbehave(self, request: Request) -> Json:
        asked, faults, sockets = await read_json(request), self._platform.faults, self._platform.sockets
        if asked.get("clear"):
            faults.clear()
            sockets.half_open = False
        elif "rate_limits" in asked:
            faults.rate_limits = bool(asked["rate_limits"])
        elif asked.get("kind") == "drop_sockets":
            await sockets.drop()
        elif asked.get("kind") == "refresh":
            await sockets.refresh()
        elif asked.get("kind") == "half_open":
            sockets.half_open = True
        else:
            faults.add(asked, now=self._platform.now)
            if asked["kind"] == "away":
                await sockets.drop()
        return await self._faults(request)

    async def _app(self, _request: Request) -> Json:
        return {
            "request_url": self._platform.courier.request_url,
            "connections": len(self._platform.sockets.connections),
            "refused": list(self._platform.refused),
        }

    async def _direct(self, request: Request) -> Json:
        asked = await read_json(request)
        if "request_url" in asked:
            url = asked["request_url"]
            if url is not None and not str(url).startswith(("http://", "https://")):
                raise Mistake(f"a request_url begins with http:// or https://, not {url!r}")
            self._platform.courier.request_url = None if url is None else str(url)
        if wanted := int(asked.get("await_connections", 0)):
            try:
                await asyncio.wait_for(self._platform.sockets.joined(wanted), PATIENCE_SECONDS)
            except TimeoutError:
                raise Mistake(f"no app connected within {PATIENCE_SECONDS:g} seconds") from None
        return await self._app(request)

    async def _people(self, request: Request) -> Json:
        workspace = self._platform.workspace
        if request.method == "POST":
            asked = await read_json(request)
            try:
                person = Person(asked["id"], asked["handle"], asked["name"], asked.get("team", HOME_TEAM))
            except KeyError as missing:
                raise Mistake(f"a person needs {missing}") from None
            if person.team not in workspace.teams:
                if "team_name" not in asked:
                    raise Mistake(f"there is no team {person.team!r}; give its `team_name` to found it")
                workspace.teams[person.team] = Team(person.team, str(asked["team_name"]))
            workspace.people[person.id] = person
        return {"people": [person_json(self._platform, person) for person in workspace.people.values()]}

    async def _channels(self, request: Request) -> Json:
        workspace = self._platform.workspace
        if request.method == "POST":
            asked = await read_json(request)
            if not asked.get("id") or not asked.get("name"):
                raise Mistake("a channel needs 'id' and 'name'")
            members = [workspace.find_person(name).id for name in asked.get("members", [])]
            teams = list(dict.fromkeys([HOME_TEAM, *(workspace.people[member].team for member in members)]))
            private = bool(asked.get("private"))
            made = Channel(asked["id"], asked["name"], members, teams, private=private)
            workspace.channels[made.id] = made
            self._platform.push_channel(made)
        shown = [
            {"id": one.id, "name": one.name, "kind": one.kind, "shared": one.shared, "members": list(one.members)}
            for one in workspace.channels.values()
        ]
        return {"channels": shown}


async def ticking(platform: Platform) -> None:
    """Lets simulated time pass at the platform's rate, for as long as the server runs."""
    with contextlib.suppress(asyncio.CancelledError):
        await platform.timekeeper.tick()


def person_json(platform: Platform, person: Person) -> Json:
    """A person as the control interface and the page list them."""
    return {
        "id": person.id,
        "handle": person.handle,
        "name": person.name,
        "team": person.team,
        "team_name": platform.workspace.teams[person.team].name,
        "is_bot": person.is_bot,
    }
