"""What does PagerDuty tell us? That somebody acknowledged there what we triggered.

Every request is signed (`X-PagerDuty-Signature`, HMAC-SHA256 of the body under the subscription's secret); while a
secret is being changed there are two signatures. Source: PagerDuty, Webhooks v3, Verifying Signatures.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime

from anyio import to_thread
from pydantic import BaseModel, Field, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.services import elsewhere
from bot.services.desk import Desk, Work
from bot.web.body import read_limited

ACKNOWLEDGED = "incident.acknowledged"


class Somebody(BaseModel):
    """Who did it."""

    summary: str = ""


class Incident(BaseModel):
    """What it was done to; `incident_key` is the dedup_key that we gave."""

    incident_key: str = ""


class Happened(BaseModel):
    """One event."""

    id: str = Field(min_length=1, max_length=200)
    event_type: str
    agent: Somebody | None = None
    data: Incident


class Hook(BaseModel):
    """The body of a request."""

    event: Happened


def routes(desk: Desk, *, secret: str, clock: Callable[[], datetime]) -> list[Route]:
    """POST /hooks/pagerduty: 401 where the signature is not PagerDuty's, else 202."""

    async def hook(request: Request) -> Response:
        try:
            body = await read_limited(request)
        except ClientDisconnect:
            return PlainTextResponse("", 400)
        if body is None:
            return PlainTextResponse("too large", 413)
        if not is_signed(body, request.headers.get("x-pagerduty-signature", ""), secret=secret):
            return PlainTextResponse("wrong signature", 401)
        return await to_thread.run_sync(_take, desk, body, clock())

    return [Route("/hooks/pagerduty", hook, methods=["POST"])]


def is_signed(body: bytes, header: str, *, secret: str) -> bool:
    """Whether one of the signatures in the header is the body's."""
    ours = "v1=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return any(hmac.compare_digest(ours.encode(), each.strip().encode()) for each in header.split(","))


def _take(desk: Desk, body: bytes, now: datetime) -> Response:
    try:
        event = Hook.model_validate_json(body).event
    except ValidationError:
        # Other kinds of events (its own test among them) look different and mean nothing to us.
        return PlainTextResponse("not for us", 202)
    if event.event_type != ACKNOWLEDGED:
        return PlainTextResponse("not for us", 202)
    by = event.agent.summary if event.agent else ""
    with desk.db.transaction() as session:
        taken = elsewhere.heard(Work(desk, session), event=event.id, chain=event.data.incident_key, by=by, now=now)
    return PlainTextResponse("acknowledged" if taken else "nothing to do", 202)
