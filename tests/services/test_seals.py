"""Do the seals show what the chains alone cannot: a tail, a ticket or a whole day that is gone?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Connection, Integer, Table, select

from bot.domain.seal import BrokenSeal, Signed
from bot.services import audit, seals
from bot.services.desk import Work
from bot.services.seal_key import SealKey, verifies
from bot.store import trail
from bot.store.database import Database
from bot.store.tables import metadata
from tests.make import token
from tests.services.office import Office

KEY = SealKey("a secret that nobody else knows")
OTHER = SealKey("a secret of somebody else")
TIMELINE, HEAD, WORDS = (metadata.tables[name] for name in ("timeline", "stream_head", "words"))
SEAL, POINT = metadata.tables["seal"], metadata.tables["seal_point"]


@pytest.fixture
def sealed(office: Office) -> Office:
    """A desk whose record was sealed twice, each time with one ticket more."""
    return sealed_twice(office)


@pytest.fixture
def sealed_on_each(database: Database) -> Office:
    """The same on each database."""
    return sealed_twice(Office(database))


def sealed_twice(office: Office) -> Office:
    office.desk = replace(office.desk, seal_key=KEY)
    for words in ("sev3 The report shows a wrong total", "sev3 Payments are slow"):
        office.opens(words)
        with office.db.transaction() as session:
            seals.nightly(Work(office.desk, session), now=office.now)
        office.now += timedelta(minutes=5)
    return office


def kept(office: Office) -> list[Signed]:
    with office.db.reading() as session:
        return seals.signed_since(session, 1)


def difference(office: Office, **more: Any) -> str | None:
    return audit.verify(office.desk, now=office.now, **more).difference


class Undone(Exception):  # noqa: N818 - what the test wants
    """What was tried is forgotten again."""


def tampered(office: Office, tamper: Callable[[Connection], object], **more: Any) -> str | None:
    """The difference that shows while something is changed, which is undone then."""
    found: str | None = None

    def attempt() -> None:
        nonlocal found
        with office.db.transaction() as session:
            tamper(session.connection())
            found = audit.verify_in(Work(office.desk, session), keys=[KEY.public], now=office.now, **more).difference
            raise Undone

    with pytest.raises(Undone):
        attempt()
    return found


@pytest.mark.req("AU-1")
def test_each_night_what_moved_is_sealed(office: Office) -> None:
    office.desk = replace(office.desk, seal_key=KEY)
    with office.db.transaction() as session:
        seals.arm(Work(office.desk, session), now=office.now)
    office.passes(hours=23)
    assert len(kept(office)) == 1
    office.passes(hours=24)
    assert len(kept(office)) == 1, "nothing moved on the second day"
    assert office.is_sound()


@pytest.mark.req("AU-1")
def test_what_is_sealed_is_told_outside_the_database(sealed: Office) -> None:
    told = [said for said in sealed.said(to="C0OPS") if said.startswith(seals.TITLE)]
    made = kept(sealed)

    assert len(told) == len(made) == 2
    for said, seal in zip(told, made, strict=True):
        assert seal.digest in said
        assert KEY.public in said
    assert difference(sealed) is None
    assert difference(replace_key(sealed, None), copies=made, keys=[KEY.public]) is None


def replace_key(office: Office, key: SealKey | None) -> Office:
    office.desk = replace(office.desk, seal_key=key)
    return office


def test_there_is_no_seal_where_nothing_moved_or_nobody_can_sign(sealed: Office) -> None:
    with sealed.db.transaction() as session:
        work = Work(sealed.desk, session)
        seals.seal(work, now=sealed.now)
        before = len(seals.signed_since(session, 1))
        assert seals.seal(work, now=sealed.now) is None
        assert len(seals.signed_since(session, 1)) == before
        with pytest.raises(BrokenSeal, match="SECRET_KEY must be set"):
            seals.seal(Work(replace(sealed.desk, seal_key=None), session), now=sealed.now)


def set_back(connection: Connection, stream: str, seq: int) -> None:
    """Somebody who knows the chain removes the rows above `seq`, with all words, and sets the head right."""
    connection.execute(WORDS.delete().where(WORDS.c.stream == stream))
    connection.execute(TIMELINE.delete().where(TIMELINE.c.stream == stream, TIMELINE.c.seq > seq))
    last = connection.execute(
        select(TIMELINE.c.hash).where(TIMELINE.c.stream == stream, TIMELINE.c.seq == seq)
    ).scalar_one_or_none()
    if last is None:
        connection.execute(HEAD.delete().where(HEAD.c.stream == stream))
    else:
        connection.execute(HEAD.update().where(HEAD.c.stream == stream).values(seq=seq, hash=last))


def rewrite(connection: Connection) -> None:
    """Somebody who knows the chain makes another one of the same length."""
    rows = connection.execute(select(TIMELINE).where(TIMELINE.c.stream == "ticket:1").order_by(TIMELINE.c.seq)).all()
    connection.execute(WORDS.delete().where(WORDS.c.stream == "ticket:1"))
    link = ""
    for row in rows:
        text = row.text.replace('"severity":"sev3"', '"severity":"sev4"')
        link = trail.chain(link, text)
        connection.execute(TIMELINE.update().where(TIMELINE.c.id == row.id).values(text=text, hash=link))
    connection.execute(HEAD.update().where(HEAD.c.stream == "ticket:1").values(hash=link))


def forge(connection: Connection) -> None:
    """Somebody without the secret signs what suits them."""
    text = connection.execute(select(SEAL.c.text).where(SEAL.c.number == 2)).scalar_one()
    signed = OTHER.sign(text.replace(KEY.public, OTHER.public))
    changed = {"text": signed.text, "signature": signed.signature}
    connection.execute(SEAL.update().where(SEAL.c.number == 2).values(**changed))


@pytest.mark.req("AU-1")
@pytest.mark.parametrize(
    ("tamper", "what"),
    [
        (lambda on: set_back(on, "directory", 2), "seal 1 covers it, and it is gone"),
        (lambda on: set_back(on, "ticket:2", 0), "seal 2 covers it, and it is gone"),
        (rewrite, "it is not the one that seal 1 covers"),
        (forge, "seal 2 was signed with another key"),
        (lambda on: on.execute(SEAL.delete().where(SEAL.c.number == 1)), "seal 1 is missing"),
        (lambda on: on.execute(POINT.delete().where(POINT.c.stream == "ticket:2")), "ticket:2: the rows say"),
    ],
    ids=["tail", "ticket", "rewritten", "forged", "seal", "point"],
)
def test_what_is_gone_or_rewritten_shows_by_the_seals(
    sealed: Office, tamper: Callable[[Connection], object], what: str
) -> None:
    with sealed.db.reading() as session:
        assert trail.verify(session) is None
    found = tampered(sealed, tamper)
    assert found is not None
    assert what in found


@pytest.mark.req("AU-1")
def test_a_database_that_was_put_back_shows_by_the_copies(sealed: Office) -> None:
    copies: list[Signed] = []

    def one_more_day() -> None:
        with sealed.db.transaction() as session:
            trail.append(
                session, stream="directory", actor="operator", event_kind="looked", facts={}, words={}, author="",
                token=token, at=sealed.now,
            )  # fmt: skip
            seals.seal(Work(sealed.desk, session), now=sealed.now)
            copies.extend(seals.signed_since(session, 1))
            raise Undone

    with pytest.raises(Undone):
        one_more_day()
    assert len(copies) == 3
    assert difference(sealed, copies=copies) == (
        "seal 3 was kept outside, but the database has only 2: it is an older copy"
    )
    assert difference(sealed, copies=copies[:2]) is None
    swapped = [copies[0], KEY.sign(copies[1].text.replace('"ticket:2"', '"ticket:9"'))]
    assert difference(sealed, copies=swapped) == "seal 2 of the database is not the one that was kept outside"


def test_a_signature_is_checked_without_the_secret() -> None:
    signed = KEY.sign("what was said")
    assert SealKey("a secret that nobody else knows").sign("what was said") == signed
    assert verifies(KEY.public, signed)
    assert not verifies(OTHER.public, signed)
    assert not verifies(KEY.public, replace(signed, text="what was not said"))
    assert not verifies("no key", replace(signed, signature="no signature"))


EVERY_COLUMN = sorted(
    (table.name, column.name)
    for table in (TIMELINE, HEAD, WORDS, SEAL, POINT)
    for column in table.columns
    if (table.name, column.name) != ("timeline", "id")  # where the database puts a row says nothing
)


@pytest.mark.req("AU-1")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=some.sampled_from(EVERY_COLUMN), pick=some.integers(0, 10_000), by=some.integers(1, 3))
def test_whatever_column_of_whatever_row_is_changed_shows(
    sealed_on_each: Office, place: tuple[str, str], pick: int, by: int
) -> None:
    table, name = metadata.tables[place[0]], place[1]

    def tamper(connection: Connection) -> None:
        rows = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings().all()
        row = rows[pick % len(rows)]
        itself = [table.c[key.name] == row[key.name] for key in table.primary_key.columns]
        connection.execute(table.update().where(*itself).values({name: _other(table, name, row[name], by)}))

    assert tampered(sealed_on_each, tamper) is not None, place


def _other(table: Table, name: str, value: Any, by: int) -> Any:
    if isinstance(table.c[name].type, Integer):
        return value + 1000 * by
    if isinstance(value, str):
        return value[:-1] + chr(ord(value[-1]) ^ by) if value else "x" * by
    return value.replace(microsecond=(value.microsecond + by) % 1_000_000)
