"""What if Slack's deliveries overtake each other? In whatever order they come, the same stands on the ticket."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from bot.services import inbox_events, intake, overtaken, split
from bot.services.desk import Delivery, message_key
from bot.store import conversation, inbox, tickets
from bot.store.database import Database
from tests.make import NINE
from tests.services.office import Office

CHANNEL = "C0ACME"
FIRST = int(NINE.timestamp())
ROOT, REPLY, LINE = ".000100", ".000200", ".000300"
EVENTS = {
    "request": ("message", ROOT, "", "Payments are slow"),
    "request edited": ("edit", ROOT, "1.000001", "Payments are very slow"),
    "reply": ("message", REPLY, "", "Since ten o'clock"),
    "edit": ("edit", REPLY, "9.000001", "Since eleven o'clock"),
    "second edit": ("edit", REPLY, "10.000001", "Since twelve o'clock"),
    "line": ("message", LINE, "", "Never mind this line"),
    "line removed": ("delete", LINE, "deleted", ""),
}


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def hears(office: Office, event: str, *, second: int = FIRST, mentions: bool = False) -> str:
    """Deliver an event of the conversation that began in that second, as slack/incoming.py does; gives its key."""
    kind, ts, change, text = EVENTS[event]
    body: dict[str, Any] = {"channel": CHANNEL, "ts": f"{second}{ts}"}
    if kind != "delete":
        body |= {
            "thread_ts": None if ts == ROOT else f"{second}{ROOT}", "user": "U0CY", "workspace": "T0ACME",
            "text": text, "rest": text, "files": [], "channel_type": "channel", "ask": "",
            "mentions_bot": mentions or ts == ROOT, "edited_ts": change,
        }  # fmt: skip
    key = message_key(CHANNEL, f"{second}{ts}", change)
    office.desk.accept(Delivery(key, kind, body), now=office.now)
    return key


def works(office: Office, *, seconds: float = 0) -> None:
    """Work off what is due now, and what falls due within these seconds."""
    end = office.now + timedelta(seconds=seconds)
    while True:
        while inbox_events.take_one(office.desk, now=office.now):
            pass
        with office.db.reading() as session:
            following = inbox.next_at(session)
        if following is None or following > end:
            break
        office.now = following
    office.now = end


def said(office: Office, *, second: int = FIRST) -> list[str]:
    """What the ticket of that second's conversation says as it reads now, in the order in which it was written."""
    with office.db.reading() as session:
        ticket = tickets.by_thread(session, CHANNEL, f"{second}{ROOT}")
        if ticket is None:
            return []
        remarks = conversation.of_ticket(session, ticket.number_known)
        return [each.text for each in sorted(remarks, key=lambda each: each.ts) if each.deleted_at is None]


def state(office: Office, key: str) -> str | None:
    with office.db.reading() as session:
        return inbox.state_of(session, key)


@pytest.mark.parametrize(
    ("events", "reads"),
    [
        (("request", "reply", "edit", "line", "line removed"), ["Payments are slow", "Since eleven o'clock"]),
        (("request", "reply", "edit", "second edit"), ["Payments are slow", "Since twelve o'clock"]),
        (("request", "request edited", "reply"), ["Payments are very slow", "Since ten o'clock"]),
    ],
    ids=["an edit and a removal", "two edits", "an edit of the request"],
)
@pytest.mark.parametrize("apart", [0, 59], ids="{} s apart".format)
def test_in_whatever_order_a_conversation_comes_it_reads_the_same(
    office: Office, events: Sequence[str], reads: list[str], apart: int
) -> None:
    # What order a database sees changes nothing of the rule: PostgreSQL is shown every seventh.
    orders = list(permutations(events))[:: 7 if office.db.dialect == "postgresql" else 1]
    different = {}
    for day, order in enumerate(orders):
        office.now = NINE + timedelta(days=day)
        second = int(office.now.timestamp())
        for event in order:
            hears(office, event, second=second)
            works(office, seconds=apart)
        works(office, seconds=300)
        if said(office, second=second) != reads:
            different[order] = said(office, second=second)
    assert different == {}


def test_a_reply_waits_for_the_message_above_it_until_slack_has_repeated_that_for_the_last_time(office: Office) -> None:
    early = hears(office, "reply")
    works(office, seconds=360)
    hears(office, "request")
    works(office, seconds=60)
    assert said(office) == ["Payments are slow", "Since ten o'clock"]
    assert state(office, early) == "done"

    nobodys = hears(office, "reply", second=FIRST + 1)
    works(office, seconds=overtaken.OVERTAKEN_FOR.total_seconds() - 1)
    assert state(office, nobodys) == "pending"
    works(office, seconds=1)
    assert state(office, nobodys) == "done"


def test_who_speaks_to_us_in_a_thread_from_before_our_time_waits_two_seconds(office: Office) -> None:
    asked = hears(office, "reply", mentions=True)
    works(office, seconds=1)
    assert state(office, asked) == "pending"
    works(office, seconds=1)
    assert state(office, asked) == "done"
    assert office.ticket("T-1").summary == "Since ten o'clock"


def test_a_reply_waits_while_the_message_above_it_cannot_be_worked_off(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object, **named: object) -> object:
        raise KeyError("something that is not there")

    with monkeypatch.context() as while_broken:
        while_broken.setattr(intake, "open_from_message", broken)
        request, reply = hears(office, "request"), hears(office, "reply")
        works(office)
        assert (state(office, request), state(office, reply)) == ("pending", "pending")
    works(office, seconds=10)
    assert said(office) == ["Payments are slow", "Since ten o'clock"]


def test_an_edit_that_comes_late_covers_no_newer_one_on_a_ticket_that_was_split_off_either(office: Office) -> None:
    for event in ("request", "reply", "second edit"):
        hears(office, event)
        works(office)
    office.does("bo", split.split, ticket="T-1", messages=f"{FIRST}{REPLY}", summary="Payments fail")
    hears(office, "edit")
    works(office)
    with office.db.reading() as session:
        moved = conversation.by_ts(session, CHANNEL, f"{FIRST}{REPLY}")
    assert moved is not None
    assert (moved.ticket_number, moved.text) == (2, "Since twelve o'clock")
