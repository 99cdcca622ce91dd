"""Does an acknowledgement at PagerDuty acknowledge here, once, and only when PagerDuty says so?"""

import hashlib
import hmac
import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlmodel import select

from bot.store.database import Database
from bot.store.tables import Escalation, Person
from bot.web import pagerduty
from bot.web.serving import Serving, serve
from bot.web.site import create
from tests.services.office import Office

SECRET = "shared-with-pagerduty"
CONTACT = "pagerduty://R0123456789ABCDEF0123456789ABCDE"


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    db = Database(sqlite_url)
    office = Office(db)
    with db.transaction() as session:
        session.get_one(Person, "ana").contacts = [CONTACT]
    yield office
    db.dispose()


@pytest.fixture
def serving(office: Office) -> Iterator[Serving]:
    routes = pagerduty.routes(office.desk, secret=SECRET, clock=lambda: office.now)
    serving = serve(create(more=routes), "127.0.0.1", 0)
    yield serving
    assert serving.stop()


def chain_of(office: Office) -> Escalation:
    with office.db.reading() as session:
        return session.exec(select(Escalation)).one()


def happened(chain: str, *, kind: str = "incident.acknowledged", by: str = "Ana Lima", event: str = "e1") -> bytes:
    """What PagerDuty posts. Source: Webhooks v3, the published payload."""
    body: dict[str, Any] = {
        "event": {
            "id": event,
            "event_type": kind,
            "resource_type": "incident",
            "occurred_at": "2026-01-05T09:01:00.000Z",
            "agent": {"id": "PLH1HKV", "summary": by, "type": "user_reference"},
            "client": {"name": "PagerDuty"},
            "data": {"id": "PGR0VU2", "type": "incident", "status": "acknowledged", "incident_key": chain},
        }
    }
    return json.dumps(body).encode()


def signature(body: bytes, secret: str = SECRET) -> str:
    return "v1=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def post(serving: Serving, body: bytes, signed: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(serving.url).netloc, timeout=10)
    try:
        connection.request("POST", "/hooks/pagerduty", body, {"x-pagerduty-signature": signed})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.req("PG-1")
def test_acknowledging_there_acknowledges_here_once(office: Office, serving: Serving) -> None:
    ticket = office.opens()
    body = happened(chain_of(office).id)
    assert post(serving, body, signature(body)) == (202, "acknowledged")
    assert office.ticket(ticket).owner == "ana"
    assert chain_of(office).state == "acknowledged"
    assert post(serving, body, signature(body)) == (202, "nothing to do")


def test_somebody_the_directory_does_not_know_stands_for_whoever_was_paged_there(
    office: Office, serving: Serving
) -> None:
    ticket = office.opens()
    body = happened(chain_of(office).id, by="Somebody Else")
    assert post(serving, body, signature(body)) == (202, "acknowledged")
    assert office.ticket(ticket).owner == "ana"


def test_while_the_secret_changes_either_signature_is_good(office: Office, serving: Serving) -> None:
    office.opens()
    body = happened(chain_of(office).id)
    both = f"{signature(body, 'older')},{signature(body)}"
    assert post(serving, body, both)[1] == "acknowledged"


@pytest.mark.parametrize("signed", ["", "v1=", "v1=00", "wrong"])
def test_a_request_that_is_not_pagerdutys_is_refused(office: Office, serving: Serving, signed: str) -> None:
    ticket = office.opens()
    body = happened(chain_of(office).id)
    assert post(serving, body, signed)[0] == 401
    assert post(serving, body, signature(body, "other"))[0] == 401
    assert office.ticket(ticket).owner is None


@pytest.mark.parametrize(
    "body",
    [b"{}", b"no json", b'{"event": {"id": "e", "event_type": "pagey.ping", "data": {"message": "Hello"}}}'],
)
def test_other_events_mean_nothing_to_us(serving: Serving, body: bytes) -> None:
    assert post(serving, body, signature(body)) == (202, "not for us")


def test_incidents_that_are_not_ours_are_left_alone(office: Office, serving: Serving) -> None:
    office.opens()
    for body in (happened("elsewhere"), happened(chain_of(office).id, kind="incident.resolved", event="e2")):
        assert post(serving, body, signature(body))[0] == 202
    assert chain_of(office).state == "paging"


def test_an_acknowledgement_that_comes_too_late_changes_nothing(office: Office, serving: Serving) -> None:
    office.opens()
    first, second = happened(chain_of(office).id), happened(chain_of(office).id, event="e2")
    assert post(serving, first, signature(first))[1] == "acknowledged"
    assert post(serving, second, signature(second))[1] == "nothing to do"
