"""A customer's tier or time zone changes: open tickets follow, time used keeps the old calendar, nobody is breached."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.app.local import DIRECTORY
from bot.domain.directory import Directory
from bot.domain.message import Kind
from bot.handbook.directory import parse_directory
from bot.handbook.loader import load
from bot.services import directory, tiers, working
from bot.services.desk import Work
from bot.store import clocks, trail
from bot.store.database import Database
from bot.store.tables import Clock, OutboxRow
from tests.services.office import Office
from tests.stories.stage import MONDAY

pytestmark = pytest.mark.req("SL-5")
TEN = datetime(2026, 1, 5, 15, tzinfo=UTC)
"""Monday, 10:00 in New York."""


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    """The desk on a Monday at 10:00 in New York, where Acme is."""
    db = Database(sqlite_url)
    yield Office(db, now=TEN)
    db.dispose()


def acme(*changes: tuple[str, str]) -> Directory:
    """The directory with Acme's part changed."""
    text = DIRECTORY.read_text("utf-8")
    head, mark, rest = text.partition("  acme:\n")
    part, _, tail = rest.partition("  globex:\n")
    for old, new in changes:
        assert old in part
        part = part.replace(old, new, 1)
    return parse_directory(f"{head}{mark}{part}  globex:\n{tail}", "directory.yml")


def on_tier(tier: str) -> Directory:
    return acme(("tier: enterprise", f"tier: {tier}"))


def applies(office: Office, wanted: Directory) -> list[str]:
    with office.db.transaction() as session:
        changes = directory.apply(Work(office.desk, session), wanted, by="operator", now=office.now)
    office.delivers()
    return [str(change) for change in changes]


def planned(office: Office, wanted: Directory) -> list[str]:
    standings = {key: tiers.Standing(each.tier, each.timezone) for key, each in wanted.customers.items()}
    with office.db.reading() as session:
        return [str(line) for line in tiers.plan(Work(office.desk, session), standings, now=office.now)]


def receipt_of(office: Office, ticket: str) -> str:
    """How the receipt reads now."""
    with office.db.reading() as session:
        card = f"receipt:{office.ticket(ticket).number}"
        rows = session.exec(select(OutboxRow).where(col(OutboxRow.card) == card).order_by(col(OutboxRow.seq).desc()))
        return str(next(iter(rows)).payload["text"])


def clock_of(office: Office, ticket: str, metric: str = "first_response") -> Clock:
    with office.db.reading() as session:
        row = clocks.one(session, office.ticket(ticket).number_known, metric, 1)
    assert row is not None
    return row


def test_the_time_used_keeps_the_old_calendar_and_the_rest_runs_in_the_new_one(office: Office) -> None:
    ticket = office.opens("sev3 A report looks odd")
    assert clock_of(office, ticket).due_at == TEN + timedelta(hours=4)
    office.passes(hours=1)

    applies(office, on_tier("premium"))

    # One hour of eight is used; seven more until 18:00 in New York, when premium is still open.
    assert clock_of(office, ticket).due_at == datetime(2026, 1, 5, 23, tzinfo=UTC)
    assert office.ticket(ticket).tier == "premium"
    assert office.is_sound()


def test_nobody_is_breached_by_a_better_contract(office: Office) -> None:
    applies(office, on_tier("premium"))
    ticket = office.opens("sev3 A report looks odd")
    office.passes(hours=5)

    applies(office, on_tier("enterprise"))

    clock = clock_of(office, ticket)
    assert (clock.state, clock.rebased) == ("running", True)
    assert clock.due_at == TEN + timedelta(hours=8)
    office.passes(hours=3, minutes=1)
    assert clock_of(office, ticket).state == "breached"
    assert office.is_sound()


def test_a_dry_run_names_each_deadline_that_moves_and_changes_nothing(office: Office) -> None:
    ticket = office.opens("sev3 A report looks odd")
    office.passes(hours=1)
    wanted = on_tier("premium")
    line = f"{ticket} first_response: 2026-01-05T19:00:00+00:00 -> 2026-01-05T23:00:00+00:00"

    assert planned(office, wanted) == [line]
    assert office.ticket(ticket).tier == "enterprise"
    assert clock_of(office, ticket).due_at == TEN + timedelta(hours=4)

    applies(office, wanted)
    assert planned(office, wanted) == []


