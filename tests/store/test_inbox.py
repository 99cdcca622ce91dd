"""Does a delivery take effect once, however often and however many at once it comes?"""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from bot.store import inbox
from bot.store.database import Database
from bot.store.inbox import MOST_ATTEMPTS, PutOff, Repeat
from bot.store.tables import InboxRow, Setting
from tests.make import NINE
from tests.store.script import all_at_once


def test_a_repeat_gets_the_first_answer(database: Database) -> None:
    with database.transaction() as session:
        assert inbox.claim_key(session, key="click:1", kind="click", body={"a": 1}, now=NINE) is None
        inbox.set_answer(session, "click:1", "It is yours.")
    with database.transaction() as session:
        later = NINE + timedelta(minutes=5)
        assert inbox.claim_key(session, key="click:1", kind="click", body={}, now=later) == Repeat("It is yours.")


def test_a_key_whose_effect_was_rolled_back_is_free_again(database: Database) -> None:
    def submit_and_be_refused() -> None:
        with database.transaction() as session:
            inbox.claim_key(session, key="view:1", kind="form", body={}, now=NINE)
            raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        submit_and_be_refused()
    with database.transaction() as session:
        assert inbox.claim_key(session, key="view:1", kind="form", body={}, now=NINE) is None


def test_the_same_click_in_four_threads_has_one_effect(database: Database) -> None:
    def click(number: int) -> bool:
        with database.transaction() as session:
            if inbox.claim_key(session, key="click:1", kind="click", body={}, now=NINE) is not None:
                return False
            session.add(Setting(id="winner", value=str(number)))
            return True

    assert sorted(all_at_once(click)) == [False, False, False, True]


def test_an_event_is_kept_once_and_worked_off_in_order(database: Database) -> None:
    with database.transaction() as session:
        for key in ("E1", "E2", "E1"):
            inbox.accept(session, key=key, kind="message", body={"text": f"näh {key}"}, now=NINE)
        assert inbox.pending_count(session, now=NINE) == 2
        assert inbox.next_at(session) == NINE
    done = []
    for _ in range(3):
        with database.transaction() as session:
            row = inbox.next_pending(session, now=NINE)
            if row is not None:
                done.append((row.key, inbox.body_of(row)["text"]))
                inbox.finish(session, row, now=NINE)
    assert done == [("E1", "näh E1"), ("E2", "näh E2")]
    with database.reading() as session:
        assert (inbox.pending_count(session, now=NINE), inbox.next_at(session)) == (0, None)


def test_what_waits_for_another_delivery_does_not_count_as_left_undone_but_what_failed_does(database: Database) -> None:
    with database.transaction() as session:
        for key in ("E1", "E2", "E3"):
            inbox.accept(session, key=key, kind="message", body={}, now=NINE)
    with database.transaction() as session:
        first = inbox.next_pending(session, now=NINE)
        assert first is not None
        inbox.wait(session, first, until=NINE + timedelta(seconds=2))
    with database.transaction() as session:
        second = inbox.next_pending(session, now=NINE)
        assert second is not None
        inbox.put_off(session, second.id or 0, error=ValueError(), now=NINE)
    with database.reading() as session:
        assert inbox.pending_count(session, now=NINE) == 2
        assert inbox.pending_count(session, now=NINE + timedelta(seconds=2)) == 3


def test_four_workers_do_each_event_once(database: Database) -> None:
    with database.transaction() as session:
        for number in range(20):
            inbox.accept(session, key=f"E{number}", kind="message", body={}, now=NINE)

    def work(_: int) -> list[str]:
        done: list[str] = []
        while True:
            with database.transaction() as session:
                row = inbox.next_pending(session, now=NINE)
                if row is None:
                    return done
                done.append(row.key)
                inbox.finish(session, row, now=NINE)

    done = [key for each in all_at_once(work) for key in each]
    assert sorted(done) == sorted(f"E{number}" for number in range(20))


def test_an_event_whose_work_fails_waits_longer_each_time_and_is_given_up(database: Database) -> None:
    with database.transaction() as session:
        inbox.accept(session, key="E1", kind="message", body={}, now=NINE)
    now, waits = NINE, []
    for attempt in range(1, MOST_ATTEMPTS + 1):
        with database.transaction() as session:
            row = inbox.next_pending(session, now=now)
            assert row is not None
            assert row.id is not None
            number = row.id
        with database.transaction() as session:
            error = ValueError("Cy wrote: my token is xoxb-1")
            fate = inbox.put_off(session, number, error=error, now=now)
            assert fate is (PutOff.WAITS if attempt < MOST_ATTEMPTS else PutOff.GIVEN_UP)
        with database.reading() as session:
            again_at = inbox.next_at(session)
        if again_at is not None:
            waits.append((again_at - now).total_seconds())
            with database.transaction() as session:
                assert inbox.next_pending(session, now=again_at - timedelta(microseconds=1)) is None
            now = again_at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    with database.reading() as session:
        kept = session.get_one(InboxRow, number)
        assert (kept.state, kept.error, kept.attempts) == ("failed", "ValueError", MOST_ATTEMPTS)


def test_an_error_is_kept_by_its_name_and_place_without_what_it_quotes(database: Database) -> None:
    with database.transaction() as session:
        inbox.accept(session, key="E1", kind="message", body={}, now=NINE)
    with database.transaction() as session:
        with pytest.raises(ValueError) as raised:  # noqa: PT011 - its words are what must not be kept
            inbox.body_of(
                InboxRow(
                    key="E2",
                    kind="message",
                    body="my token is xoxb-1",
                    state="pending",
                    received_at=NINE,
                    not_before=NINE,
                )
            )
        assert inbox.put_off(session, 1, error=raised.value, now=NINE) is PutOff.WAITS
    with database.reading() as session:
        kept = str(session.get_one(InboxRow, 1).error)
        assert kept.startswith("JSONDecodeError in inbox.py, line ")


def test_what_the_database_cannot_do_just_now_is_never_given_up_and_said_once(database: Database) -> None:
    with database.transaction() as session:
        inbox.accept(session, key="E1", kind="message", body={}, now=NINE)
    full = OperationalError("INSERT", {}, Exception("database or disk is full"))
    fates = []
    for _ in range(100):
        with database.transaction() as session:
            fates.append(inbox.put_off(session, 1, error=full, now=NINE))
    assert fates.index(PutOff.STUCK) == MOST_ATTEMPTS - 1
    assert fates.count(PutOff.WAITS) == 99
    with database.reading() as session:
        assert inbox.next_at(session) == NINE + timedelta(minutes=5)


def test_an_event_that_is_done_is_not_put_off(database: Database) -> None:
    with database.transaction() as session:
        inbox.accept(session, key="E1", kind="message", body={}, now=NINE)
        row = inbox.next_pending(session, now=NINE)
        assert row is not None
        assert row.id is not None
        inbox.finish(session, row, now=NINE)
        assert inbox.put_off(session, row.id, error=ValueError(), now=NINE) is None
        assert inbox.put_off(session, row.id + 1, error=ValueError(), now=NINE) is None
