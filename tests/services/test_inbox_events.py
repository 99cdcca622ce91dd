"""What happens to a delivery that cannot be worked off?"""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.messages import staff
from bot.services import inbox_events
from bot.services.desk import Delivery
from bot.store.database import Database
from bot.store.tables import InboxRow
from tests.services.office import Office


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def hears(office: Office, ts: str, text: str, *, user: str) -> None:
    body = {
        "channel": "C0ACME", "ts": ts, "user": user, "workspace": "T0ACME", "text": text, "files": [],
        "channel_type": "channel", "mentions_bot": True, "ask": "", "rest": text,
    }  # fmt: skip
    office.desk.accept(Delivery(f"message:C0ACME:{ts}", "message", body), now=office.now)


def rows(office: Office) -> list[tuple[str, int]]:
    with office.db.reading() as session:
        found = session.exec(select(InboxRow).where(InboxRow.kind == "message").order_by(col(InboxRow.id))).all()
    return [(row.state, row.attempts) for row in found]


def test_one_whose_card_cannot_be_drawn_is_put_off_whole_and_holds_up_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.opens()
    drawn = staff.card

    def broken(*given: object, **named: object) -> object:
        raise KeyError("a label that is not there")

    hears(office, "1767603600.000100", "sev3 The export is empty", user="U0CY")
    hears(office, "1767603601.000100", "sev3 The import is slow", user="U0DEE")
    with monkeypatch.context() as while_broken:
        while_broken.setattr(staff, "card", broken)
        assert inbox_events.take_one(office.desk, now=office.now)
    assert rows(office) == [("pending", 1), ("pending", 0)]
    assert staff.card is drawn

    assert inbox_events.take_one(office.desk, now=office.now)
    assert rows(office) == [("pending", 1), ("done", 0)]
    assert inbox_events.take_one(office.desk, now=office.now + timedelta(minutes=1))
    assert rows(office) == [("done", 1), ("done", 0)]
    assert [office.ticket(ticket).summary for ticket in ("T-2", "T-3")] == ["The import is slow", "The export is empty"]
