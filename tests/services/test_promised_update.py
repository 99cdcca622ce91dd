"""Does a customer hear from us at each moment that they were promised, whatever becomes of the ticket meanwhile?"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from bot.domain.errors import Refused
from bot.domain.message import Kind
from bot.handbook.loader import load
from bot.messages.words import moment
from bot.services import escalate, working
from bot.services.desk import Work
from bot.services.tickets import ticket_of
from bot.store import deadlines
from bot.store.database import Database
from bot.store.tables import OutboxRow
from tests.make import NINE
from tests.services.automatic import office_with
from tests.services.ground import on_sqlite
from tests.services.office import Office

RULES = """\
extends: enterprise
updates: {sev1: 1 hour, sev2: 4 hours, sev3: each business day}
required_fields_block: false
"""


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    db = Database(sqlite_url)
    yield office_with(db, tmp_path, RULES)
    db.dispose()


def updates_of(office: Office) -> list[str]:
    return office.said(kind=Kind.UPDATE)


@pytest.mark.req("UP-2")
def test_the_updates_of_a_ticket_go_on_when_work_on_it_begins_after_waiting(office: Office) -> None:
    ticket = office.opens("sev2 Search is slow")
    office.does("ana", working.claim, ticket=ticket)
    office.does("ana", working.wait, ticket=ticket)
    office.passes(minutes=30)

    office.does("ana", working.start_work, ticket=ticket)
    office.passes(hours=3, minutes=30)

    assert len(updates_of(office)) == 1
    assert office.is_sound()


@pytest.mark.req("UP-3")
def test_an_announced_update_that_does_not_come_is_taken_back_aloud(office: Office) -> None:
    ticket = office.opens("sev1 Checkout is down")
    office.passes(minutes=20)

    office.does("ana", working.regrade, ticket=ticket, severity="sev2", reason="One shop of nine")
    assert office.said(to="C0ACME")[-1] == "T-1, Sev 2 (High): the next update comes 08:20 EST, not 05:00 EST."
    office.does("ana", working.wait, ticket=ticket)
    assert office.said(to="C0ACME")[-1].startswith("T-1, Sev 2 (High): we wait for your answer, here in this thread.")
    office.does("ana", working.resume, ticket=ticket)
    office.does("ana", working.regrade, ticket=ticket, severity="sev4", reason="It has a workaround")

    assert "the update announced for 08:20 EST does not come." in office.said(to="C0ACME")[-1]
    office.passes(hours=4, minutes=5)
    assert updates_of(office) == []


@pytest.mark.req("UP-3")
def test_an_update_that_comes_as_announced_or_sooner_needs_no_other_word(office: Office) -> None:
    ticket = office.opens("sev3 Reports look odd")
    before = office.said(to="C0ACME")

    office.does("ana", working.regrade, ticket=ticket, severity="sev1", reason="All of them are empty")
    office.does("ana", working.wait, ticket=ticket)

    assert office.said(to="C0ACME") == before


@pytest.mark.req("UP-3")
def test_who_is_not_waited_for_goes_on_hearing_from_us_and_ends_no_other_wait(sqlite_url: str, tmp_path: Path) -> None:
    db = Database(sqlite_url)
    office = office_with(db, tmp_path, f"{RULES}pauses: [waiting_for_customer, waiting_for_vendor]\n")
    ticket = office.opens("sev2 Search is slow")
    office.does("ana", working.wait, ticket=ticket, reason="waiting_for_vendor")
    office.passes(hours=4)
    assert "waiting for you" not in updates_of(office)[-1]
    assert "wait for you" not in updates_of(office)[-1]

    office.does("ana", working.wait, ticket=ticket)
    assert "we wait for your answer" in office.said(to="C0ACME")[-1]
    with db.transaction() as session:
        work = Work(office.desk, session)
        working.customer_answered(work, ticket_of(work, ticket), by="person:cy", now=office.now)

    assert office.ticket(ticket).waiting_for == ["waiting_for_vendor"]
    office.passes(hours=4)
    assert len(updates_of(office)) == 2
    assert office.is_sound()
    db.dispose()


NEXT = re.compile(r"(?:[Nn]ext update (?:comes )?|hear from us next )(?P<at>.+?)(?:[.,]|$)")
TELLING = ("update", "escalation", "notice", "resolution")
"""Messages after which the customer no longer goes by what they read before."""

CLOSING = {"root_cause": "A full disk", "workaround": "none", "prevention": "An alert"}
DEEDS = st.one_of(
    st.tuples(st.just("regrade"), st.sampled_from(["sev1", "sev2", "sev3", "sev4"])),
    st.tuples(st.sampled_from(["wait", "resume", "start", "reply", "escalate", "resolve", "reopen"]), st.just("")),
    st.tuples(st.just("pass"), st.sampled_from(["7", "61"])),
)


class Promise:
    """What the customer of a ticket was told last of when they hear from us next."""

    def __init__(self, office: Office, ticket: str) -> None:
        self.office, self.ticket = office, ticket
        self.at: datetime | None = None
        self.read = 0

    def is_kept(self) -> None:
        """Read what was said since, and compare it with what is planned. Raises AssertionError."""
        with self.office.db.reading() as session:
            due_at = deadlines.due_of(session, kind="update", subject=str(self.office.ticket(self.ticket).number))
            rows = session.exec(
                select(OutboxRow)
                .where(col(OutboxRow.lane) == "C0ACME", col(OutboxRow.op) == "post", col(OutboxRow.seq) > self.read)
                .order_by(col(OutboxRow.seq))
            ).all()
        for row in rows:
            self.read = row.seq or 0
        said = [row for row in rows if row.kind in TELLING]
        if not said:
            assert self.at is None or (due_at is not None and due_at <= self.at)
            return
        found = NEXT.search(str(said[-1].payload["text"]))
        self.at = due_at if found else None
        if found:
            assert due_at is not None
            assert found["at"] == moment(due_at, zone="America/New_York", now=said[-1].not_before)


@pytest.mark.req("UP-3")
def test_whatever_happens_an_announced_update_comes_or_is_taken_back(tmp_path: Path, sqlite_template: Path) -> None:
    file = tmp_path / "ours.yml"
    file.write_text(RULES, encoding="utf-8")
    handbook = load(str(file))

    @settings(max_examples=12)
    @given(st.lists(DEEDS, min_size=5, max_size=8))
    def told(deeds: list[tuple[str, str]]) -> None:
        with on_sqlite(sqlite_template, now=NINE) as ground:
            office = replace(ground.office, handbook=handbook)
            ticket = office.opens("sev1 Checkout is down")
            promise = Promise(office, ticket)
            for deed, word in deeds:
                with suppress(Refused):
                    does(office, ticket, deed, word)
                promise.is_kept()
            assert office.is_sound()

    told()


def does(office: Office, ticket: str, deed: str, word: str) -> None:
    match deed:
        case "regrade":
            office.does("ana", working.regrade, ticket=ticket, severity=word, reason="We know more now")
        case "wait" | "resume":
            office.does("ana", {"wait": working.wait, "resume": working.resume}[deed], ticket=ticket)
        case "start":
            office.does("ana", working.start_work, ticket=ticket)
        case "reply":
            office.does("ana", working.reply, ticket=ticket, text="Looking at it")
        case "escalate":
            office.does("mei", escalate.escalate, ticket=ticket, reason="It burns")
        case "resolve":
            office.does("ana", working.resolve, ticket=ticket, values=CLOSING)
        case "reopen":
            office.does("cy", working.reopen, ticket=ticket)
        case _:
            office.passes(minutes=int(word))
