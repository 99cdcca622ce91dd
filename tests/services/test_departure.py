"""What becomes of the tickets of somebody who leaves the team?"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.directory import Directory
from bot.domain.message import Kind
from bot.domain.people import Role
from bot.services import directory, escalate, working
from bot.services.desk import Work
from bot.store.database import Database
from tests.services.automatic import office_with
from tests.services.office import Office

BY_DAY = """\
extends: enterprise
tiers: {enterprise: {hours: "Mon-Fri 09:00-17:00"}}
escalation: {page_severities: [sev1, sev2], levels: {1: {window: null}, 2: {window: null}}}
"""


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def leaves(office: Office, *, as_role: Role | None = None) -> None:
    """Bo is taken out of the directory, or gets another role in it."""
    with office.db.transaction() as session:
        work = Work(office.desk, session)
        tree: dict[str, Any] = directory.exported(session).model_dump(mode="json")
        if as_role is None:
            tree = without(tree)
        else:
            tree["people"]["bo"]["role"] = as_role.value
        directory.apply(work, Directory.model_validate(tree), by="person:una", now=office.now)
    office.delivers()


def without(tree: dict[str, Any]) -> dict[str, Any]:
    del tree["people"]["bo"]
    tree["duties"] = {name: "kai" if who == "bo" else who for name, who in tree["duties"].items()}
    tree["teams"] = {name: [each for each in members if each != "bo"] for name, members in tree["teams"].items()}
    for turns in tree["rotations"].values():
        turns["order"] = [each for each in turns["order"] if each != "bo"]
    return tree


def test_nobody_has_the_tickets_of_whoever_left_and_a_sev_1_is_paged_anew(office: Office) -> None:
    critical, small, anas = office.opens(), office.opens("sev3 The logo is blurred"), office.opens("sev3 A typo")
    for who, ticket in (("bo", critical), ("bo", small), ("ana", anas)):
        office.does(who, working.claim, ticket=ticket)
    before = len(office.said(to="ana"))
    leaves(office)
    assert [office.ticket(each).owner for each in (critical, small, anas)] == [None, None, "ana"]
    (page,) = [each for each in office.said(to="ana")[before:] if "needs you" in each]
    assert critical in page
    assert "Nobody has it any more. Bo Berg, who had it, has left the team." in page
    told = [each for each in office.said(to="C0TRIAGE") if "nobody has it now" in each]
    assert told == [f"{each}: Bo Berg has left the team; nobody has it now." for each in (critical, small)]
    assert office.is_sound()


def test_another_role_of_the_team_changes_nothing(office: Office) -> None:
    ticket = office.opens()
    office.does("bo", working.claim, ticket=ticket)
    leaves(office, as_role=Role.MANAGER)
    assert office.ticket(ticket).owner == "bo"


@pytest.mark.req("SL-5")
def test_what_pages_by_day_only_is_paged_as_support_hours_begin_unless_somebody_escalated_it(
    database: Database, tmp_path: Path
) -> None:
    office = office_with(database, tmp_path, BY_DAY)
    office.now = datetime(2026, 3, 6, 21, 50, tzinfo=UTC)  # a Friday, ten minutes before New York closes
    slow, lost, taken = (office.opens(f"sev2 {what}") for what in ("Search is slow", "Orders are lost", "A typo"))
    office.does("mei", escalate.escalate, ticket=lost, reason="They lose orders")
    for ticket in (slow, lost, taken):
        office.does("bo", working.claim, ticket=ticket)
    office.passes(hours=3)
    before = len(office.said(kind=Kind.PAGE))

    leaves(office)
    (page,) = office.said(kind=Kind.PAGE)[before:]
    assert lost in page
    assert any("Bo Berg, who had it, has left the team. Nobody is paged" in each for each in office.said(to="C0TRIAGE"))
    office.does("kai", working.claim, ticket=lost)
    office.does("kai", working.claim, ticket=taken)
    office.passes(seconds=(datetime(2026, 3, 9, 13, tzinfo=UTC) - office.now) / timedelta(seconds=1))

    (page,) = [each for each in office.said(kind=Kind.PAGE)[before + 1 :] if "has left the team" in each]
    assert f"{slow} needs you" in page
    assert office.is_sound()
