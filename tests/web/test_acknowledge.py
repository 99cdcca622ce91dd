"""Does the link of a mailed page acknowledge after one click, once, and only as long as it is good?"""

import http.client
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from bot.domain.signed_link import Links
from bot.services import page_answers
from bot.services.media import LINK_LIVES_FOR
from bot.store.database import Database
from bot.store.tables import Person
from bot.web import acknowledge
from bot.web.serving import Serving, serve
from bot.web.site import create
from tests.services.office import Office

LINKS = Links("https://desk.test", b"0123456789abcdef")


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    db = Database(sqlite_url)
    office = Office(db)
    office.desk = replace(office.desk, links=LINKS)
    yield office
    db.dispose()


@pytest.fixture
def serving(office: Office) -> Iterator[Serving]:
    serving = serve(create(more=acknowledge.routes(office.desk, clock=lambda: office.now)), "127.0.0.1", 0)
    yield serving
    assert serving.stop()


def link_for(office: Office, page: str, person: str = "ana") -> str:
    return LINKS.token("acknowledge", page, person, expires_at=office.now + LINK_LIVES_FOR)


def ask(serving: Serving, method: str, token: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(serving.url).netloc, timeout=10)
    try:
        connection.request(method, f"/acknowledge/{token}")
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.req("PG-1")
def test_opening_the_link_asks_and_one_click_acknowledges(office: Office, serving: Serving) -> None:
    ticket = office.opens("sev1 <b>Checkout</b> is down")
    token = link_for(office, office.page_of("ana", ticket=ticket))

    status, shown = ask(serving, "GET", token)
    assert status == 200
    assert f"Acknowledge {ticket}?" in shown
    assert "You are Ana Lima." in shown
    assert "&lt;b&gt;" in shown
    assert '<form method="post">' in shown
    assert office.ticket(ticket).owner is None, "opening a link changes nothing"

    status, shown = ask(serving, "POST", token)
    assert (status, f"{ticket} is yours" in shown) == (200, True)
    assert office.ticket(ticket).owner == "ana"


def test_a_used_link_says_who_was_first(office: Office, serving: Serving) -> None:
    ticket = office.opens()
    token = link_for(office, office.page_of("ana", ticket=ticket))
    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket=ticket))
    for method in ("GET", "POST"):
        status, shown = ask(serving, method, token)
        assert status == 410
        assert "was already acknowledged by Ana Lima" in shown


def test_an_expired_link_says_so(office: Office, serving: Serving) -> None:
    ticket = office.opens()
    token = link_for(office, office.page_of("ana", ticket=ticket))
    office.now += LINK_LIVES_FOR + timedelta(seconds=1)
    status, shown = ask(serving, "POST", token)
    assert (status, "has expired" in shown) == (410, True)
    assert office.ticket(ticket).owner is None


@pytest.mark.parametrize("change", ["", "x", "cut", "other purpose", "no dot", "umlaut"])
def test_a_link_that_is_not_ours_says_so(office: Office, serving: Serving, change: str) -> None:
    ticket = office.opens()
    page = office.page_of("ana", ticket=ticket)
    good = link_for(office, page)
    token = {
        "": "nonsense.nonsense",
        "x": f"x{good}",
        "cut": good[:-2],
        "other purpose": LINKS.token("oncall", page, "ana", expires_at=office.now + LINK_LIVES_FOR),
        "no dot": good.replace(".", ""),
        "umlaut": "%C3%A4.%C3%A4",
    }[change]
    status, shown = ask(serving, "POST", token)
    assert (status, "not one of ours" in shown) == (410, True)
    assert office.ticket(ticket).owner is None


def test_a_person_who_was_deactivated_cannot_use_an_old_link(office: Office, serving: Serving) -> None:
    ticket = office.opens()
    token = link_for(office, office.page_of("ana", ticket=ticket))
    with office.db.transaction() as session:
        session.get_one(Person, "ana").active = False
    status, _ = ask(serving, "POST", token)
    assert status == 410
    assert office.ticket(ticket).owner is None


@pytest.mark.browser
def test_a_word_that_never_ends_fits_on_a_telephone(office: Office, serving: Serving, browser: Browser) -> None:
    ticket = office.opens(f"sev1 {'java.lang.NullPointerException.at.' * 8}")
    page = browser.new_page(viewport={"width": 320, "height": 600})
    page.goto(f"{serving.url}/acknowledge/{link_for(office, office.page_of('ana', ticket=ticket))}")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_role("button", name="Acknowledge").click()
    assert "Done" in page.inner_text("h1")
    page.close()
