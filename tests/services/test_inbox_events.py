"""What happens to a delivery that cannot be worked off?"""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select
from structlog.testing import capture_logs

from bot.services import inbox_events, intake, overtaken, staff_news, working
from bot.services.desk import Delivery, message_key
from bot.store import inbox, outbox
from bot.store.database import Database
from bot.store.tables import InboxRow, OutboxRow, Remark
from tests.services.office import THEIRS, Office


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def hears(office: Office, ts: str, text: str, *, user: str, thread: str | None = None) -> None:
    body: dict[str, Any] = {
        "channel": "C0ACME", "ts": ts, "thread_ts": thread, "user": user,
        "workspace": "T0ACME" if user in THEIRS.values() else "", "text": text,
        "files": [], "channel_type": "channel", "mentions_bot": thread is None, "ask": "", "rest": text,
    }  # fmt: skip
    office.desk.accept(Delivery(message_key("C0ACME", ts), "message", body), now=office.now)


def edits(
    office: Office, ts: str, text: str, *, user: str, thread: str | None = None, at: str = "1767603900.0"
) -> None:
    body: dict[str, Any] = {
        "channel": "C0ACME", "ts": ts, "thread_ts": thread, "user": user,
        "workspace": "T0ACME" if user in THEIRS.values() else "", "text": text, "files": [], "channel_type": "channel",
        "mentions_bot": thread is None, "ask": "", "rest": text, "edited_ts": at,
    }  # fmt: skip
    office.desk.accept(Delivery(message_key("C0ACME", ts, at), "edit", body), now=office.now)
    assert inbox_events.take_one(office.desk, now=office.now)


def rows(office: Office) -> list[tuple[str, int]]:
    with office.db.reading() as session:
        found = session.exec(select(InboxRow).where(InboxRow.kind == "message").order_by(col(InboxRow.id))).all()
    return [(row.state, row.attempts) for row in found]


def test_one_that_breaks_on_its_way_is_put_off_whole_and_holds_up_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.opens()
    put_up = staff_news.card

    def broken(*given: object, **named: object) -> object:
        raise KeyError("something that is not there")

    hears(office, "1767603600.000100", "sev3 The export is empty", user="U0CY")
    hears(office, "1767603601.000100", "sev3 The import is slow", user="U0DEE")
    with monkeypatch.context() as while_broken:
        while_broken.setattr(staff_news, "card", broken)
        assert inbox_events.take_one(office.desk, now=office.now)
    assert rows(office) == [("pending", 1), ("pending", 0)]
    assert staff_news.card is put_up

    assert inbox_events.take_one(office.desk, now=office.now)
    assert rows(office) == [("pending", 1), ("done", 0)]
    assert inbox_events.take_one(office.desk, now=office.now + timedelta(minutes=1))
    assert rows(office) == [("done", 1), ("done", 0)]
    assert [office.ticket(ticket).summary for ticket in ("T-2", "T-3")] == ["The import is slow", "The export is empty"]


def test_where_nothing_is_kept_the_loop_alone_tells_of_it_and_tells_all_of_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("something that is not there")

    def full(*_: object, **__: object) -> None:
        raise OperationalError("UPDATE", None, Exception("database or disk is full"))

    hears(office, "1767603600.000100", "sev3 The export is empty", user="U0CY")
    monkeypatch.setattr(staff_news, "card", broken)
    monkeypatch.setattr(inbox, "put_off", full)
    with capture_logs() as said, pytest.raises(OperationalError, match="full") as raised:
        inbox_events.take_one(office.desk, now=office.now)

    assert [each["event"] for each in said if each["log_level"] == "error"] == []
    assert isinstance(raised.value.__cause__, KeyError)
    monkeypatch.undo()
    monkeypatch.setattr(staff_news, "card", broken)
    with capture_logs() as said:
        assert inbox_events.take_one(office.desk, now=office.now)
    assert [each["event"] for each in said if each["log_level"] == "error"] == ["delivery_failed"]


def test_one_that_nobody_can_read_is_put_off_and_holds_up_no_other(office: Office) -> None:
    office.desk.accept(Delivery("message:bad", "message", {"thread_ts": "1767603600.000100"}), now=office.now)
    hears(office, "1767603601.000100", "sev3 The export is empty", user="U0CY")
    assert inbox_events.take_one(office.desk, now=office.now)
    assert inbox_events.take_one(office.desk, now=office.now)
    assert rows(office) == [("pending", 1), ("done", 0)]


