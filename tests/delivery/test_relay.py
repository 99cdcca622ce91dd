"""Does every message leave once, in order of urgency, and never to the wrong ear, whatever Slack does?"""

import threading
from datetime import timedelta

import pytest

from bot.delivery import relay as relay_module
from bot.delivery.errors import DeliveryError
from bot.delivery.relay import LEASE_FOR
from bot.delivery.sent import Sent
from bot.domain.message import CustomerMessage, Kind
from bot.store import outbox
from bot.store.database import Database
from bot.store.tables import OutboxRow
from tests.delivery.desk import Office, Slack
from tests.make import NINE, make_customer, make_person, make_ticket, note_text, page_text, token, update_text

SILENCE = timedelta(seconds=15)


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def refusal(code: str = "channel_not_found", *, gone: bool = False) -> DeliveryError:
    return DeliveryError(code, permanent=True, gone=gone)


def silence() -> DeliveryError:
    return DeliveryError("no answer", settles_in=SILENCE)


def too_fast(seconds: int) -> DeliveryError:
    return DeliveryError("ratelimited", retry_after=timedelta(seconds=seconds))


def test_pages_leave_before_updates_and_updates_before_the_rest(office: Office) -> None:
    office.post(note_text("note"), "C0TRIAGE")
    office.post(update_text("update"), "C0ACME")
    office.post(page_text("page"), "@U0ANA")

    office.work()

    assert office.slack.texts == ["page", "update", "note"]


def test_a_message_is_sent_once_and_then_known_to_be_sent(office: Office) -> None:
    identity = office.post(note_text())

    office.work()
    office.work_on(until=timedelta(days=1))

    assert len(office.slack.taken) == 1
    assert office.state(identity) == "sent"


@pytest.mark.req("LC-6")
def test_nothing_internal_reaches_a_customers_channel_even_if_the_row_says_so(office: Office) -> None:
    with office.database.transaction() as session:
        session.add(make_customer(channel="C0ACME"))
    identity = office.slip_in(note_text("the customer is difficult"), "C0ACME")

    office.work_on(until=timedelta(days=1))

    assert office.slack.taken == []
    assert office.state(identity) == "failed"
    assert office.dead == [(identity, "refused here: it is internal, and a customer reads there")]


@pytest.mark.req("LC-6")
@pytest.mark.parametrize("whose", ["acme", "globex"])
def test_a_channel_that_went_to_another_customer_gets_nothing_of_the_former_ones(office: Office, whose: str) -> None:
    with office.database.transaction() as session:
        session.add(make_customer("acme", channel="C0ACME" if whose == "acme" else None))
        session.add(make_customer("globex", channel="C0ACME" if whose == "globex" else None))
        session.add(make_ticket(1, customer="acme"))
        said = CustomerMessage(Kind.REPLY, "T-1: we found it")
        outbox.post(session, message=said, lane="C0ACME", id="r", ticket_number=1, now=office.clock.now())

    office.work()

    assert office.slack.texts == ["T-1: we found it"] * (whose == "acme")
    assert office.dead == [("r", "refused here: the channel is another customer's now")] * (whose == "globex")


def test_a_channel_that_slack_says_is_shared_gets_nothing_internal(office: Office) -> None:
    office.slack.external.add("C0SHARED")
    office.post(note_text("ours"), "C0SHARED")
    office.post(CustomerMessage(Kind.REPLY, "theirs"), "C0SHARED")

    office.work_on(until=timedelta(hours=1))

    assert office.slack.texts == ["theirs"]


def test_in_doubt_about_who_reads_there_a_message_waits(office: Office) -> None:
    office.slack.doubts.extend([DeliveryError("internal_error"), DeliveryError("internal_error")])
    office.post(note_text())

    office.work()
    assert office.slack.taken == []

    office.work_on(until=timedelta(minutes=1))
    assert office.slack.texts == ["T-1: note"]


def test_a_page_to_one_of_ours_needs_no_word_from_slack_about_who_they_are(office: Office) -> None:
    with office.database.transaction() as session:
        session.add(make_person("ana"))
    office.slack.doubts.extend([DeliveryError("internal_error"), DeliveryError("internal_error")])
    office.post(page_text("page"), "@U0ANA", card="page:1")
    office.work()
    with office.database.transaction() as session:
        outbox.edit(session, message=page_text("acknowledged"), card="page:1", id=token(), now=NINE)

    office.work()

    assert office.slack.texts == ["page", "acknowledged"]


