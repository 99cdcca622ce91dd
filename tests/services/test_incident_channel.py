"""Does a channel open by itself where the handbook asks for one, once, and nowhere else?"""

from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.services import intake, working
from bot.store.database import Database
from bot.store.incident_tables import IncidentChannel
from bot.store.tables import OutboxRow
from tests.services.automatic import office_with
from tests.services.office import Office

RULES = "extends: enterprise\nincidents: {channel_for: [sev1]}\n"


def channels(office: Office) -> list[tuple[int, str]]:
    """The tickets that have a channel, and who asked for it."""
    with office.db.reading() as session:
        return [(row.ticket_number, row.asked_by) for row in session.exec(select(IncidentChannel))]


@pytest.mark.req("SV-2")
def test_a_handbook_opens_a_channel_for_a_severity_when_a_ticket_gets_it(sqlite_url: str, tmp_path: Path) -> None:
    office = office_with(Database(sqlite_url), tmp_path, RULES)
    severe, mild = office.opens("sev1 Checkout is down"), office.opens("sev2 Exports are slow")
    office.passes(seconds=10)
    assert channels(office) == [(office.ticket(severe).number, "bot")]

    office.does("ana", working.regrade, ticket=mild, severity="sev1", reason="Nobody can pay")
    office.does("ana", working.regrade, ticket=mild, severity="sev2", reason="Some can")
    office.does("ana", working.regrade, ticket=mild, severity="sev1", reason="Nobody can again")
    office.passes(minutes=1)

    assert channels(office) == [(office.ticket(each).number, "bot") for each in (severe, mild)]
    with office.db.reading() as session:
        asked = session.exec(select(OutboxRow.payload).where(col(OutboxRow.op) == "invite")).all()
    assert {"U0ANA"} <= {each["user"] for each in asked}
    assert office.is_sound()
    office.db.dispose()


def test_without_the_key_no_channel_opens(office: Office) -> None:
    office.does("cy", intake.open_by_command, channel="C0ACME", text="sev1 Checkout is down")
    office.passes(minutes=1)

    assert channels(office) == []
