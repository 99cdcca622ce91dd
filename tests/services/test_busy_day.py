"""On a busy day, who reads what is not theirs, and who gets more messages than they need? Nobody."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

import pytest
from sqlmodel import col, select

from bot.services.timeline import stream_of
from bot.store.database import Database
from bot.store.tables import OutboxRow
from bot.store.trail_tables import TimelineRow
from tests.accounting import EACH, ONCE
from tests.services.busy import INSIDE, ROOMS, THEIRS, BusyOffice, mark_of

STEPS = 45
"""How much happens on one day."""

Day = Callable[[int], BusyOffice]


@pytest.fixture
def day(sqlite_url: str) -> Iterator[Day]:
    """A busy day, played to its end with the dice of a seed."""
    opened: list[Database] = []

    def play(seed: int) -> BusyOffice:
        opened.append(Database(sqlite_url))
        office = BusyOffice(opened[-1])
        office.begins(Random(seed))  # noqa: S311 - dice, no secret
        office.goes_on(STEPS)
        office.ends()
        return office

    yield play
    for each in opened:
        each.dispose()


def read_by(office: BusyOffice, customer: str) -> str:
    """Everything that a customer's people can read: their channel, their direct messages, home tabs and answers."""
    users = {user for owner, user in THEIRS.values() if owner == customer}
    places = {ROOMS[customer], *(f"@{user}" for user in users), *users}
    rows = [row for row in office.rows() if {row.lane, str(row.payload.get("user", row.lane))} & places]
    assert {row.visibility for row in rows} == {"customer"}
    said = [json.dumps(row.payload, ensure_ascii=False) for row in rows]
    return "\n".join([*said, *office.read[customer]])


def check_nothing_leaks(office: BusyOffice) -> None:
    names = office.names()
    assert INSIDE in json.dumps([row.payload for row in office.rows()])
    for customer in ROOMS:
        read = read_by(office, customer)
        others = [each for each in ROOMS if each != customer]
        hidden = [INSIDE, *(mark_of(each) for each in others), *(name for each in others for name in names[each])]
        for marker in hidden:
            assert marker not in read, f"{customer} reads: {read[max(0, read.index(marker) - 300) :][:600]}"
        assert mark_of(customer) in read


def check_little_is_said(office: BusyOffice) -> None:
    """Each message of a customer's channel is one that is due, and each ticket has one card."""
    happened = happenings(office)
    for ticket in office.all_tickets():
        rows = [row for row in office.rows() if row.ticket_number == ticket.number and row.op == "post"]
        told = Counter(row.kind for row in rows if row.lane == ticket.channel)
        assert told["receipt"] == 1, f"{ticket.id}: {told}"
        for kind, number in told.items():
            most = ONCE.get(kind) or sum(happened[stream_of(ticket), each] for each in EACH.get(kind, ()))
            assert number <= most, f"{ticket.id} has {number} of {kind}, not {most}: {texts(rows, kind)}"
        cards = [row for row in rows if row.lane == "C0TRIAGE" and row.thread is None and row.kind == "card"]
        assert len(cards) == 1, f"{ticket.id}: {[row.payload['text'] for row in cards]}"


def happenings(office: BusyOffice) -> Counter[tuple[str, str]]:
    """How often what happened to each ticket, from the record."""
    with office.db.reading() as session:
        found = session.exec(select(TimelineRow).order_by(col(TimelineRow.id))).all()
    return Counter((row.stream, row.kind) for row in found)


def texts(rows: list[OutboxRow], kind: str) -> list[str]:
    return [re.sub(r"\s+", " ", str(row.payload["text"]))[:100] for row in rows if row.kind == kind]


@pytest.mark.req("LC-5")
@pytest.mark.req("LC-6")
@pytest.mark.parametrize("seed", [1])
def test_a_busy_day_shows_nobody_what_is_not_theirs_and_says_little(day: Day, seed: int) -> None:
    office = day(seed)
    check_nothing_leaks(office)
    check_little_is_said(office)
    assert office.is_sound()


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 160))
def test_no_busy_day_shows_anybody_what_is_not_theirs(day: Day, seed: int) -> None:
    office = day(seed)
    check_nothing_leaks(office)
    check_little_is_said(office)
