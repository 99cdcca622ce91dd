"""Do a person's words leave everything that the desk keeps, and does the record still prove what happened?"""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import JSON, Text, select
from sqlalchemy.engine import make_url

from bot.domain.erasure import ERASED, Traces
from bot.domain.errors import BadInput
from bot.services import details, erase, inbox_events, rating, working
from bot.services.desk import Delivery, Work
from bot.store import words_kept
from bot.store.database import Database
from bot.store.rating_tables import Rating
from bot.store.scrub import scrub
from bot.store.tables import metadata
from tests.make import NINE
from tests.services.office import Office

SUMMARY = "Zwieback orders vanish after paying"
REPLY = "Only for the customer Quastenflosser & Sons <b>today</b>"
EDIT = "Only for the customer Quastenflosser & Sons since noon"
STEPS = "Pay with the card that ends in Zirbelnuss, then look"
FILE = "quastenflosser-invoice-Zirbelnuss.pdf"
BO_SAYS = "We look at the ledger now"
SECRETS = ("Zwieback", "Quastenflosser", "Zirbelnuss", "quastenflosser")


@pytest.fixture
def written(office: Office) -> Office:
    """A desk on which Cy wrote a ticket, details, a message with a file and its edit, and Bo an answer."""
    return written_on(office)


@pytest.fixture
def written_on_each(database: Database) -> Office:
    """The same on each database."""
    return written_on(Office(database))


def written_on(office: Office) -> Office:
    ticket = office.opens(f"sev1 {SUMMARY}")
    office.does("cy", details.add, ticket=ticket, values={"steps": STEPS})
    row = office.ticket(ticket)
    for number, text in enumerate((REPLY, EDIT)):
        body = {
            "channel": "C0ACME", "channel_type": "channel", "ts": "1767603700.000001", "thread_ts": row.thread_ts,
            "user": "U0CY", "workspace": "T0ACME", "text": text, "files": [{"name": FILE, "permalink": "https://x"}],
            "mentions_bot": False, "ask": "", "rest": "", "edited_ts": str(number),
        }  # fmt: skip
        kind = "edit" if number else "message"
        office.desk.accept(Delivery(f"message:C0ACME:1767603700.000001:{number}", kind, body), now=office.now)
        assert inbox_events.take_one(office.desk, now=office.now)
    office.does("bo", working.reply, ticket=ticket, text=BO_SAYS)
    office.passes(minutes=2)
    return office


def forget(office: Office, name: str = "cy") -> erase.Erased:
    with office.db.transaction() as session:
        return erase.erase(Work(office.desk, session), name=name, by="operator", now=office.now)


def everything(office: Office) -> str:
    """All rows of all tables, as text."""
    with office.db.reading() as session:
        tables = [metadata.tables[name] for name in sorted(metadata.tables)]
        return "\n".join(
            json.dumps([str(each) for each in row], ensure_ascii=False)
            for table in tables
            for row in session.connection().execute(select(table))
        )


@pytest.mark.req("AU-1")
def test_the_words_are_gone_everywhere_and_the_record_verifies(written: Office) -> None:
    before = everything(written)
    assert all(secret in before for secret in SECRETS)

    done = forget(written)

    assert done.total > 10
    after = everything(written)
    assert [secret for secret in SECRETS if secret in after] == []
    assert BO_SAYS in after
    assert "Acme Corp" in after
    assert written.is_sound()
    assert '"words_erased"' in after
    # The desk goes on: what was late is told, and a new ticket opens.
    written.passes(hours=2)
    written.opens("sev3 Something else")
    assert written.is_sound()


def test_no_byte_of_them_stays_in_the_file(written_on_each: Office) -> None:
    written = written_on_each
    forget(written)
    assert [secret for secret in SECRETS if secret in everything(written)] == []
    assert written.is_sound()
    url = make_url(written.db.url)
    if url.get_backend_name() != "sqlite":
        assert scrub(written.db.url)
        return
    written.db.dispose()
    assert scrub(written.db.url)
    path = Path(str(url.database))
    held = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    assert [secret for secret in SECRETS if secret.encode() in held] == []
    assert BO_SAYS.encode() in held