def test_the_change_is_in_the_timeline_once_with_who_made_it(office: Office) -> None:
    ticket = office.opens("sev3 A report looks odd")

    for _ in range(2):
        applies(office, on_tier("premium"))

    with office.db.reading() as session:
        (row,) = [each for each in trail.read(session, "ticket:1") if each.kind == "retiered"]
    assert (row.actor, row.facts["before"], row.facts["tier"]) == ("operator", "enterprise", "premium")
    assert [text for text in office.said(kind=Kind.NOTICE) if "The operator changed the customer's tier" in text]
    assert office.ticket(ticket).zone == "America/New_York"


def test_another_time_zone_moves_the_deadlines_of_a_tier_that_has_none(office: Office) -> None:
    applies(office, on_tier("standard"))
    ticket = office.opens("sev3 A report looks odd")
    office.passes(hours=2)

    moved = acme(("tier: enterprise", "tier: standard"), ("timezone: America/New_York", "timezone: Asia/Tokyo"))
    applies(office, moved)

    # Two of 24 hours are used; in Tokyo it is past closing time, and 22 hours are left from Tuesday 09:00 on.
    assert clock_of(office, ticket).due_at == datetime(2026, 1, 8, 6, tzinfo=UTC)
    assert [text for text in office.said(kind=Kind.NOTICE) if "from America/New_York to Asia/Tokyo" in text]
    assert office.is_sound()


def test_what_has_ended_and_whoever_else_asked_stay_as_they_were(office: Office) -> None:
    ticket = office.opens("sev3 A report looks odd")
    office.passes(hours=1)
    office.does("bo", working.reply, ticket=ticket, text="We look at it.")
    due_at = clock_of(office, ticket).due_at

    applies(office, on_tier("premium"))

    clock = clock_of(office, ticket)
    assert (clock.state, clock.due_at) == ("met", due_at)
    assert office.is_sound()


def test_a_ticket_keeps_its_tier_where_the_handbook_it_pins_has_no_such_tier(office: Office) -> None:
    ticket = office.opens("sev3 A report looks odd")
    elsewhere = acme(("tier: enterprise", "handbook: sla\n    tier: sla"))

    assert planned(office, elsewhere) == [
        f"{ticket} keeps tier enterprise: its version of the handbook has no tier sla"
    ]
    applies(office, elsewhere)

    assert office.ticket(ticket).tier == "enterprise"
    assert office.ticket(office.opens("P3 A chart looks odd")).tier == "sla"
    assert office.is_sound()


def test_the_receipt_promises_what_the_new_tier_does_and_never_less_time_than_is_left(office: Office) -> None:
    applies(office, on_tier("premium"))
    ticket = office.opens("sev3 A report looks odd")
    assert "First response: within 8 hours" in receipt_of(office, ticket)

    office.passes(hours=5)
    applies(office, on_tier("enterprise"))

    assert "First response: by 18:00 EST" in receipt_of(office, ticket)


def test_a_receipt_that_is_read_outside_support_hours_says_until_when_its_promise_runs(office: Office) -> None:
    office.now = datetime(2026, 3, 7, 20, tzinfo=UTC)  # a Saturday on which the clocks go forward
    around_the_clock = office.opens("sev2 Search is slow")
    assert "First response: within 2 hours, by 17:00 EST." in receipt_of(office, around_the_clock)
    applies(office, on_tier("standard"))

    ticket = office.opens("sev1 Checkout is down")

    assert "First response: within 4 hours of support time, by Mon 13:00 EDT." in receipt_of(office, ticket)


def test_who_was_not_paged_at_night_is_paged_where_the_new_tier_pages_at_night(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "enterprise.yml"
    paged = "{page_severities: [sev1, sev2], after_hours: [sev1]}"
    file.write_text(f"extends: enterprise\nname: enterprise\nescalation: {paged}\n")
    db = Database(sqlite_url)
    office = Office(db, handbook=load(str(file)), now=MONDAY.replace(hour=5))
    applies(office, on_tier("standard"))
    office.opens("sev2 Reports are slow")
    assert office.said(kind=Kind.PAGE) == []

    for _ in range(2):
        applies(office, on_tier("enterprise"))

    assert len(office.said(kind=Kind.PAGE)) == 1
    assert office.is_sound()
    db.dispose()
