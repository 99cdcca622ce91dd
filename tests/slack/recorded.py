"""What does Slack really send? Every kind of delivery, recorded from the local workspace while a day is played."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.server import Address
from bot.web.serving import serve
from tests.sandbox.script import Script
from tests.stories import stage
from tests.stories.play import Play

Json = dict[str, Any]
CLOSING = {"Root cause": "A full disk", "Workaround": "none", "Prevention": "An alert"}
COMMAND, INTERACTIVE, EVENT = "slash_commands", "interactive", "events_api"
"""Slack's words for the types of envelopes."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One delivery: its type as Slack names envelopes, and what it brought."""

    kind: str
    payload: Json


@dataclass
class Tap:
    """Stands between Slack and the desk, and keeps what passes."""

    goal: str
    passed: list[Recorded] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        return await to_thread.run_sync(self._hand_on, dict(request.headers), await request.body())

    def _hand_on(self, headers: dict[str, str], body: bytes) -> Response:
        self.passed.append(_read(headers["content-type"], body))
        connection = http.client.HTTPConnection(urlsplit(self.goal).netloc, timeout=30)
        connection.request("POST", "/slack/events", body, headers)
        answer = connection.getresponse()
        found = Response(answer.read(), answer.status, {"content-type": answer.headers.get_content_type()})
        connection.close()
        return found


def _read(content_type: str, body: bytes) -> Recorded:
    if content_type.startswith("application/json"):
        return Recorded(EVENT, json.loads(body))
    form = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return Recorded(INTERACTIVE, json.loads(form["payload"])) if "payload" in form else Recorded(COMMAND, form)


@contextmanager
def _tapped(address: Address, url: str) -> Iterator[Tap]:
    script = Script(address.control_url)
    with stage.desk(address, url, http=True) as running:
        tap = Tap(str(running.url))
        site = serve(Starlette(routes=[Route("/slack/events", tap.take, methods=["POST"])]), "127.0.0.1", 0)
        script.ask("/app", {"request_url": f"{site.url}/slack/events"})
        yield tap
        script.ask("/app", {"request_url": f"{running.url}/slack/events"})
        site.stop()


def record(url: str) -> list[Recorded]:
    """Everything that Slack sends on a day on which everybody does everything; `url` is an empty database's."""
    with stage.workspace() as address, _tapped(address, url) as tap:
        _day(stage.play_on(address))
        return list(tap.passed)


def _day(play: Play) -> None:
    opened = play.cy.posts("@Watchbell sev1 Checkout is down")
    written = play.dee.posts("Since ten o'clock", thread=opened.ts)
    play.dee.edits(written.ts, "Since eleven o'clock")
    play.ana.clicks("Acknowledge", "@ana")
    gone = play.dee.posts("Never mind", thread=opened.ts)
    play.dee.deletes(gone.ts)
    play.cy.posts("See here", thread=opened.ts, files=[{"name": "trace.txt", "content": "x"}])
    asked = play.gil.posts("The report is empty", "globex")
    play.ana.reacts("ticket", asked.ts, "globex")
    play.ana.types("/ticket sev3 The export fails", "acme")
    play.ana.types("/ticket", "acme")
    play.ana.sends({"What is wrong?": "The search fails", "How severe is it?": "High"})
    for line in (
        "/ticket list",
        "/ticket show T-1",
        "/oncall",
        "/oncall override @bo 18:00 22:00",
        "/escalate T-1 soon",
    ):
        play.mei.types(line)
    play.bo.clicks("Claim", "triage", text="T-1")
    for label, values in (
        ("Reply", {"Your reply": "We look at it"}),
        ("Write an internal note", {"The note": "A disk?"}),
        ("Resolve", CLOSING),
    ):
        play.bo.clicks(label, "triage", text="T-1")
        play.bo.sends(values)
    play.advance(minutes=1)
    play.cy.clicks("Still broken", "acme")
    play.ana.uses("Open a ticket", play.acme.messages(text="Since eleven")[0].ts)
    play.ana.does(close=True)
    play.mei.does(home=True)
    play.ana.does(post="help", channel="@bot")
