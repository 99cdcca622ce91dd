"""How often does operations hear that nobody of a level is there?"""

import pytest

from bot.store.tables import Person
from tests.services.office import Office


def is_there(office: Office, person: str, *, active: bool) -> None:
    with office.db.transaction() as session:
        session.get_one(Person, person).active = active


def told(office: Office) -> list[str]:
    return [each for each in office.said(to="C0OPS") if "Level 4 (Executive) was skipped" in each]


@pytest.mark.req("PG-2")
def test_an_empty_level_is_an_alarm_once_until_somebody_was_there_again(office: Office) -> None:
    is_there(office, "vic", active=False)
    office.opens()
    office.passes(hours=12)
    assert len(told(office)) == 1

    is_there(office, "vic", active=True)
    office.passes(hours=2)
    assert office.said(to="vic")
    is_there(office, "vic", active=False)
    office.passes(hours=12)
    assert len(told(office)) == 2
