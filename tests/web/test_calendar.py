"""A calendar program reads the turns with a signed address, and nobody reads them without."""

import http.client
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar

from bot.domain.errors import BadInput
from bot.domain.signed_link import Links
from bot.messages.calendar import CalendarTurn, feed
from bot.services import calendar as feeds
from bot.services.desk import Work
from bot.store import people
from bot.store.database import Database
from bot.web import calendar
from bot.web.serving import Serving, serve
from bot.web.site import create
from tests.make import NINE
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
    serving = serve(create(more=calendar.routes(office.desk, clock=lambda: office.now)), "127.0.0.1", 0)
    yield serving
    assert serving.stop()


def address(office: Office, person: str = "ana", *, everybody: bool = False) -> str:
    with office.db.reading() as session:
        return feeds.url_for(Work(office.desk, session), person, everybody=everybody, now=office.now)


def fetch(serving: Serving, url: str) -> tuple[int, str, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(urlsplit(serving.url).netloc, timeout=10)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        return answer.status, answer.headers.get_content_type(), answer.read()
    finally:
        connection.close()


def turns(content: bytes) -> list[tuple[str, datetime, datetime]]:
    events = Calendar.from_ical(content).walk("VEVENT")
    return [(str(each["summary"]), each.decoded("dtstart"), each.decoded("dtend")) for each in events]


@pytest.mark.req("PG-3")
def test_the_feed_has_ones_own_turns_and_on_request_everybodys(office: Office, serving: Serving) -> None:
    status, kind, content = fetch(serving, address(office))
    assert (status, kind) == (200, "text/calendar")
    mine = turns(content)
    week = timedelta(days=7)
    assert ("Ana Lima: on call, Initial response", NINE + 2 * week, NINE + 3 * week) in mine
    assert {who for who, _, _ in mine} == {"Ana Lima: on call, Initial response"}
    _, _, content = fetch(serving, address(office, everybody=True))
    assert ("Bo Berg: on call, Initial response", NINE + week, NINE + 2 * week) in turns(content)


def test_each_turn_keeps_its_id_when_the_feed_is_read_again(office: Office, serving: Serving) -> None:
    def ids() -> list[str]:
        _, _, content = fetch(serving, address(office, everybody=True))
        return [str(each["uid"]) for each in Calendar.from_ical(content).walk("VEVENT")]

    before = ids()
    office.now += timedelta(hours=5)
    assert ids() == before
    assert len(set(before)) == len(before)


@pytest.mark.parametrize("query", ["", "?token=", "?token=x.y", "?token=%00.%00"])
def test_without_a_signed_token_nobody_reads_it(serving: Serving, query: str) -> None:
    assert fetch(serving, f"https://desk.test/oncall.ics{query}")[0] == 403


def test_a_token_of_another_purpose_opens_nothing(office: Office, serving: Serving) -> None:
    token = LINKS.token("acknowledge", "ana", "ana", expires_at=office.now + timedelta(days=1))
    assert fetch(serving, f"https://desk.test/oncall.ics?token={token}")[0] == 403


def test_whoever_has_left_reads_nothing_any_more_and_an_address_ends(office: Office, serving: Serving) -> None:
    url, bos = address(office), address(office, "bo")
    with office.db.transaction() as session:
        ana = people.person(session, "ana")
        assert ana is not None
        ana.active = False
        session.add(ana)
    assert fetch(serving, url)[0] == 403
    assert fetch(serving, bos)[0] == 200
    office.now += feeds.LIVES_FOR
    assert fetch(serving, bos)[0] == 403


def test_the_command_tells_ones_own_address_and_customers_have_none(office: Office) -> None:
    assert "https://desk.test/oncall.ics?token=" in office.does("bo", feeds.address).text
    office.desk = replace(office.desk, links=None)
    with pytest.raises(BadInput, match="PUBLIC_URL and SECRET_KEY"):
        office.does("bo", feeds.address)


def test_a_name_of_two_lines_is_a_name_in_the_feed_too() -> None:
    turn = CalendarTurn("turn@watchbell", "Ana\nLima", "level 1", NINE, NINE + timedelta(days=7))

    read = Calendar.from_ical(feed([turn], name="On call: Ana\nLima", now=NINE))

    assert read["x-wr-calname"] == "On call: Ana Lima"
    assert [str(each["summary"]) for each in read.walk("VEVENT")] == ["Ana\nLima: on call, level 1"]
