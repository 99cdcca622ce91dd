"""Does a page reach a person's mailbox, telephone or incident system, and what happens where it does not?"""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.clock import MovableClock
from bot.delivery.apprise import TRIES, ContactSender, fault_of
from bot.delivery.fence import Fence
from bot.delivery.media import Media
from bot.delivery.relay import LEASE_FOR, Relay
from bot.delivery.sent import Sent
from bot.store import outbox, outside
from bot.store.database import Database
from bot.store.outside import Place
from bot.store.tables import OutboxRow
from tests.delivery.receivers import Gateway, Mailbox, free_port
from tests.make import NINE, make_person, page_text, token

HERE = Fence(("127.0.0.1",))
KEY = "R0123456789ABCDEF0123456789ABCDE"


class NoSlack:
    """Slack's place at the relay, in tests where nothing goes there."""

    def send(self, row: OutboxRow) -> Sent:
        raise AssertionError(f"{row.lane} went to Slack")

    def look_up(self, row: OutboxRow) -> Sent | None:
        raise AssertionError(f"{row.lane} was looked for in Slack")

    def is_external(self, lane: str) -> bool:
        raise AssertionError(f"Slack was asked about {lane}")


class Office:
    """The relay with every medium, on a database."""

    def __init__(self, database: Database, *, events_url: str = "http://127.0.0.1:9/") -> None:
        self.database = database
        self.clock = MovableClock(NINE)
        self.lost: list[str] = []
        media = Media(NoSlack(), ContactSender(database, fence=HERE, events_url=events_url))
        self.relay = Relay(database, media, clock=self.clock.now, on_dead_letter=self._note, workers=0)

    def _note(self, _session: Session, _row: OutboxRow, why: str, _now: datetime) -> None:
        self.lost.append(why)

    def page(self, *contacts: str, customer: str | None = None, action: str = "trigger") -> str:
        """A page to Ana's first contact; its id."""
        identity = token()
        with self.database.transaction() as session:
            person = make_person("ana", customer=customer)
            person.contacts = [*contacts]
            session.merge(person)
            outside.notify(
                session, place=Place("ana", 0), title="T-1 needs you", body=f"Checkout is down. (Page {identity[:8]}.)",
                facts={"action": action, "dedup": "chain-1"}, id=identity, key=f"out:{identity}:0",
                now=self.clock.now(),
            )  # fmt: skip
        return identity

    def state(self, identity: str) -> str:
        with self.database.reading() as session:
            return session.exec(select(OutboxRow).where(OutboxRow.id == identity)).one().state

    def work(self) -> None:
        while self.relay.step(self.clock.now()):
            pass

    def work_until_over(self, identity: str) -> int:
        """Goes over every moment until the page is sent or given up; how many waits there were."""
        waits = 0
        self.work()
        while self.state(identity) not in ("sent", "failed"):
            due = self.relay.next_at(self.clock.now())
            assert due is not None
            self.clock.move_to(due)
            waits += 1
            self.work()
        return waits


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.mark.req("PG-1")
def test_a_page_arrives_as_a_mail_with_its_reference(database: Database, mailbox: Mailbox) -> None:
    office = Office(database)
    identity = office.page(mailbox.url)
    office.work()
    assert office.state(identity) == "sent"
    (mail,) = mailbox.mails
    assert "T-1 needs you" in str(mail["subject"])
    assert identity[:8] in mail.as_string()


def test_a_mail_server_that_is_full_is_tried_again_with_growing_waits(database: Database, mailbox: Mailbox) -> None:
    office = Office(database)
    mailbox.refuses_with = "452 Insufficient storage"
    identity = office.page(mailbox.url)
    office.work()
    assert office.state(identity) == "pending"
    mailbox.refuses_with = ""
    office.work_until_over(identity)
    assert office.state(identity) == "sent"
    assert len(mailbox.mails) == 1


def test_a_contact_that_nobody_answers_is_given_up_after_some_tries_and_told(database: Database) -> None:
    office = Office(database)
    identity = office.page(f"json://127.0.0.1:{free_port()}/")
    waits = office.work_until_over(identity)
    assert office.state(identity) == "failed"
    assert waits == TRIES - 1
    assert len(office.lost) == 1


def test_a_webhook_takes_the_page_as_json(database: Database, hook: Gateway) -> None:
    office = Office(database)
    office.page(hook.url())
    office.work()
    (body,) = hook.bodies
    assert (body["title"], body["type"]) == ("T-1 needs you", "failure")
    assert "Checkout is down" in body["message"]


