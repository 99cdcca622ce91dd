"""Is what is written on its way once, in its place, and never where it must not be read?"""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.domain.message import AnyMessage, CustomerMessage, InternalMessage, Kind, Priority, Visibility
from bot.store import outbox
from bot.store.database import Database
from bot.store.errors import Leak
from bot.store.sending import doubt
from bot.store.tables import Card, OutboxRow, Watch
from tests.make import NINE, make_customer, make_person, note_text, page_text, token, update_text

LEASE_FOR = timedelta(seconds=60)


def send_all(database: Database) -> list[str]:
    """Let a relay that meets no trouble send until nothing is left, and give the texts."""
    said: list[str] = []
    now = NINE
    for number in range(100):
        with database.transaction() as session:
            rows = outbox.claim(session, lease_for=LEASE_FOR, limit=10, now=now)
            for row in rows:
                said.append(f"{row.op} {row.payload.get('text', '')}")
                ts = row.ts or f"{number}.{row.seq:06}"
                channel = row.channel or row.lane
                assert outbox.finish(session, id=row.id, fence=row.fence, ts=ts, channel=channel, now=now)
            due = outbox.next_at(session, now=now)
        if due is None:
            return said
        now = max(now, due)
    raise AssertionError("it never ends")


def test_a_message_with_a_known_key_is_not_written_again(database: Database) -> None:
    with database.transaction() as session:
        first = outbox.post(session, message=note_text(), lane="C0OPS", id="a", key="update:1:10", now=NINE)
        again = outbox.post(session, message=note_text(), lane="C0OPS", id="b", key="update:1:10", now=NINE)
        other = outbox.post(session, message=note_text(), lane="C0OPS", id="c", now=NINE)
    assert first is not None
    assert other is not None
    assert again is None
    assert send_all(database) == ["post T-1: note"] * 2


@pytest.mark.req("LC-6")
@pytest.mark.parametrize(
    "message", [note_text(), page_text(), InternalMessage(Kind.CARD, "T-1"), InternalMessage(Kind.ALARM, "T-1")]
)
def test_nothing_internal_can_be_put_where_a_customer_reads(database: Database, message: AnyMessage) -> None:
    with database.transaction() as session:
        session.add(make_customer("acme", channel="C0ACME"))
        session.add(Watch(channel="C0SHARED", external=True))
        session.add(Watch(channel="C0OPS", external=False))
        session.add(make_person("dee", role="customer", customer="acme", workspace="T0ACME"))
        session.add(make_person("gil", role="customer", customer="acme"))
        session.add(make_person("ana"))
        session.flush()
        for lane in ("C0ACME", "C0SHARED", "@U0DEE", "@U0GIL"):
            with pytest.raises(Leak, match="where a customer reads"):
                outbox.post(session, message=message, lane=lane, id=token(), now=NINE)
        for lane in ("C0OPS", "@U0ANA"):
            assert outbox.post(session, message=message, lane=lane, id=token(), now=NINE)
        assert outbox.post(session, message=update_text(), lane="C0ACME", id=token(), now=NINE)


def test_a_customers_card_cannot_be_edited_to_show_something_internal(database: Database) -> None:
    with database.transaction() as session:
        session.add(make_customer("acme", channel="C0ACME"))
        session.flush()
        outbox.post(session, message=update_text(), lane="C0ACME", id="a", card="root:1", now=NINE)
        with pytest.raises(Leak):
            outbox.edit(session, message=note_text(), card="root:1", id="b", now=NINE)


def test_a_thread_can_be_written_before_its_card_is_posted(database: Database) -> None:
    with database.transaction() as session:
        outbox.post(session, message=note_text("card"), lane="C0OPS", id="a", card="ticket:1", now=NINE)
        thread = outbox.thread_of("ticket:1")
        # Though a page is more urgent, it waits for the card above it.
        outbox.post(session, message=page_text("below"), lane="C0OPS", id="b", thread=thread, now=NINE)
    with database.transaction() as session:
        (card,) = outbox.claim(session, lease_for=LEASE_FOR, limit=10, now=NINE)
        assert card.id == "a"
        assert outbox.finish(session, id="a", fence=card.fence, ts="1.000001", channel="C0OPS", now=NINE)
    with database.transaction() as session:
        outbox.post(session, message=note_text("later"), lane="C0OPS", id="c", thread=thread, now=NINE)
        (below,) = outbox.claim(session, lease_for=LEASE_FOR, limit=10, now=NINE)
        assert (below.id, below.thread) == ("b", "1.000001")
        assert session.exec(select(OutboxRow.thread).where(OutboxRow.id == "c")).one() == "1.000001"


