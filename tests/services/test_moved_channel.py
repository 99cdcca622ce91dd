"""Does a channel stay the same for everybody when Slack gives it another id?"""

from typing import Any

import pytest
from sqlmodel import select

from bot.services import inbox_events, updates
from bot.services.desk import Delivery, message_key
from bot.store import people, watch
from bot.store.database import Database
from bot.store.tables import Customer, Remark, Watch
from tests.services.office import Office

OLD, NEW = "C0ACME", "C9ACME"
FIRST, REPLY = "1767603600.000100", "1767603605.000100"


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def hears(office: Office, ts: str, text: str, *, channel: str, thread: str | None = None) -> None:
    body: dict[str, Any] = {
        "channel": channel, "ts": ts, "thread_ts": thread, "user": "U0CY", "workspace": "T0ACME", "text": text,
        "files": [], "channel_type": "channel", "mentions_bot": thread is None, "ask": "", "rest": text,
    }  # fmt: skip
    office.desk.accept(Delivery(message_key(channel, ts), "message", body), now=office.now)


def works(office: Office) -> None:
    while inbox_events.take_one(office.desk, now=office.now):
        pass
    office.delivers()


def is_moved(office: Office, *, times: int = 1) -> None:
    for nth in range(times):
        office.desk.accept(Delivery(f"event:Ev{nth}", "moved", {"old": OLD, "new": NEW}), now=office.now)
    works(office)


def test_a_ticket_goes_on_where_its_channel_is_now(office: Office) -> None:
    hears(office, FIRST, "sev1 Checkout is down", channel=OLD)
    works(office)
    # One that was delivered before the move, and one of after it that came early.
    hears(office, REPLY, "Since ten", channel=OLD, thread=FIRST)
    office.desk.accept(Delivery("event:Ev0", "moved", {"old": OLD, "new": NEW}), now=office.now)
    hears(office, "1767603606.000100", "It got worse", channel=NEW, thread=FIRST)
    works(office)
    office.does("ana", updates.write, ticket="T-1", values={"known": "A disk is full"})
    office.passes(hours=1)

    assert office.ticket("T-1").channel == NEW
    assert office.said(to=OLD) == []
    assert "A disk is full" in office.said(to=NEW)[-1]
    with office.db.reading() as session:
        assert [each.text for each in session.exec(select(Remark))] == [
            "sev1 Checkout is down", "Since ten", "It got worse",
        ]  # fmt: skip
        customer = people.customer_of_channel(session, NEW)
        assert customer is not None
        assert (customer.id, people.customer_of_channel(session, OLD)) == ("acme", None)
    assert office.is_sound()


def test_what_was_taken_under_the_old_id_is_not_taken_again_under_the_new_one(office: Office) -> None:
    hears(office, FIRST, "sev3 The export is empty", channel=OLD)
    works(office)
    with office.db.transaction() as session:
        watch.follow(session, NEW, external=False)
    is_moved(office, times=2)
    hears(office, FIRST, "sev3 The export is empty", channel=NEW)
    works(office)
    with office.db.reading() as session:
        assert [each.ticket_number for each in session.exec(select(Remark))] == [1]
        assert {each.channel for each in session.exec(select(Watch))} & {OLD, NEW} == {NEW}


def test_words_of_the_directory_that_read_like_the_id_stay(office: Office) -> None:
    with office.db.transaction() as session:
        session.get_one(Customer, "acme").name = OLD
    is_moved(office)
    with office.db.reading() as session:
        acme = session.get_one(Customer, "acme")
        assert (acme.name, acme.channel) == (OLD, NEW)


def test_an_id_that_is_another_customers_is_left_alone(office: Office) -> None:
    office.opens()
    office.desk.accept(Delivery("event:Ev", "moved", {"old": OLD, "new": "C0GLOBEX"}), now=office.now)
    works(office)
    assert office.ticket("T-1").channel == OLD
