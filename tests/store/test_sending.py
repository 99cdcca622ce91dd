"""Does each message leave once, in order, at Slack's pace, whoever dies on the way?"""

from collections import Counter
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import event

from bot.domain.message import CustomerMessage, Kind
from bot.sandbox.pace import Pace
from bot.store import outbox
from bot.store.database import Database
from bot.store.holds import EDIT_EVERY, EDITS_AT_ONCE
from bot.store.tables import Card, Lane, OutboxRow
from tests.make import NINE, note_text, page_text, token
from tests.store.script import all_at_once

LEASE_FOR = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


def post(database: Database, text: str, lane: str = "C0OPS", *, thread: str | None = None, at: datetime = NINE) -> None:
    with database.transaction() as session:
        outbox.post(session, message=note_text(text), lane=lane, id=text, thread=thread, now=at)


def edit_cards(database: Database, number: int) -> None:
    """Let cards in so many channels show something new."""
    channels = [f"C{each:02}" for each in range(number)]
    with database.transaction() as session:
        session.add_all(Card(key=channel, channel=channel, ts="1.0") for channel in channels)
    with database.transaction() as session:
        for channel in channels:
            outbox.edit(session, message=note_text(channel), card=channel, id=channel, now=NINE)


def claim(database: Database, now: datetime = NINE, *, limit: int = 10) -> list[OutboxRow]:
    with database.transaction() as session:
        return outbox.claim(session, lease_for=LEASE_FOR, limit=limit, now=now)


def finish(database: Database, row: OutboxRow, now: datetime = NINE) -> bool:
    with database.transaction() as session:
        return outbox.finish(session, id=row.id, fence=row.fence, ts=f"1.{row.seq}", channel="C", now=now)


def fail(database: Database, row: OutboxRow, *, retry_at: datetime | None, now: datetime = NINE) -> bool:
    with database.transaction() as session:
        return outbox.fail(
            session, id=row.id, fence=row.fence, error="503", permanent=False, retry_at=retry_at, now=now
        )


def next_at(database: Database, now: datetime = NINE) -> datetime | None:
    with database.reading() as session:
        due = outbox.next_at(session, now=now)
        assert outbox.sendable(session, now=now) is (due is not None and due <= now)
        return due


def ids(rows: list[OutboxRow]) -> list[str]:
    return [row.id for row in rows]


def test_four_relays_claim_each_message_once_and_one_for_each_lane(database: Database) -> None:
    with database.transaction() as session:
        for number in range(24):
            lane = f"C{number % 3}"
            outbox.post(session, message=note_text(), lane=lane, id=str(number), thread=f"{lane}.0", now=NINE)

    def relay(_: int) -> list[tuple[str, str]]:
        sent: list[tuple[str, str]] = []
        for tick in range(60):
            now = NINE + tick * SECOND
            for row in claim(database, now, limit=3):
                sent.append((row.lane, row.id))
                assert finish(database, row, now)
        return sent

    by_relay = all_at_once(relay)
    sent = [each for one in by_relay for each in one]
    assert Counter(number for _, number in sent) == Counter(str(number) for number in range(24))
    for one in by_relay:
        for lane in ("C0", "C1", "C2"):
            mine = [int(number) for where, number in one if where == lane]
            assert mine == sorted(mine)


def test_a_lane_has_one_message_in_flight(database: Database) -> None:
    post(database, "a")
    post(database, "b")
    post(database, "elsewhere", "C0ACME")
    first = claim(database)
    assert ids(first) == ["a", "elsewhere"]
    assert claim(database) == []
    # Until the lease ends only the one who holds it can help.
    assert next_at(database) == NINE + LEASE_FOR
    assert finish(database, first[0])
    assert ids(claim(database)) == ["b"]


def test_whoever_lost_the_lease_changes_nothing(database: Database) -> None:
    post(database, "a")
    (dead,) = claim(database)
    later = NINE + LEASE_FOR
    assert claim(database, later - SECOND) == []
    (alive,) = claim(database, later)
    assert (alive.fence, alive.look_up, alive.attempts) == (dead.fence + 1, True, 2)
    assert not finish(database, dead, later)
    assert not fail(database, dead, retry_at=later, now=later)
    with database.transaction() as session:
        assert not outbox.uncertain(session, id="a", fence=dead.fence, look_up_at=later)
    assert finish(database, alive, later)
    assert not finish(database, alive, later)
    assert claim(database, later + LEASE_FOR) == []


