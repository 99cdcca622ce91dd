"""Does the trail show every change that was made to it afterwards?"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import func
from sqlmodel import Session, col, delete, select, update

from bot.domain.ticket import Severity
from bot.store import trail
from bot.store.database import Database
from bot.store.trail_tables import StreamHead, TimelineRow, WordsRow
from tests.make import NINE, token
from tests.store.script import all_at_once

TICKET = "ticket:1"


def add(
    session: Session, stream: str = TICKET, *, text: str = "Checkout is down", by: str = "slack:T0ACME/U0CY"
) -> int:
    return trail.append(
        session,
        stream=stream,
        actor=by,
        event_kind="customer_wrote",
        facts={"message": "1.0", "courtesy": False},
        words={"text": text},
        author=by,
        token=token,
        at=NINE,
    )


@pytest.fixture
def written(database: Database) -> Database:
    """A trail of three streams with three rows each."""
    with database.transaction() as session:
        for _ in range(3):
            for stream in ("directory", TICKET, "ticket:2"):
                add(session, stream)
    return database


def verdict(database: Database) -> str | None:
    with database.reading() as session:
        found = trail.verify(session)
    return str(found) if found else None


@pytest.mark.req("AU-1")
def test_what_was_written_can_be_read_and_verifies(database: Database) -> None:
    with database.transaction() as session:
        first = trail.append(
            session,
            stream=TICKET,
            actor="person:ana",
            event_kind="acknowledged",
            facts={
                "after_for": timedelta(minutes=12),
                "due_at": NINE,
                "severity": Severity.SEV1,
                "people": ("ana", "bo"),
                "before": None,
                "level": 2,
            },
            words={"reason": "Ürgent & “odd”", "text": ""},
            author="person:ana",
            token=token,
            at=NINE + timedelta(microseconds=1),
        )
        second = add(session)
    assert (first, second) == (1, 2)
    with database.reading() as session:
        entry, _ = trail.read(session, TICKET)
    assert entry == trail.Entry(
        stream=TICKET,
        seq=1,
        at=NINE + timedelta(microseconds=1),
        actor="person:ana",
        kind="acknowledged",
        facts={
            "after_for": 720,
            "due_at": "2026-01-05T09:00:00.000000+00:00",
            "severity": "sev1",
            "people": ["ana", "bo"],
            "before": None,
            "level": 2,
        },
        words={"reason": "Ürgent & “odd”", "text": ""},
    )
    assert verdict(database) is None


@pytest.mark.req("AU-1")
def test_an_empty_trail_verifies(database: Database) -> None:
    assert verdict(database) is None


def edit_text(session: Session) -> None:
    row = session.exec(select(TimelineRow).where(TimelineRow.stream == TICKET, TimelineRow.seq == 2)).one()
    row.text = row.text.replace('"courtesy":false', '"courtesy":true')


def edit_column(name: str, value: object) -> Callable[[Session], None]:
    def edit(session: Session) -> None:
        row = session.exec(select(TimelineRow).where(TimelineRow.stream == TICKET, TimelineRow.seq == 2)).one()
        setattr(row, name, value)

    return edit


def remove_row(seq: int) -> Callable[[Session], None]:
    def remove(session: Session) -> None:
        session.exec(delete(TimelineRow).where(col(TimelineRow.stream) == TICKET, col(TimelineRow.seq) == seq))

    return remove


def remove_and_close_the_gap(session: Session) -> None:
    remove_row(2)(session)
    session.exec(update(TimelineRow).where(col(TimelineRow.stream) == TICKET, col(TimelineRow.seq) == 3).values(seq=2))


def swap_rows(session: Session) -> None:
    for before, after in ((2, 9), (3, 2), (9, 3)):
        rows = update(TimelineRow).where(col(TimelineRow.stream) == TICKET, col(TimelineRow.seq) == before)
        session.exec(rows.values(seq=after))


def add_row(session: Session) -> None:
    last = session.exec(select(TimelineRow).where(TimelineRow.stream == TICKET, TimelineRow.seq == 3)).one()
    copy = TimelineRow(**last.model_dump(exclude={"id", "seq"}), seq=4)
    session.add(copy)


def remove_stream(session: Session) -> None:
    session.exec(delete(TimelineRow).where(col(TimelineRow.stream) == TICKET))


def remove_head(session: Session) -> None:
    session.exec(delete(StreamHead).where(col(StreamHead.stream) == TICKET))


def change_words(session: Session) -> None:
    session.exec(update(WordsRow).where(col(WordsRow.stream) == TICKET).values(text="All is well"))


def change_words_with_their_digest(session: Session) -> None:
    row = session.exec(select(WordsRow).where(WordsRow.stream == TICKET)).first()
    assert row is not None
    session.delete(row)
    session.add(WordsRow(digest="0" * 64, stream=TICKET, author=row.author, salt=row.salt, text="All is well"))


def rewrite_with_its_hash(session: Session) -> None:
    row = session.exec(select(TimelineRow).where(TimelineRow.stream == TICKET, TimelineRow.seq == 1)).one()
    row.text = row.text.replace("U0CY", "U0DEE")
    row.actor = "slack:T0ACME/U0DEE"
    row.hash = trail.chain("", row.text)


@pytest.mark.req("AU-1")
@pytest.mark.parametrize(
    ("tamper", "difference"),
    [
        (edit_text, "ticket:1 row 2: it is not what was written, or not in its place"),
        (edit_column("actor", "person:bo"), "ticket:1 row 2: its actor is not the one that was written"),
        (edit_column("at", NINE - timedelta(hours=1)), "ticket:1 row 2: its at is not the one that was written"),
        (edit_column("kind", "replied"), "ticket:1 row 2: its kind is not the one that was written"),
        (edit_column("text", "{}"), "ticket:1 row 2: it is not what was written, or not in its place"),
        (edit_column("hash", "0" * 64), "ticket:1 row 2: it is not what was written, or not in its place"),
        (remove_row(1), "ticket:1 row 1: it was removed"),
        (remove_row(2), "ticket:1 row 2: it was removed"),
        (remove_row(3), "ticket:1: its head says 3 rows, but there are 2"),
        (remove_and_close_the_gap, "ticket:1 row 2: it is not what was written, or not in its place"),
        (swap_rows, "ticket:1 row 2: it is not what was written, or not in its place"),
        (add_row, "ticket:1 row 4: it is not what was written, or not in its place"),
        (remove_stream, "ticket:1: its head says 3 rows, but there are 0"),
        (remove_head, "ticket:1: its head is gone"),
        (change_words, "ticket:1 row 1: its words are not those that were written"),
        (change_words_with_their_digest, "ticket:1: it has words that no row knows"),
        (rewrite_with_its_hash, "ticket:1 row 2: it is not what was written, or not in its place"),
    ],
)
def test_whatever_is_changed_afterwards_shows(
    written: Database, tamper: Callable[[Session], None], difference: str
) -> None:
    assert verdict(written) is None
    with written.transaction() as session:
        tamper(session)
    assert verdict(written) == difference


@pytest.mark.req("AU-1")
def test_erased_words_leave_the_proof(written: Database) -> None:
    with written.transaction() as session:
        add(session, text="my password is 1234", by="slack:T0ACME/U0DEE")
    with written.transaction() as session:
        assert trail.erase(session, "slack:T0ACME/U0DEE") == 1
    with written.reading() as session:
        entries = trail.read(session, TICKET)
        assert session.exec(select(func.count()).select_from(WordsRow)).one() == 9
    assert [dict(entry.words) for entry in entries] == [{"text": "Checkout is down"}] * 3 + [{}]
    assert verdict(written) is None


def test_the_same_words_have_another_digest_each_time(written: Database) -> None:
    with written.reading() as session:
        assert len(set(session.exec(select(WordsRow.digest)))) == 9
        assert all("Checkout" not in text for text in session.exec(select(TimelineRow.text)))


def test_threads_that_append_at_once_make_one_chain(database: Database) -> None:
    def write(number: int) -> list[int]:
        seqs = []
        for _ in range(8):
            with database.transaction() as session:
                seqs.append(add(session, text=f"from {number}"))
        return seqs

    by_thread = all_at_once(write)
    assert sorted(seq for seqs in by_thread for seq in seqs) == list(range(1, 33))
    assert all(seqs == sorted(seqs) for seqs in by_thread)
    assert verdict(database) is None


def test_a_row_whose_transaction_failed_leaves_no_gap(database: Database) -> None:
    def write_and_fail() -> None:
        with database.transaction() as session:
            add(session)
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        write_and_fail()
    with database.transaction() as session:
        assert add(session) == 1
    assert verdict(database) is None


def test_many_streams_are_verified_in_parts(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "STREAMS_AT_ONCE", 2)
    with database.transaction() as session:
        for number in range(5):
            add(session, f"ticket:{number}")
    assert verdict(database) is None
    with database.transaction() as session:
        session.exec(update(TimelineRow).where(col(TimelineRow.stream) == "ticket:4").values(actor="person:bo"))
    assert verdict(database) == "ticket:4 row 1: its actor is not the one that was written"


def test_a_fact_without_a_canonical_form_is_refused(database: Database) -> None:
    with database.transaction() as session, pytest.raises(TypeError, match="set has no canonical form"):
        trail.append(
            session,
            stream=TICKET,
            actor="a",
            event_kind="k",
            facts={"x": {1}},
            words={},
            author="a",
            token=token,
            at=NINE,
        )


plain = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text() | some.floats(allow_nan=False, allow_infinity=False),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner, max_size=3),
    max_leaves=8,
)


@given(some.dictionaries(some.text(), plain, max_size=4))
def test_the_canonical_text_reads_back_as_the_same_facts(facts: dict[str, object]) -> None:
    text = trail.canonical(facts)
    assert json.loads(text) == facts
    assert trail.canonical(dict(reversed(facts.items()))) == text


@given(some.datetimes(timezones=some.just(UTC)), some.integers(-14, 14))
def test_a_moment_has_one_text_in_whatever_zone_it_is_said(at: datetime, hours: int) -> None:
    local = at.replace(year=min(max(at.year, 2), 9998)).astimezone(timezone(timedelta(hours=hours)))
    assert trail.canonical({"at": local}) == trail.canonical({"at": local.astimezone(UTC)})
