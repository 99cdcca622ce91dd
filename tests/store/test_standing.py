"""Does a card say how things stand when it leaves, once for however many changes, and is what it said kept?"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from bot.domain.message import AnyMessage, CustomerMessage, InternalMessage, Kind, Unworded, Visibility
from bot.store import outbox, remembered, standing
from bot.store.database import Database
from bot.store.errors import Leak, NoWords
from bot.store.newborn import born
from bot.store.tables import OutboxRow
from tests.make import NINE, make_customer, note_text, token
from tests.store.script import all_at_once

CARD = Unworded(Kind.CARD, Visibility.INTERNAL)
SECOND = timedelta(seconds=1)

Word = Callable[[OutboxRow], AnyMessage | None]


def put_up(database: Database, *, id: str = "card") -> None:  # noqa: A002 - the column's name
    with database.transaction() as session:
        outbox.post(session, message=CARD, lane="C0OPS", card="card:1", id=id, ticket_number=1, now=NINE)


def changes(database: Database, id: str) -> None:  # noqa: A002 - the column's name
    with database.transaction() as session:
        standing.say_anew(session, message=CARD, card="card:1", token=lambda: id, ticket_number=1, now=NINE)


def says(text: str) -> Word:
    return lambda _: InternalMessage(Kind.CARD, text)


def claim(database: Database, word: Word, now: datetime = NINE) -> list[OutboxRow]:
    with database.transaction() as session:
        return outbox.claim(session, word=word, lease_for=timedelta(minutes=1), limit=10, now=now)


def leaves(database: Database, word: Word, now: datetime = NINE) -> list[str]:
    """Let everything leave that may, and give what it says."""
    said = []
    while True:
        with database.transaction() as session:
            for row in outbox.claim(session, word=word, lease_for=timedelta(minutes=1), limit=10, now=now):
                said.append(f"{row.op} {row.payload['text']}")
                outbox.finish(session, id=row.id, fence=row.fence, ts="1.0", channel=row.lane, now=now)
            if not outbox.sendable(session, now=now):
                return said


def states(database: Database) -> list[tuple[str, str, str]]:
    with database.reading() as session:
        found = session.exec(select(OutboxRow).order_by(col(OutboxRow.seq))).all()
    return [(row.id, row.state, row.payload.get("text", "")) for row in found]


def test_a_card_says_what_holds_when_it_leaves_and_not_when_it_was_written(database: Database) -> None:
    put_up(database)
    assert states(database) == [("card", "pending", "")]
    assert leaves(database, says("T-1 is claimed")) == ["post T-1 is claimed"]
    assert states(database) == [("card", "sent", "T-1 is claimed")]


def test_many_changes_before_a_card_leaves_are_told_by_the_card(database: Database) -> None:
    put_up(database)
    for number in range(3):
        changes(database, f"edit {number}")
    assert leaves(database, says("the last")) == ["post the last"]


def test_many_changes_of_a_card_that_is_posted_are_one_edit(database: Database) -> None:
    put_up(database)
    leaves(database, says("new"))
    for number in range(3):
        changes(database, f"edit {number}")
    assert leaves(database, says("the last")) == ["edit the last"]
    assert states(database) == [("card", "sent", "new"), ("edit 0", "sent", "the last")]


def test_what_a_card_shows_already_is_not_said_again_and_what_stands_behind_it_leaves(database: Database) -> None:
    put_up(database)
    leaves(database, says("as before"))
    changes(database, "edit")
    with database.transaction() as session:
        outbox.post(session, message=note_text(), lane="C0OPS", id="behind", now=NINE)
    assert leaves(database, says("as before"), NINE + SECOND) == ["post T-1: note"]
    assert states(database)[1] == ("edit", "cancelled", "")


def test_a_change_while_an_edit_is_leaving_is_told_after_it(database: Database) -> None:
    put_up(database)
    leaves(database, says("new"))
    changes(database, "first")
    (leaving,) = claim(database, says("one"))
    changes(database, "second")
    assert claim(database, says("two")) == [], "one message of a channel is on its way"
    with database.transaction() as session:
        outbox.finish(session, id=leaving.id, fence=leaving.fence, ts="1.0", channel="C0OPS", now=NINE)
    assert leaves(database, says("two")) == ["edit two"]


def test_an_edit_that_was_refused_for_now_finds_its_words_again_after_a_change(database: Database) -> None:
    put_up(database)
    leaves(database, says("new"))
    changes(database, "edit")
    (refused,) = claim(database, says("old news"))
    with database.transaction() as session:
        outbox.fail(
            session, id=refused.id, fence=refused.fence, error="503", permanent=False, retry_at=NINE + SECOND, now=NINE
        )
    changes(database, "newer")
    assert leaves(database, says("news"), NINE + SECOND) == ["edit news"]


def test_a_post_that_may_have_arrived_stands_as_it_was_and_a_change_edits_it(database: Database) -> None:
    put_up(database)
    (sending,) = claim(database, says("new"))
    changes(database, "edit")
    later = NINE + timedelta(minutes=2)
    (again,) = claim(database, says("never said"), later)
    assert (again.id, again.look_up, again.payload["text"]) == (sending.id, True, "new")
    with database.transaction() as session:
        outbox.finish(session, id=again.id, fence=again.fence, ts="1.0", channel="C0OPS", now=later)
    assert leaves(database, says("changed"), later) == ["edit changed"]


def test_what_finds_no_words_waits_longer_each_time_and_holds_up_nothing_else(database: Database) -> None:
    def cannot(_: OutboxRow) -> AnyMessage:
        raise NoWords("KeyError")

    put_up(database)
    with database.transaction() as session:
        outbox.post(session, message=note_text(), lane="C0OPS", id="behind", now=NINE)
    assert leaves(database, cannot) == ["post T-1: note"]
    assert claim(database, cannot, NINE + 2 * SECOND) == []
    assert claim(database, says("late"), NINE + 5 * SECOND) == []
    assert leaves(database, says("late"), NINE + 6 * SECOND) == ["post late"]


def test_a_card_with_nothing_left_to_speak_of_ends_with_all_that_waits_under_it(database: Database) -> None:
    put_up(database)
    with database.transaction() as session:
        thread = outbox.thread_of("card:1")
        outbox.post(session, message=note_text(), lane="C0OPS", thread=thread, id="reply", ticket_number=1, now=NINE)
    assert leaves(database, lambda _: None) == []
    assert [state for _, state, _ in states(database)] == ["cancelled", "cancelled"]


def test_words_for_other_readers_never_leave(database: Database) -> None:
    put_up(database)
    assert leaves(database, lambda _: CustomerMessage(Kind.CARD, "T-1")) == []
    assert states(database) == [("card", "failed", "")]


def test_a_card_of_ours_cannot_be_put_up_or_changed_where_a_customer_reads(database: Database) -> None:
    put_up(database)
    leaves(database, says("new"))
    with database.transaction() as session:
        session.add(make_customer("acme", channel="C0OPS"))
    with pytest.raises(Leak):
        changes(database, "edit")
    with pytest.raises(Leak):
        put_up(database, id="again")


def test_a_card_that_is_not_there_is_not_said_anew(database: Database) -> None:
    changes(database, "edit")
    with database.transaction() as session:
        born(session, 1)
        standing.say_anew(session, message=CARD, card="card:1", token=token, ticket_number=1, now=NINE)
    assert states(database) == []


def test_a_change_that_meets_a_claim_is_in_its_words_or_told_after_it(database: Database) -> None:
    put_up(database)
    leaves(database, says("0"))
    shown = ["0"]

    def change() -> None:
        with database.transaction() as session:
            remembered.hold(session, "version")
            version = int(remembered.value(session, "version") or 0) + 1
            remembered.keep(session, "version", str(version))
            standing.say_anew(session, message=CARD, card="card:1", token=token, ticket_number=1, now=NINE)

    def relay(now: datetime) -> bool:
        with database.transaction() as session:

            def current(_: OutboxRow) -> AnyMessage:
                return InternalMessage(Kind.CARD, str(remembered.value(session, "version")))

            rows = outbox.claim(session, word=current, lease_for=timedelta(minutes=1), limit=10, now=now)
        for row in rows:
            shown.append(row.payload["text"])
            with database.transaction() as session:
                assert outbox.finish(session, id=row.id, fence=row.fence, ts="1.0", channel=row.lane, now=now)
        return bool(rows)

    def work(which: int) -> None:
        for number in range(1, 11):
            if which:
                change()
            else:
                relay(NINE + number * timedelta(minutes=1))

    all_at_once(work)
    while relay(NINE + timedelta(hours=1)):
        pass
    assert shown[-1] == "30"
    assert sorted(map(int, shown)) == list(map(int, dict.fromkeys(shown))), "no older words after newer ones"
