"""Does a customer hear from us at each moment that they were promised, whatever becomes of the ticket meanwhile?"""

from pathlib import Path

import pytest

from bot.domain.message import Kind
from bot.services import working
from bot.store.database import Database
from tests.services.automatic import office_with
from tests.services.office import Office

RULES = """\
extends: enterprise
updates: {sev1: 1 hour, sev2: 4 hours}
required_fields_block: false
"""


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return office_with(database, tmp_path, RULES)


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