@pytest.mark.req("IN-2")
@pytest.mark.parametrize("ours", [True, False], ids=["under our receipt", "under a message of somebody's"])
def test_a_reply_waits_while_it_may_stand_under_a_receipt_whose_sending_was_cut_off(office: Office, ours: bool) -> None:
    office.desk.do(intake.open_by_command, actor=office.who("ana"), channel="C0ACME", text="sev3 Slow", now=office.now)
    office.lets_begin("T-1")
    with office.db.transaction() as session:
        sent = office.claims(session)
    receipt = next(row for row in sent if row.lane == "C0ACME")

    stands_at, later = "1767603600.000100", office.now + overtaken.SETTLED_AFTER
    hears(office, "1767603605.000100", "it got worse", user="U0CY", thread=stands_at)
    assert inbox_events.take_one(office.desk, now=office.now)
    assert not inbox_events.take_one(office.desk, now=office.now), "nothing else is held up"
    assert rows(office) == [("pending", 0)]

    with office.db.transaction() as session:
        ts = stands_at if ours else "1767603599.000100"
        assert outbox.finish(session, id=receipt.id, fence=receipt.fence, ts=ts, channel="C0ACME", now=later)
    hears(office, "1767603606.000100", "thanks", user="U0CY", thread=stands_at)
    assert inbox_events.take_one(office.desk, now=office.now)
    assert rows(office) == [("pending", 0), ("pending", 0)], "the later one does not overtake it"

    if not ours:
        later = office.now + overtaken.OVERTAKEN_FOR
    for _ in range(2):
        assert inbox_events.take_one(office.desk, now=later)
    assert rows(office) == [("done", 0), ("done", 0)]
    with office.db.reading() as session:
        texts = [each.text for each in session.exec(select(Remark).order_by(col(Remark.id)))]
    assert texts == ["it got worse", "thanks"] * ours


@pytest.mark.parametrize(("text", "answered"), [(":eyes:", False), ("On it", True)])
def test_only_words_answer_a_customer(office: Office, text: str, answered: bool) -> None:
    hears(office, "1767603600.000100", "sev3 The export is empty", user="U0CY")
    assert inbox_events.take_one(office.desk, now=office.now)
    hears(office, "1767603605.000100", text, user="U0ANA", thread="1767603600.000100")
    assert inbox_events.take_one(office.desk, now=office.now)
    assert (office.ticket("T-1").responded_at is not None) is answered
    assert office.is_sound()


def test_thanks_with_an_emoji_below_a_ticket_that_is_over_opens_none(office: Office) -> None:
    hears(office, "1767603600.000100", "sev3 The export is empty", user="U0CY")
    assert inbox_events.take_one(office.desk, now=office.now)
    solved = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alarm"}
    office.does("ana", working.resolve, ticket="T-1", values=solved)
    office.does("cy", working.confirm, ticket="T-1")
    hears(office, "1767603605.000100", "Thanks a lot :pray:", user="U0CY", thread="1767603600.000100")
    assert inbox_events.take_one(office.desk, now=office.now)
    assert office.ticket("T-1").followed_by is None


def test_whoever_only_thanks_the_bot_opens_no_ticket_and_what_they_write_next_is_one(office: Office) -> None:
    hears(office, "1767603600.000100", "thanks!", user="U0CY")
    hears(office, "1767603620.000100", "sev2 The export is empty", user="U0CY")
    assert inbox_events.take_one(office.desk, now=office.now)
    assert inbox_events.take_one(office.desk, now=office.now)

    assert office.ticket("T-1").summary == "The export is empty"
    with office.db.reading() as session:
        private = session.exec(select(OutboxRow).where(OutboxRow.op == "ephemeral")).one()
    assert "how to get help" in private.payload["text"]


FIRST, REPLY = "1767603600.000100", "1767603605.000100"


def shown(office: Office) -> list[str]:
    """What the room under the card shows of the conversation as it reads now."""
    with office.db.reading() as session:
        sent = session.exec(select(OutboxRow).order_by(col(OutboxRow.seq)))
        lines = {row.card: str(row.payload["text"]) for row in sent if row.lane == "C0TRIAGE" and row.kind == "reply"}
    return [each.partition(" · ")[2] for each in lines.values()]


