"""Does every address answer exactly those who may ask it? Each route is tried with every proof that is none."""

import hashlib
import hmac
import http.client
import importlib
import json
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from sqlmodel import select
from starlette.routing import Route

import bot.web
from bot.clock import MovableClock
from bot.domain.signed_link import Links
from bot.services import drill
from bot.slack.app import create as bolt_app
from bot.store.database import Database
from bot.store.drill_tables import DrillPage
from bot.store.tables import Page, Person
from bot.store.trail_tables import TimelineRow
from bot.web import acknowledge, calendar, pagerduty
from bot.web.serving import Serving, serve
from bot.web.site import create
from tests.services.office import Office

SECRET, SIGNING = "shared-with-pagerduty", "shared-with-slack"
LINKS = Links("https://desk.test", b"0123456789abcdef")
FORGED = Links("https://desk.test", b"fedcba9876543210")
OPEN = frozenset({"/healthz", "/readyz"})
"""What anybody may ask, since it says nothing of anybody."""

MAKERS: dict[ModuleType, Callable[[Office], list[Route]]] = {
    acknowledge: lambda office: acknowledge.routes(office.desk, clock=lambda: office.now),
    calendar: lambda office: calendar.routes(office.desk, clock=lambda: office.now),
    pagerduty: lambda office: pagerduty.routes(office.desk, secret=SECRET, clock=lambda: office.now),
}
PROVEN = frozenset({"/acknowledge/{token}", "/drill/{token}", "/oncall.ics", "/hooks/pagerduty", "/slack/events"})
"""The routes that ask for a proof; each is tried below."""


@dataclass
class House:
    """A desk behind its site, with a page and a drill that wait for Ana."""

    office: Office
    serving: Serving
    page: str
    drill: str

    def asks(self, method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None) -> int:
        connection = http.client.HTTPConnection(urlsplit(self.serving.url).netloc, timeout=30)
        try:
            connection.request(method, path, body or None, headers or {})
            return connection.getresponse().status
        finally:
            connection.close()

    def deeds(self) -> tuple[int, str | None]:
        """How much is on record, and who answered the drill."""
        with self.office.db.reading() as session:
            return len(session.exec(select(TimelineRow.id)).all()), session.exec(select(DrillPage.answered_by)).one()


@pytest.fixture
def house(sqlite_url: str) -> Iterator[House]:
    db = Database(sqlite_url)
    office = Office(db)
    office.desk = replace(office.desk, links=LINKS)
    ticket = office.opens("sev1 Checkout is down")
    office.does("mei", drill.begin)
    with db.transaction() as session:
        for gone in ("kai", "bo"):
            session.get_one(Person, gone).active = False
        waiting = session.exec(select(DrillPage.id)).one()
    client = WebClient(token="xoxb-test", base_url="http://127.0.0.1:9/api/")
    clock = MovableClock(office.now)
    app: App = bolt_app(client=client, signing_secret=SIGNING, desk=office.desk, clock=clock, bot_user="U0BELL")
    routes = [route for make in MAKERS.values() for route in make(office)]
    serving = serve(create(app=app, more=routes), "127.0.0.1", 0)
    yield House(office, serving, office.page_of("ana", ticket=ticket), waiting)
    assert serving.stop()
    db.dispose()


def no_proofs(house: House, purpose: str, fact: str) -> Iterator[str]:
    """Tokens that prove nothing: of who may not, of another purpose, forged, expired, rubbish."""
    soon, past = house.office.now + timedelta(minutes=5), house.office.now - timedelta(minutes=5)

    def facts(person: str) -> tuple[str, ...]:
        return (person, person) if purpose == "oncall.ics" else (fact, person)

    for person in ("kai", "bo", "cy", "gil", "nobody"):
        yield LINKS.token(purpose, *facts(person), expires_at=soon)
    yield LINKS.token("something-else", *facts("ana"), expires_at=soon)
    yield FORGED.token(purpose, *facts("ana"), expires_at=soon)
    yield LINKS.token(purpose, *facts("ana"), expires_at=past)
    yield "rubbish"


def test_every_module_of_routes_and_every_route_is_tried(house: House) -> None:
    modules = [importlib.import_module(f"bot.web.{each.name}") for each in pkgutil.iter_modules(bot.web.__path__)]
    assert {each for each in modules if hasattr(each, "routes")} == set(MAKERS), "give the new routes a proof here"
    site = create(app=App(token_verification_enabled=False, token="xoxb-test", signing_secret="x"),
                  more=[route for make in MAKERS.values() for route in make(house.office)])  # fmt: skip
    assert {route.path for route in site.routes if isinstance(route, Route)} == PROVEN | OPEN


@pytest.mark.parametrize("purpose", ["acknowledge", "drill"])
def test_a_link_acts_for_the_person_it_was_made_for_and_for_nobody_else(house: House, purpose: str) -> None:
    fact = house.page if purpose == "acknowledge" else house.drill
    before = house.deeds()
    for token in no_proofs(house, purpose, fact):
        assert house.asks("POST", f"/{purpose}/{token}") == 410, token
    good = LINKS.token(purpose, fact, "ana", expires_at=house.office.now + timedelta(minutes=5))
    assert house.asks("GET", f"/{purpose}/{good}") == 200
    assert house.deeds() == before
    assert house.asks("POST", f"/{purpose}/{good}") == 200
    assert house.deeds() != before


def test_the_calendar_opens_to_people_of_ours_only(house: House) -> None:
    for token in no_proofs(house, "oncall.ics", ""):
        assert house.asks("GET", f"/oncall.ics?token={token}") == 403, token
    assert house.asks("GET", "/oncall.ics") == 403
    good = LINKS.token("oncall.ics", "ana", "ana", expires_at=house.office.now + timedelta(minutes=5))
    assert house.asks("GET", f"/oncall.ics?token={good}") == 200


def test_pagerduty_is_heard_with_its_signature_only(house: House) -> None:
    with house.office.db.reading() as session:
        chain = session.exec(select(Page.escalation_id).where(Page.id == house.page)).one()
    event = {"id": "e1", "event_type": "incident.acknowledged", "agent": {"summary": "Ana Lima"},
             "data": {"incident_key": chain}}  # fmt: skip
    body = json.dumps({"event": event}).encode()
    before = house.deeds()

    def sent(secret: str) -> int:
        mark = "v1=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return house.asks("POST", "/hooks/pagerduty", body=body, headers={"x-pagerduty-signature": mark})

    assert house.asks("POST", "/hooks/pagerduty", body=body) == 401
    assert sent("another secret") == 401
    assert house.deeds() == before
    assert sent(SECRET) == 202
    assert house.deeds() != before


def test_slack_is_heard_with_its_signature_only(house: House) -> None:
    body = "command=/ticket&text=sev3+New&user_id=U0ANA&team_id=T0WATCH&channel_id=C0ACME&trigger_id=t.1"

    def sent(secret: str, *, aged: int = 0) -> int:
        signed = SignatureVerifier(secret).generate_signature(timestamp=(at := str(_now() - aged)), body=body)
        headers = {"x-slack-signature": signed or "", "x-slack-request-timestamp": at,
                   "content-type": "application/x-www-form-urlencoded"}  # fmt: skip
        return house.asks("POST", "/slack/events", body=body.encode(), headers=headers)

    before = house.deeds()
    assert house.asks("POST", "/slack/events", body=body.encode()) == 401
    assert sent("another secret") == 401
    assert sent(SIGNING, aged=600) == 401
    assert house.deeds() == before
    assert sent(SIGNING) == 200
    assert house.deeds() != before


def _now() -> int:
    return int(datetime.now(UTC).timestamp())