def test_a_card_that_has_not_left_yet_leaves_as_it_reads_now(database: Database) -> None:
    with database.transaction() as session:
        outbox.post(session, message=note_text("card"), lane="C0OPS", id="a", card="ticket:1", now=NINE)
        for text in ("new", "claimed", "resolved"):
            outbox.edit(session, message=note_text(text), card="ticket:1", id=token(), now=NINE)
    assert send_all(database) == ["post resolved"]


def test_a_card_that_may_stand_in_slack_already_is_edited_there(database: Database) -> None:
    with database.transaction() as session:
        outbox.post(session, message=note_text("card"), lane="C0OPS", id="a", card="ticket:1", now=NINE)
        assert doubt(session) == 1, "the desk was put back from a copy"
        outbox.edit(session, message=note_text("claimed"), card="ticket:1", id="b", now=NINE)
    assert send_all(database) == ["post card", "edit claimed"]


def test_edits_of_a_card_that_still_wait_become_one(database: Database) -> None:
    with database.transaction() as session:
        outbox.post(session, message=note_text("card"), lane="C0OPS", id="a", card="ticket:1", now=NINE)
    with database.transaction() as session:
        (leaving,) = outbox.claim(session, lease_for=LEASE_FOR, limit=10, now=NINE)
        for text in ("new", "claimed", "resolved"):
            outbox.edit(session, message=note_text(text), card="ticket:1", id=token(), now=NINE)
        assert outbox.finish(session, id="a", fence=leaving.fence, ts="1.000001", channel="C0OPS", now=NINE)
    assert send_all(database) == ["edit resolved"]
    with database.transaction() as session:
        outbox.edit(session, message=note_text("closed"), card="ticket:1", id="z", now=NINE)
    with database.transaction() as session:
        (row,) = outbox.claim(session, lease_for=LEASE_FOR, limit=10, now=NINE + timedelta(hours=1))
        assert (row.channel, row.ts) == ("C0OPS", "1.000001")


def test_a_card_that_shows_it_already_is_not_edited(database: Database) -> None:
    with database.transaction() as session:
        outbox.post(session, message=note_text("card"), lane="C0OPS", id="a", card="ticket:1", now=NINE)
    assert send_all(database) == ["post card"]
    with database.transaction() as session:
        assert outbox.edit(session, message=note_text("card"), card="ticket:1", id="b", now=NINE) is None
    assert send_all(database) == []


def test_an_edit_during_an_edit_is_sent_after_it(database: Database) -> None:
    with database.transaction() as session:
        session.add(Card(key="ticket:1", channel="C0OPS", ts="1.0"))
        session.flush()
        outbox.edit(session, message=note_text("first"), card="ticket:1", id="a", now=NINE)
    with database.transaction() as session:
        (first,) = outbox.claim(session, lease_for=LEASE_FOR, limit=10, now=NINE)
    with database.transaction() as session:
        outbox.edit(session, message=note_text("second"), card="ticket:1", id="b", now=NINE)
        assert outbox.claim(session, lease_for=LEASE_FOR, limit=10, now=NINE) == []
        assert outbox.finish(session, id="a", fence=first.fence, ts="1.0", channel="C0OPS", now=NINE)
    assert send_all(database) == ["edit second"]


def test_there_is_nothing_to_edit_without_a_card(database: Database) -> None:
    with database.transaction() as session:
        assert outbox.edit(session, message=note_text(), card="ticket:9", id="a", now=NINE) is None


def test_what_has_not_begun_to_leave_can_be_taken_back(database: Database) -> None:
    with database.transaction() as session:
        for number, kind in enumerate((Kind.PAGE, Kind.UPDATE, Kind.NOTICE)):
            for ticket in (1, 2):
                message = CustomerMessage(kind, f"{kind} {ticket}")
                lane, row_id, key = f"C{number}{ticket}", f"{kind}{ticket}", f"{kind}:{ticket}:%_"
                outbox.post(session, message=message, lane=lane, id=row_id, key=key, ticket_number=ticket, now=NINE)
    with database.transaction() as session:
        (leaving,) = outbox.claim(session, lease_for=LEASE_FOR, limit=1, now=NINE)
        assert leaving.id == "page1"
        assert outbox.cancel(session, ticket_number=1, kinds=[Kind.PAGE, Kind.UPDATE], now=NINE) == ["update1"]
        assert outbox.cancel(session, key_prefix="notice:%", now=NINE) == []
        assert outbox.cancel(session, key_prefix="notice:2", now=NINE) == ["notice2"]
        with pytest.raises(ValueError, match="which messages"):
            outbox.cancel(session, now=NINE)
        assert outbox.finish(session, id="page1", fence=leaving.fence, ts="1.0", channel="C", now=NINE)
    assert sorted(send_all(database)) == ["post notice 1", "post page 2", "post update 2"]