def test_a_send_without_an_answer_is_looked_up_and_holds_its_lane(database: Database) -> None:
    post(database, "a")
    post(database, "b")
    (row,) = claim(database)
    look_up_at = NINE + 15 * SECOND
    with database.transaction() as session:
        assert outbox.uncertain(session, id="a", fence=row.fence, look_up_at=look_up_at)
    assert claim(database, look_up_at - SECOND) == []
    assert next_at(database) == look_up_at
    (again,) = claim(database, look_up_at)
    assert (again.id, again.look_up) == ("a", True)
    # Found to have failed after all, it is simply sent again.
    assert fail(database, again, retry_at=None, now=look_up_at)
    (third,) = claim(database, look_up_at)
    assert (third.id, third.look_up) == ("a", False)


def test_a_refusal_for_now_keeps_the_order_of_the_thread(database: Database) -> None:
    for text in ("a", "b"):
        post(database, text, thread="9.0")
    post(database, "other")
    (row,) = claim(database)
    assert row.id == "a"
    assert fail(database, row, retry_at=NINE + 30 * SECOND)
    (other,) = claim(database)
    assert other.id == "other"
    assert finish(database, other)
    assert claim(database) == []
    assert next_at(database) == NINE + 30 * SECOND
    assert ids(claim(database, NINE + 30 * SECOND)) == ["a"]


def test_a_message_for_later_does_not_hold_its_thread(database: Database) -> None:
    with database.transaction() as session:
        at = NINE + timedelta(hours=1)
        outbox.post(session, message=note_text(), lane="C", id="later", thread="9.0", not_before=at, now=NINE)
    post(database, "now", "C", thread="9.0")
    assert ids(claim(database)) == ["now"]


def test_an_urgent_message_does_not_overtake_within_its_thread(database: Database) -> None:
    post(database, "reply", "C", thread="9.0")
    with database.transaction() as session:
        outbox.post(session, message=page_text(), lane="C", id="page", thread="9.0", now=NINE)
        outbox.post(session, message=page_text(), lane="C", id="top", now=NINE)
    order = []
    for _ in range(3):
        (row,) = claim(database)
        order.append(row.id)
        finish(database, row)
    assert order == ["top", "reply", "page"]


def test_a_channel_gets_four_at_once_and_then_one_a_second(database: Database) -> None:
    for number in range(10):
        post(database, str(number))
    sent_at = []
    now = NINE
    while (due := next_at(database, now)) is not None:
        now = max(now, due)
        (row,) = claim(database, now)
        finish(database, row, now)
        sent_at.append((now - NINE).total_seconds())
    assert sent_at == [0, 0, 0, 0, 1, 2, 3, 4, 5, 6]


def test_a_hold_of_one_lane_leaves_the_others_alone_and_a_hold_of_all_none(database: Database) -> None:
    for lane in ("C1", "C2"):
        post(database, lane, lane)
    with database.transaction() as session:
        outbox.hold(session, until=NINE + 30 * SECOND, lane="C1")
    (row,) = claim(database)
    assert row.id == "C2"
    with database.transaction() as session:
        outbox.hold(session, until=NINE + 90 * SECOND)
    assert claim(database, NINE + 60 * SECOND) == []
    assert next_at(database, NINE + 60 * SECOND) == NINE + 90 * SECOND
    assert len(claim(database, NINE + 90 * SECOND)) == 2


def test_an_edit_keeps_to_a_hold_but_uses_up_no_pace(database: Database) -> None:
    def edit(text: str) -> None:
        with database.transaction() as session:
            assert outbox.edit(session, message=note_text(text), card="ticket:1", id=text, now=NINE)

    with database.transaction() as session:
        session.add(Card(key="ticket:1", channel="C0OPS", ts="1.0"))
    for number in range(6):
        edit(str(number))
        (row,) = claim(database)
        assert finish(database, row)
    with database.transaction() as session:
        outbox.hold(session, until=NINE + 30 * SECOND, lane="C0OPS")
    edit("held")
    assert claim(database) == []
    assert next_at(database) == NINE + 30 * SECOND
    assert ids(claim(database, NINE + 30 * SECOND)) == ["held"]


def test_edits_stay_below_slacks_limit_and_nothing_else_waits_for_them(database: Database) -> None:
    edits = 70
    edit_cards(database, edits)
    first = claim(database, limit=100)
    assert len(first) == EDITS_AT_ONCE
    post(database, "note", "C99")
    beside = claim(database, limit=100)
    assert ids(beside) == ["note"]
    for row in first + beside:
        finish(database, row)

    left_at = [NINE] * EDITS_AT_ONCE
    now = NINE
    while (due := next_at(database, now)) is not None:
        now = max(now, due)
        for row in claim(database, now, limit=100):
            finish(database, row, now)
            left_at.append(now)
    assert left_at[-1] == NINE + EDIT_EVERY * (edits - EDITS_AT_ONCE)
    slack = Pace()
    assert {slack.wait_for_call("chat.update", 50, now=at) for at in left_at} == {None}