def test_the_room_shows_what_became_of_the_message_that_began_the_ticket(office: Office) -> None:
    hears(office, FIRST, "sev3 The export is empty", user="U0CY")
    assert inbox_events.take_one(office.desk, now=office.now)
    office.delivers()
    assert shown(office) == []
    for text, at in (("sev3 All exports are empty", "1767603901.0"), ("sev3 All is empty", "1767603902.0")):
        edits(office, FIRST, text, user="U0CY", at=at)
        office.delivers()
        assert shown(office) == [f"Cy Young (customer) wrote: {text}"]
    removal = {"channel": "C0ACME", "ts": FIRST}
    office.desk.accept(Delivery(message_key("C0ACME", FIRST, "deleted"), "delete", removal), now=office.now)
    assert inbox_events.take_one(office.desk, now=office.now)
    assert shown(office) == ["Cy Young (customer) wrote: (removed)"]


def test_an_open_ticket_is_called_by_what_began_it_as_that_reads_now(office: Office) -> None:
    hears(office, FIRST, "sev3 The exprot is emtpy", user="U0CY")
    hears(office, REPLY, "The exprot is emtpy", user="U0CY", thread=FIRST)
    while inbox_events.take_one(office.desk, now=office.now):
        pass
    office.delivers()
    edits(office, REPLY, "The export is empty since noon", user="U0CY", thread=FIRST)
    assert office.ticket("T-1").summary == "The exprot is emtpy"
    edits(office, FIRST, "sev3 The export is empty", user="U0CY", at="1767603901.0")
    office.delivers()

    assert office.ticket("T-1").summary == "The export is empty"
    with office.db.reading() as session:
        edited = select(OutboxRow).where(OutboxRow.op == "edit", OutboxRow.state == "sent")
        sent = session.exec(edited.order_by(col(OutboxRow.seq)))
        last = {row.card: str(row.payload["text"]) for row in sent}
    assert all("The export is empty" in last[card] for card in ("card:1", "receipt:1"))
    solved = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alarm"}
    office.does("ana", working.resolve, ticket="T-1", values=solved)
    office.does("cy", working.confirm, ticket="T-1")
    edits(office, FIRST, "sev3 Never mind", user="U0CY", at="1767603902.0")
    assert office.ticket("T-1").summary == "The export is empty"
    assert office.is_sound()


def test_an_edit_that_says_something_at_last_is_acted_on(office: Office) -> None:
    hears(office, FIRST, "sev3 The export is empty", user="U0CY")
    hears(office, REPLY, ":eyes:", user="U0ANA", thread=FIRST)
    while inbox_events.take_one(office.desk, now=office.now):
        pass
    assert office.ticket("T-1").responded_at is None
    edits(office, REPLY, "Is it all of them?", user="U0ANA", thread=FIRST)
    assert office.ticket("T-1").responded_at == office.now

    office.does("ana", working.wait, ticket="T-1")
    hears(office, "1767603606.000100", "Thanks!", user="U0CY", thread=FIRST)
    assert inbox_events.take_one(office.desk, now=office.now)
    assert office.ticket("T-1").waiting_for
    edits(office, "1767603606.000100", "Thanks, it is all of them", user="U0CY", thread=FIRST)
    assert not office.ticket("T-1").waiting_for
    assert office.is_sound()


def test_whoever_adds_another_customers_name_by_an_edit_is_told_once(office: Office) -> None:
    hears(office, FIRST, "sev3 The export is empty", user="U0CY")
    assert inbox_events.take_one(office.desk, now=office.now)
    hears(office, REPLY, "We look at it", user="U0ANA", thread=FIRST)
    assert inbox_events.take_one(office.desk, now=office.now)
    for text, at in (("Globex has it too", "1767603901.0"), ("Globex has it as well", "1767603902.0")):
        edits(office, REPLY, text, user="U0ANA", thread=FIRST, at=at)
    assert len([each for each in office.said(to="ana") if "Globex" in each]) == 1


def test_a_complaint_made_of_thanks_below_a_ticket_that_is_over_is_answered(office: Office) -> None:
    hears(office, FIRST, "sev3 The export is empty", user="U0CY")
    hears(office, REPLY, "Thanks!", user="U0CY", thread=FIRST)
    while inbox_events.take_one(office.desk, now=office.now):
        pass
    solved = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alarm"}
    office.does("ana", working.resolve, ticket="T-1", values=solved)
    office.does("cy", working.confirm, ticket="T-1")
    edits(office, REPLY, "Thanks, but it is still empty", user="U0CY", thread=FIRST)
    assert office.said(to="C0ACME")[-1].startswith("T-1 is closed")
