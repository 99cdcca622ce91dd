"""What if the relay posts a card in the very moment in which somebody writes for it?"""

from datetime import timedelta

from sqlmodel import select

from bot.store import deadlines, outbox, trail
from bot.store.database import Database
from bot.store.tables import OutboxRow
from tests.make import NINE, note_text, token
from tests.store.script import all_at_once

ROUNDS = 12
LEASE_FOR = timedelta(seconds=60)


def relay(database: Database) -> None:
    """Send whatever can be sent until nothing is left to wait for, moving on by itself."""
    now = NINE
    for _ in range(100):
        with database.transaction() as session:
            rows = outbox.claim(session, lease_for=LEASE_FOR, limit=4, now=now)
        for row in rows:
            with database.transaction() as session:
                ts = row.ts or f"{row.seq}.0"
                outbox.finish(session, id=row.id, fence=row.fence, ts=ts, channel=row.lane, now=now)
        with database.reading() as session:
            due_at = outbox.next_at(session, now=now)
        if due_at is None:
            return
        now = max(now, min(due_at, now + timedelta(seconds=1)))
    raise AssertionError("it never ends")


def write_for(database: Database, card: str, lane: str) -> None:
    for number in range(3):
        with database.transaction() as session:
            below = outbox.thread_of(card)
            outbox.edit(session, message=note_text(f"edit {number}"), card=card, id=token(), now=NINE)
            outbox.post(session, message=note_text(f"below {number}"), lane=lane, thread=below, id=token(), now=NINE)


def test_nothing_is_left_waiting_for_a_card_that_is_posted(database: Database) -> None:
    for round_ in range(ROUNDS):
        card, lane = f"ticket:{round_}", f"C{round_}"
        with database.transaction() as session:
            outbox.post(session, message=note_text("card"), lane=lane, card=card, id=token(), now=NINE)

        def work(number: int, card: str = card, lane: str = lane) -> None:
            if number < 2:
                write_for(database, card, lane)
            else:
                relay(database)

        all_at_once(work)
        relay(database)
        with database.reading() as session:
            left = session.exec(select(OutboxRow).where(OutboxRow.state != "sent")).all()
            assert [(row.op, row.thread, row.ts) for row in left] == []


def test_taking_back_and_sending_at_once_ends_each_message_one_way(database: Database) -> None:
    for round_ in range(ROUNDS):
        with database.transaction() as session:
            for number in range(6):
                card = f"page:{round_}:{number}"
                lane = f"@U{round_}:{number}"
                outbox.post(session, message=note_text(), lane=lane, card=card, id=card, ticket_number=round_, now=NINE)
                outbox.edit(session, message=note_text(), card=card, id=f"e{card}", ticket_number=round_, now=NINE)

        def work(number: int, ticket: int = round_) -> set[str]:
            if number == 0:
                with database.transaction() as session:
                    return set(outbox.cancel(session, ticket_number=ticket, now=NINE))
            relay(database)
            return set()

        taken_back, *_ = all_at_once(work)
        relay(database)
        with database.reading() as session:
            rows = session.exec(select(OutboxRow).where(OutboxRow.ticket_number == round_)).all()
        assert {row.id for row in rows if row.state == "cancelled"} == taken_back
        assert {row.state for row in rows} <= {"cancelled", "sent"}


def test_one_transaction_of_everything_is_all_or_nothing_among_four(database: Database) -> None:
    def act(number: int) -> int:
        done = 0
        for round_ in range(ROUNDS):
            with database.transaction() as session:
                trail.append(
                    session, stream="ticket:1", actor="bot", event_kind="noted", facts={"n": number, "round": round_},
                    words={}, author="bot", token=token, at=NINE,
                )  # fmt: skip
                deadlines.arm(session, kind="update", subject="T-1", due_at=NINE + timedelta(hours=round_))
                key = f"update:T-1:{round_}"
                posted = outbox.post(session, message=note_text(), lane="C0OPS", key=key, id=token(), now=NINE)
                done += posted is not None
        return done

    assert sum(all_at_once(act)) == ROUNDS
    with database.reading() as session:
        assert trail.verify(session) is None
        assert len(trail.read(session, "ticket:1")) == 4 * ROUNDS
        assert deadlines.next_at(session) is not None