def test_a_rating_of_one_word_is_theirs_too(written: Office) -> None:
    with written.db.transaction() as session:
        session.add(
            Rating(ticket_number=1, person="person:cy", name="Cy", score=1, comment="Murks", rated_at=written.now)
        )
    assert forget(written).counts["ratings"] == 1
    assert "Murks" not in everything(written)
    assert "ratings" not in forget(written).counts


def test_how_a_ticket_was_closed_outlives_the_words_of_who_solved_it(written: Office) -> None:
    ticket = written.opens("sev3 Reports look odd")
    solved = {"root_cause": "A flag of 2019", "workaround": "none", "prevention": "Flags end now"}
    written.does("bo", working.resolve, ticket=ticket, values=solved)
    written.does("cy", working.confirm, ticket=ticket)

    forget(written, "bo")
    written.does("cy", rating.rate, ticket=ticket, score=4)

    assert "A flag of 2019" not in everything(written)
    shown = everything(written).split(f"{ticket} is closed: ")[-1]
    assert shown.startswith("Cy Young confirmed that it works.")


def test_a_second_time_finds_nothing_more(written: Office) -> None:
    forget(written)
    assert forget(written).counts.get("texts of the record") is None
    assert [what for what in forget(written).counts if what.endswith("quoted them")] == []


def test_whoever_answered_keeps_their_words_until_they_are_erased_too(written: Office) -> None:
    forget(written, "U0BO")
    after = everything(written)
    assert BO_SAYS not in after
    assert all(secret in after for secret in SECRETS)
    assert written.is_sound()


def test_somebody_whom_nobody_knows_is_named(written: Office) -> None:
    with pytest.raises(BadInput, match=r"nobody_called.*una"):
        forget(written, "una")


def test_people_whom_the_directory_does_not_list_can_be_erased_by_their_account(office: Office) -> None:
    body: dict[str, Any] = {
        "channel": "C0ACME", "channel_type": "channel", "ts": "1767603600.000001", "thread_ts": None, "user": "U0NEW",
        "workspace": "T0ACME", "text": f"sev3 {SUMMARY}", "files": [], "mentions_bot": True, "ask": "", "rest": "",
    }  # fmt: skip
    office.desk.accept(Delivery("message:1", "message", body), now=NINE)
    assert inbox_events.take_one(office.desk, now=office.now + timedelta(seconds=1))
    office.delivers()
    assert SUMMARY in everything(office)
    forget(office, "T0ACME/U0NEW")
    assert "Zwieback" not in everything(office)


def test_every_free_text_is_looked_through_or_is_known_to_hold_no_words() -> None:
    looked_at = set(metadata.tables) - words_kept.NOT_WORDS
    free = {table.name for table in metadata.tables.values() if any(isinstance(c.type, Text | JSON) for c in table.c)}
    assert {"outbox", "inbox", "ticket", "escalation", "absence", "remark", "words"} <= free & looked_at
    assert words_kept.NOT_WORDS - set(metadata.tables) == set()


@given(some.text(min_size=12, alphabet=some.characters(categories=("L", "Nd"))), some.text(), some.text())
def test_what_is_quoted_word_for_word_is_cut_out(secret: str, before: str, after: str) -> None:
    words = f"{secret} {secret}"
    assert secret not in Traces([words]).without(f"{before}\n> {words} {after}").replace(before, "").replace(after, "")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"T-1: {SUMMARY}", f"T-1: {ERASED}"),
        (f"*T-1* {SUMMARY[:30]}…", ERASED),
        ("> Zwieback *orders*\n> vanish after paying", ERASED),
        ("Orders are late", "Orders are late"),
        ("", ""),
    ],
)
def test_what_was_shortened_or_decorated_is_replaced_as_a_whole(text: str, left: str) -> None:
    assert Traces([SUMMARY]).without(text) == left


def test_everyday_words_are_not_looked_for() -> None:
    assert not Traces(["yes", "enterprise", "Ana Li", "T-1042", ""])


@pytest.mark.parametrize("secret", ["チェックアウトが動きません", "付款后订单消失", "ระบบชำระเงินใช้งานไม่ได้"])
def test_words_of_scripts_without_spaces_are_found_as_well(office: Office, secret: str) -> None:
    office.opens(f"sev2 {secret}")
    assert secret in everything(office)

    forget(office)

    assert secret not in everything(office)
    assert office.is_sound()