def test_a_text_message_gateway_gets_its_own_payload(database: Database, hook: Gateway) -> None:
    office = Office(database)
    office.page(f"smseagle://token@127.0.0.1:{hook.port}/5551234567")
    office.work()
    (path, body) = hook.took[0]
    assert "sms" in path.casefold() or "sms" in str(body).casefold()
    assert "5551234567" in str(body)
    assert "Checkout is down" in str(body)


def test_a_webhook_that_hangs_is_tried_again(database: Database, hook: Gateway) -> None:
    office = Office(database)
    hook.silent = True
    identity = office.page(hook.url())
    office.work()
    assert office.state(identity) == "pending"
    hook.silent = False
    office.work_until_over(identity)
    assert len(hook.took) == 1


def test_a_service_that_says_too_many_is_left_in_peace_for_a_while(database: Database, hook: Gateway) -> None:
    office = Office(database)
    hook.status = 429
    identity = office.page(hook.url())
    office.work()
    due = office.relay.next_at(office.clock.now())
    assert due is not None
    assert due >= NINE + timedelta(seconds=10)
    hook.status = 200
    office.work_until_over(identity)
    assert office.state(identity) == "sent"


def test_a_refusal_for_good_is_not_tried_again(database: Database, hook: Gateway) -> None:
    office = Office(database)
    hook.status = 404
    identity = office.page(hook.url())
    assert office.work_until_over(identity) == 0
    assert (office.state(identity), office.lost) == ("failed", ["HTTP 404"])


@pytest.mark.parametrize("url", ["mailto://x", "bogus://desk.test/", "pagerduty://short"])
def test_a_malformed_address_is_given_up_at_once_and_never_named(database: Database, url: str) -> None:
    office = Office(database)
    identity = office.page(url)
    assert office.work_until_over(identity) == 0
    assert office.state(identity) == "failed"
    assert url not in office.lost[0]
    assert fault_of(url, HERE)


def test_a_page_never_goes_to_a_contact_of_a_customer(database: Database, hook: Gateway) -> None:
    office = Office(database)
    identity = office.page(hook.url(), customer="acme")
    office.work()
    assert office.state(identity) == "failed"
    assert not hook.took


def test_a_page_that_was_cut_off_in_mid_send_goes_out_again(database: Database, hook: Gateway) -> None:
    office = Office(database)
    identity = office.page(hook.url())
    with database.transaction() as session:
        assert [row.id for row in outbox.claim(session, lease_for=LEASE_FOR, limit=5, now=NINE)] == [identity]
    office.work()
    assert not hook.took
    office.clock.move_to(NINE + LEASE_FOR)
    office.work()
    assert (office.state(identity), len(hook.took)) == ("sent", 1)


@pytest.mark.req("PG-1")
def test_slack_asking_for_a_pause_does_not_hold_up_what_goes_beside_it(database: Database, hook: Gateway) -> None:
    office = Office(database)
    identity = office.page(hook.url())
    with database.transaction() as session:
        outbox.post(session, message=page_text(), lane="@U0ANA", id=token(), now=NINE)
        outbox.hold(session, until=NINE + timedelta(minutes=5))
    assert office.relay.next_at(NINE) == NINE
    office.work()
    assert office.state(identity) == "sent"
    assert office.relay.next_at(NINE) == NINE + timedelta(minutes=5)


def test_pagerduty_hears_trigger_and_acknowledgement_of_one_incident(database: Database, hook: Gateway) -> None:
    office = Office(database, events_url=hook.address)
    for action in ("trigger", "acknowledge", "resolve"):
        office.page(f"pagerduty://{KEY}", action=action)
        office.work()
    assert [body["event_action"] for body in hook.bodies] == ["trigger", "acknowledge", "resolve"]
    assert {(body["routing_key"], body["dedup_key"]) for body in hook.bodies} == {(KEY, "chain-1")}
    assert hook.bodies[0]["payload"] == {
        "summary": "T-1 needs you",
        "source": "Watchbell",
        "severity": "critical",
        "custom_details": hook.bodies[0]["payload"]["custom_details"],
    }


@pytest.mark.parametrize(("status", "state"), [(400, "failed"), (429, "pending"), (503, "pending")])
def test_pagerduty_refuses_for_good_or_for_now(database: Database, hook: Gateway, status: int, state: str) -> None:
    office = Office(database, events_url=hook.address)
    hook.status, hook.headers = status, {"retry-after": "7"}
    identity = office.page(f"pagerduty://{KEY}")
    office.work()
    assert office.state(identity) == state
    if status == 429:
        assert office.relay.next_at(NINE) == NINE + timedelta(seconds=7)


def test_pagerduty_that_is_not_there_is_tried_again(database: Database) -> None:
    office = Office(database, events_url=f"http://127.0.0.1:{free_port()}/")
    identity = office.page(f"pagerduty://{KEY}")
    office.work()
    assert office.state(identity) == "pending"