def test_two_relays_together_let_no_more_edits_leave_than_one(database: Database) -> None:
    edit_cards(database, 40)
    left = all_at_once(lambda _: sum(len(claim(database, limit=3)) for _ in range(8)))
    assert sum(left) <= EDITS_AT_ONCE
    assert sum(left) + len(claim(database, limit=40)) == EDITS_AT_ONCE


def test_what_came_too_late_is_not_said(database: Database) -> None:
    with database.transaction() as session:
        expires_at = NINE + timedelta(minutes=10)
        outbox.post(session, message=page_text(), lane="@U0ANA", id="a", expires_at=expires_at, now=NINE)
    assert claim(database, NINE + timedelta(minutes=10)) == []
    with database.reading() as session:
        assert session.get_one(OutboxRow, 1).state == "cancelled"


def test_the_channel_of_a_direct_message_is_remembered(database: Database) -> None:
    post(database, "a", "@U0ANA")
    (row,) = claim(database)
    assert row.channel is None
    with database.transaction() as session:
        assert outbox.finish(session, id="a", fence=row.fence, ts="1.0", channel="D0ANA", now=NINE)
        assert session.get_one(Lane, "@U0ANA").channel == "D0ANA"
    post(database, "b", "@U0ANA")
    assert [(row.id, row.channel) for row in claim(database)] == [("b", "D0ANA")]


def test_a_claim_takes_no_more_than_asked_and_the_most_urgent_first(database: Database) -> None:
    for number in range(6):
        post(database, str(number), f"C{number}")
    with database.transaction() as session:
        outbox.post(session, message=page_text(), lane="C9", id="page", now=NINE)
    assert ids(claim(database, limit=3)) == ["page", "0", "1"]


def test_a_busy_lane_does_not_starve_the_others(database: Database) -> None:
    for number in range(50):
        post(database, f"busy {number}", "C0BUSY")
    post(database, "quiet", "C0QUIET")
    busy = claim(database, limit=2)
    assert busy[0].lane == "C0BUSY"
    assert ids(busy[1:] or claim(database, limit=2)) == ["quiet"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    messages=some.lists(some.tuples(some.integers(0, 2), some.sampled_from(["1.0", "2.0", None])), max_size=12),
    troubles=some.lists(some.sampled_from(["sent", "refused", "unknown", "dead"]), max_size=30),
)
def test_whatever_happens_on_the_way_all_leave_once_and_threads_in_order(
    database: Database, messages: list[tuple[int, str | None]], troubles: list[str]
) -> None:
    run = token()
    for number, (lane, thread) in enumerate(messages):
        place = f"{run}{lane}"
        with database.transaction() as session:
            kind = Kind.PAGE if number % 3 == 0 else Kind.NOTICE
            message = CustomerMessage(kind, str(number))
            outbox.post(session, message=message, lane=place, id=f"{run}:{number}", thread=thread, now=NINE)
    arrived: list[tuple[str, str | None, int]] = []
    now = NINE
    fates = iter(troubles)
    while (due := next_at(database, now)) is not None:
        now = max(now, due)
        for row in claim(database, now, limit=2):
            _suffer(database, row, next(fates, "sent"), arrived, now)
    assert sorted(number for _, _, number in arrived) == list(range(len(messages)))
    for one in {(lane, thread) for lane, thread, _ in arrived if thread}:
        mine = [number for lane, thread, number in arrived if (lane, thread) == one]
        assert mine == sorted(mine)


def _suffer(
    database: Database, row: OutboxRow, fate: str, arrived: list[tuple[str, str | None, int]], now: datetime
) -> None:
    mark = (row.lane, row.thread, int(row.payload["text"]))
    if row.look_up and mark in arrived:
        assert finish(database, row, now)
    elif fate == "refused":
        assert fail(database, row, retry_at=now + 7 * SECOND, now=now)
    else:
        arrived.append(mark)
        if fate == "sent":
            assert finish(database, row, now)
        elif fate == "unknown":
            with database.transaction() as session:
                outbox.uncertain(session, id=row.id, fence=row.fence, look_up_at=now + 15 * SECOND)


def test_claiming_many_takes_as_many_statements_as_claiming_one(database: Database) -> None:
    counts = []
    for round_, lanes in enumerate((1, 20)):
        for number in range(lanes):
            post(database, f"{round_}:{number}", f"C{round_}:{number}")
        statements: list[str] = []
        with database.transaction() as session:
            event.listen(
                session.connection(), "before_cursor_execute", lambda *args, said=statements: said.append(args[2])
            )
            assert len(outbox.claim(session, lease_for=LEASE_FOR, limit=20, now=NINE)) == lanes
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert counts[0] <= 10