@pytest.mark.req("LC-6")
def test_a_page_to_one_of_a_customers_people_does_not_leave(office: Office) -> None:
    with office.database.transaction() as session:
        session.add(make_customer())
        session.add(make_person("cy", customer="acme", workspace="T0ACME"))
    identity = office.slip_in(page_text(), "@U0CY")

    office.work_on(until=timedelta(hours=1))

    assert office.slack.taken == []
    assert office.state(identity) == "failed"


def test_a_send_without_an_answer_that_arrived_is_found_and_not_repeated(office: Office) -> None:
    office.slack.troubles.append(silence())
    office.slack.arrives_anyway = True
    identity = office.post(note_text(), card="card:T-1")

    office.work_on(until=SILENCE - timedelta(seconds=1))
    assert office.slack.looked_up == []

    office.work_on(until=timedelta(seconds=1))
    assert office.slack.looked_up == [identity]
    assert len(office.slack.taken) == 1
    assert office.state(identity) == "sent"


def test_a_send_without_an_answer_that_did_not_arrive_is_repeated_after_a_look(office: Office) -> None:
    office.slack.troubles.append(silence())
    identity = office.post(note_text())

    office.work_on(until=SILENCE)

    assert office.slack.looked_up == [identity]
    assert len(office.slack.taken) == 1


def test_a_look_up_that_fails_is_tried_again_before_anything_is_sent(office: Office) -> None:
    office.slack.troubles.append(silence())
    office.slack.arrives_anyway = True
    office.slack.look_up_troubles.extend([too_fast(30), DeliveryError("internal_error")])
    identity = office.post(note_text())

    office.work_on(until=timedelta(minutes=5))

    assert office.slack.looked_up == [identity] * 3
    assert len(office.slack.taken) == 1


def test_an_edit_without_an_answer_is_simply_repeated(office: Office) -> None:
    office.post(note_text("card"), card="card:T-1")
    office.work()
    with office.database.transaction() as session:
        outbox.edit(session, message=note_text("claimed"), card="card:T-1", id=token(), now=NINE)
    office.slack.troubles.append(silence())
    office.slack.arrives_anyway = True

    office.work_on(until=timedelta(minutes=1))

    assert office.slack.texts == ["card", "claimed", "claimed"]
    assert office.slack.looked_up == []


@pytest.mark.parametrize("arrived", [True, False])
def test_what_a_killed_process_had_in_hand_is_looked_up_when_its_lease_ends(office: Office, arrived: bool) -> None:
    identity = office.post(page_text())
    with office.database.transaction() as session:
        (row,) = outbox.claim(session, lease_for=LEASE_FOR, limit=1, now=NINE)
    if arrived:
        office.slack.send(row)

    office.work_on(until=LEASE_FOR - timedelta(seconds=1))
    assert office.slack.looked_up == []

    office.work_on(until=timedelta(seconds=1))
    assert office.slack.looked_up == [identity]
    assert len(office.slack.taken) == 1


def test_an_ephemeral_cut_off_in_mid_send_is_not_shown_twice(office: Office) -> None:
    with office.database.transaction() as session:
        outbox.ephemeral(session, text="T-1: note", lane="C0OPS", user="U0ANA", id=token(), now=NINE)
        outbox.claim(session, lease_for=LEASE_FOR, limit=1, now=NINE)

    office.work_on(until=timedelta(minutes=5))

    assert office.slack.taken == []
    assert office.dead == []


def test_a_channel_that_is_too_fast_waits_while_others_go_on(office: Office) -> None:
    office.slack.troubles.append(too_fast(30))
    office.post(page_text("held"), "C0OPS")
    office.post(page_text("free"), "C0TRIAGE")

    office.work_on(until=timedelta(seconds=29))
    assert office.slack.texts == ["free"]

    office.work_on(until=timedelta(seconds=1))
    assert office.slack.texts == ["free", "held"]


