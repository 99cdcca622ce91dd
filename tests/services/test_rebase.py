"""An edited handbook reaches open tickets only on purpose: listed first, then in the record."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import BadInput
from bot.domain.message import Kind
from bot.handbook.loader import Loaded, load
from bot.services import escalate, page_answers, rebase, working
from bot.services.desk import Work
from bot.store import clocks, trail
from tests.services.office import Office

pytestmark = pytest.mark.req("HB-1")


def edited(folder: Path, *lines: str) -> Loaded:
    file = folder / "enterprise.yml"
    file.write_text("\n".join(["extends: enterprise", "name: enterprise", *lines]) + "\n")
    return load(str(file))


def shorter(folder: Path) -> Loaded:
    return edited(folder, "tiers: {enterprise: {targets: {sev2: {first_response: 90 minutes}}}}")


def planned(office: Office, loaded: Loaded) -> list[str]:
    with office.db.reading() as session:
        return [str(move) for move in rebase.plan(Work(office.desk, session), loaded, now=office.now)]


def applied(office: Office, loaded: Loaded) -> list[str]:
    with office.db.transaction() as session:
        found = rebase.apply(Work(office.desk, session), loaded, by="operator", now=office.now)
    return [str(move) for move in found]


def due_of(office: Office, ticket: str) -> str:
    with office.db.reading() as session:
        row = clocks.one(session, office.ticket(ticket).number_known, "first_response", 1)
    assert row is not None
    assert row.due_at is not None
    return row.due_at.isoformat()


def test_a_dry_run_lists_each_deadline_that_would_move_and_changes_nothing(office: Office, tmp_path: Path) -> None:
    ticket = office.opens("sev2 Reports are slow")
    other = office.opens("sev3 A report looks odd")
    before = office.ticket(ticket).handbook

    moves = planned(office, shorter(tmp_path))

    assert moves == [f"{ticket} first_response: 2026-01-05T11:00:00+00:00 -> 2026-01-05T10:30:00+00:00"]
    assert office.ticket(ticket).handbook == office.ticket(other).handbook == before
    assert due_of(office, ticket) == "2026-01-05T11:00:00+00:00"
    assert office.is_sound()


def test_applying_it_moves_the_deadlines_and_says_so_in_each_timeline(office: Office, tmp_path: Path) -> None:
    ticket, loaded = office.opens("sev2 Reports are slow"), shorter(tmp_path)

    assert applied(office, loaded) == [
        f"{ticket} first_response: 2026-01-05T11:00:00+00:00 -> 2026-01-05T10:30:00+00:00"
    ]

    assert due_of(office, ticket) == "2026-01-05T10:30:00+00:00"
    with office.db.reading() as session:
        (row,) = [each for each in trail.read(session, "ticket:1") if each.kind == "rebased"]
    assert (row.actor, row.facts["handbook"]) == ("operator", loaded.hash)
    assert office.is_sound()
    assert applied(office, loaded) == []


def test_nobody_is_breached_by_a_rebase(office: Office, tmp_path: Path) -> None:
    ticket = office.opens("sev2 Reports are slow")
    office.passes(minutes=100)

    applied(office, shorter(tmp_path))

    assert due_of(office, ticket) == "2026-01-05T11:00:00+00:00"
    assert office.is_sound()


def test_what_has_ended_stays_as_it_was(office: Office, tmp_path: Path) -> None:
    ticket = office.opens("sev2 Reports are slow")
    office.passes(minutes=95)
    office.does("bo", working.reply, ticket=ticket, text="We are on it.")

    assert planned(office, shorter(tmp_path)) == []
    applied(office, shorter(tmp_path))

    with office.db.reading() as session:
        row = clocks.one(session, 1, "first_response", 1)
    assert row is not None
    assert row.state == "met"
    assert office.is_sound()


def test_without_a_rebase_an_open_ticket_keeps_the_version_that_it_was_opened_under(
    office: Office, tmp_path: Path
) -> None:
    old = office.opens("sev2 Reports are slow")
    again = Office(office.db, handbook=shorter(tmp_path))
    new = again.opens("sev2 Search is slow")

    assert due_of(again, old) == "2026-01-05T11:00:00+00:00"
    assert due_of(again, new) == "2026-01-05T10:30:00+00:00"
    assert again.is_sound()


def test_a_handbook_without_the_tier_of_an_open_ticket_is_refused(office: Office) -> None:
    ticket = office.opens("sev2 Reports are slow")

    with pytest.raises(BadInput, match=rf"tier_lacking.*{ticket} \(enterprise\)"):
        planned(office, load("sla"))


def test_each_version_that_becomes_current_is_in_the_trail(office: Office, tmp_path: Path) -> None:
    office.opens("sev2 Reports are slow")
    office.opens("sev2 Search is slow")
    first, second = office.handbook.hash, shorter(tmp_path)
    applied(office, second)

    with office.db.reading() as session:
        rows = [each.facts for each in trail.read(session, "handbook") if each.kind == "became_current"]

    assert [(row["before"], row["hash"]) for row in rows if row["name"] == "enterprise"] == [
        (None, first), (first, second.hash),
    ]  # fmt: skip


def test_a_clock_that_was_set_back_behind_the_opening_keeps_no_handbook_from_its_tickets(
    office: Office, tmp_path: Path
) -> None:
    ticket = office.opens("sev2 Reports are slow")
    office.now -= timedelta(hours=1)

    moves = [f"{ticket} first_response: 2026-01-05T11:00:00+00:00 -> 2026-01-05T10:30:00+00:00"]
    assert planned(office, shorter(tmp_path)) == moves
    assert applied(office, shorter(tmp_path)) == moves
    assert office.is_sound()


def test_who_is_paged_at_a_level_that_a_rebase_took_away_can_still_hand_it_on(office: Office, tmp_path: Path) -> None:
    ticket = office.opens("sev1 Checkout is down")
    office.does("mei", escalate.escalate, ticket=ticket, level="4", reason="They are waiting")
    page = office.page_of("vic", ticket=ticket)
    at_two = "triggers: {several_customers: {level: 2}, security: {level: 2}, data_loss: {level: 2}}"
    applied(office, edited(tmp_path, f"escalation: {{levels: {{3: null, 4: null}}, {at_two}}}"))

    office.does("vic", page_answers.decline, page=page)

    assert "Level 1" in office.said(kind=Kind.PAGE)[-1]
    assert office.is_sound()