@pytest.mark.parametrize("how", ["cancelled", "expired", "failed"])
def test_what_waits_for_a_card_that_never_comes_ends_with_it(database: Database, how: str) -> None:
    with database.transaction() as session:
        expires_at = NINE + timedelta(minutes=5) if how == "expired" else None
        outbox.post(
            session, message=page_text("card"), lane="@U0ANA", id="a", card="page:1", expires_at=expires_at, now=NINE
        )
    with database.transaction() as session:
        (row,) = outbox.claim(session, lease_for=LEASE_FOR, limit=9, now=NINE)
        outbox.fail(session, id="a", fence=row.fence, error="503", permanent=False, retry_at=NINE, now=NINE)
    with database.transaction() as session:
        outbox.edit(session, message=page_text("edit"), card="page:1", id="b", now=NINE)
        below = outbox.thread_of("page:1")
        outbox.post(session, message=note_text("below"), lane="@U0ANA", id="c", thread=below, now=NINE)
    with database.transaction() as session:
        if how == "cancelled":
            assert sorted(outbox.cancel(session, card="page:1", now=NINE)) == ["a", "b", "c"]
        elif how == "expired":
            assert outbox.claim(session, lease_for=LEASE_FOR, limit=9, now=NINE + timedelta(minutes=5)) == []
        else:
            (row,) = outbox.claim(session, lease_for=LEASE_FOR, limit=9, now=NINE)
            outbox.fail(
                session, id="a", fence=row.fence, error="user_not_found", permanent=True, retry_at=None, now=NINE
            )
    with database.reading() as session:
        expected = "failed" if how == "failed" else "cancelled"
        assert list(session.exec(select(OutboxRow.state))) == [expected] * 3
        assert outbox.next_at(session, now=NINE) is None


def test_only_the_one_who_asked_sees_an_ephemeral(database: Database) -> None:
    with database.transaction() as session:
        outbox.ephemeral(session, text="Not you.", lane="C0ACME", user="U0DEE", thread="1.0", id="a", now=NINE)
    with database.transaction() as session:
        (row,) = outbox.claim(session, lease_for=LEASE_FOR, limit=1, now=NINE)
    assert (row.op, row.thread) == ("ephemeral", "1.0")
    assert row.payload == {"text": "Not you.", "blocks": [], "user": "U0DEE"}


def test_only_the_newest_home_tab_of_a_person_is_published(database: Database) -> None:
    with database.transaction() as session:
        for number in range(3):
            view = {"type": "home", "n": number}
            outbox.home(session, view=view, user="U0ANA", visibility=Visibility.INTERNAL, id=token(), now=NINE)
        outbox.view_update(session, view={}, view_id="V1", visibility=Visibility.INTERNAL, id=token(), now=NINE)
    with database.transaction() as session:
        (row,) = outbox.claim(session, lease_for=LEASE_FOR, limit=9, now=NINE)
        assert (row.op, row.payload) == ("home", {"user": "U0ANA", "view": {"type": "home", "n": 2}})
        assert outbox.finish(session, id=row.id, fence=row.fence, ts=None, channel=None, now=NINE)
    with database.transaction() as session:
        (row,) = outbox.claim(session, lease_for=LEASE_FOR, limit=9, now=NINE)
        assert (row.op, row.payload["view_id"]) == ("view_update", "V1")


def test_pages_are_the_most_urgent_and_a_call_can_say_otherwise(database: Database) -> None:
    with database.transaction() as session:
        kinds = [Kind.NOTICE, Kind.REPLY, Kind.UPDATE, Kind.PAGE]
        for number, kind in enumerate(kinds):
            outbox.post(session, message=CustomerMessage(kind, kind), lane=f"C{number}", id=kind, now=NINE)
        urgent = note_text("urgent")
        outbox.post(session, message=urgent, lane="C9", id="urgent", priority=Priority.PAGE, now=NINE)
        rows = outbox.claim(session, lease_for=LEASE_FOR, limit=9, now=NINE)
    assert [row.id for row in rows] == ["page", "urgent", "update", "reply", "notice"]