def test_two_channels_that_are_too_fast_mean_the_whole_workspace(office: Office) -> None:
    office.slack.troubles.extend([too_fast(30), too_fast(30)])
    for lane in ("C0OPS", "C0TRIAGE"):
        office.post(note_text(lane), lane)
    office.work()

    office.post(note_text("third"), "C0GENERAL")
    office.work_on(until=timedelta(seconds=29))
    assert office.slack.taken == []

    office.work_on(until=timedelta(seconds=10))
    assert sorted(office.slack.texts) == ["C0OPS", "C0TRIAGE", "third"]


def test_a_message_outlasts_an_outage_of_hours(office: Office) -> None:
    office.slack.troubles.extend(DeliveryError("Slack cannot be reached") for _ in range(100))
    office.post(update_text())

    office.work_on(until=timedelta(hours=3))

    assert len(office.slack.taken) == 1
    assert office.dead == []


def test_a_page_never_waits_longer_than_ten_seconds_for_the_next_try(office: Office) -> None:
    office.slack.troubles.extend(DeliveryError("Slack cannot be reached") for _ in range(8))
    office.post(page_text(), "@U0ANA")

    office.work_on(until=timedelta(seconds=1 + 2 + 4 + 8 + 4 * 10))

    assert len(office.slack.taken) == 1


def test_a_refusal_for_good_becomes_one_dead_letter(office: Office) -> None:
    office.slack.troubles.append(refusal())
    identity = office.post(page_text())

    office.work_on(until=timedelta(hours=1))

    assert office.dead == [(identity, "channel_not_found")]
    assert office.state(identity) == "failed"


def test_nobody_is_alarmed_about_a_message_that_somebody_deleted(office: Office) -> None:
    office.slack.troubles.append(refusal("message_not_found", gone=True))
    office.post(note_text())

    office.work_on(until=timedelta(hours=1))

    assert office.dead == []


def test_a_send_that_would_outlive_its_lease_does_not_begin(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    identity = office.post(note_text())
    monkeypatch.setattr(relay_module, "LAST_CALL_SECONDS", -1.0)

    office.relay.step(NINE)

    assert office.slack.taken == []
    assert office.state(identity) == "pending"


def test_four_relays_send_each_message_once(office: Office) -> None:
    for number in range(12):
        office.post(note_text(str(number)), f"C{number}")
    start = threading.Barrier(4)

    def work() -> None:
        relay = office.another()
        start.wait()
        while relay.step(NINE):
            pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    office.work()

    assert sorted(office.slack.texts, key=int) == [str(number) for number in range(12)]


def test_sends_go_on_side_by_side_and_a_stop_puts_back_what_has_not_begun(office: Office) -> None:
    begun, let_go = threading.Semaphore(0), threading.Event()

    def gate(_lane: str) -> None:
        begun.release()
        let_go.wait(30)

    office.slack.gate = gate
    relay = office.another(workers=3)
    identities = [office.post(note_text(str(number)), f"C{number}") for number in range(3)]

    assert relay.step(NINE)
    assert begun.acquire(timeout=30)
    assert begun.acquire(timeout=30)
    assert relay.busy()
    assert not relay.step(NINE)

    let_go.set()
    assert relay.stop()

    assert sorted(office.state(identity) for identity in identities) == ["pending", "sent", "sent"]


class Breaking(Slack):
    """A Slack that breaks on one text each time, and takes all others."""

    def send(self, row: OutboxRow) -> Sent:
        if row.payload["text"] == "breaks Slack":
            raise DeliveryError("fatal_error", settles_in=timedelta(seconds=2))
        return super().send(row)


def test_a_message_on_which_slack_breaks_each_time_holds_up_its_channel_for_a_moment_only(office: Office) -> None:
    office.slack = Breaking()
    office.relay = office.another()
    broken = office.post(note_text("breaks Slack"))
    office.work()
    office.post(note_text("comes after it"))
    office.post(page_text("pages"))

    office.work_on(until=timedelta(minutes=2))

    assert office.slack.texts == ["pages", "comes after it"]
    assert office.state(broken) != "failed"


def test_a_slack_that_breaks_on_everything_for_hours_loses_nothing(office: Office) -> None:
    office.slack.troubles.extend([DeliveryError("fatal_error", settles_in=timedelta(seconds=2))] * 200)
    sent = [office.post(note_text("one")), office.post(note_text("two"), "C0ELSEWHERE")]
    office.work_on(until=timedelta(hours=6))
    assert office.dead == []
    assert [office.state(each) for each in sent] == ["sent", "sent"]
