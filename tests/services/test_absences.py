"""A calendar's absences take effect, are replaced when it is read again, and name whose they are."""

from datetime import date

import pytest

from bot.domain.errors import BadInput
from bot.handbook.absences import Away
from bot.services import absences, oncall
from bot.services.absences import Taken
from bot.services.desk import Work
from tests.services.office import Office

MONDAY, TUESDAY, FRIDAY = date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 9)


def taken(office: Office, *found: Away, person: str | None = None, source: str = "team.ics") -> Taken:
    with office.db.transaction() as session:
        work = Work(office.desk, session)
        return absences.take(work, found=found, source=source, person=person, by="operator", now=office.now)


def on_call(office: Office) -> list[str]:
    with office.db.reading() as session:
        return [person.id for person in oncall.people_of_level(session, 1, now=office.now)]


@pytest.mark.req("PG-3")
@pytest.mark.parametrize("title", ["Ana: holiday", "ana", "Ana Lima - dentist", "ANA LIMA"])
def test_a_title_says_whose_absence_it_is_and_their_turn_passes_on(office: Office, title: str) -> None:
    found = taken(office, Away(title, MONDAY, TUESDAY), Away("Anabel: holiday", MONDAY, FRIDAY))
    assert found == Taken(changed=True, by_person={"ana": 1}, nameless=("Anabel: holiday",))
    assert on_call(office) == ["bo"]


def test_reading_again_replaces_what_the_same_calendar_brought_and_nothing_else(office: Office) -> None:
    taken(office, Away("", MONDAY, FRIDAY), person="ana", source="ana.ics")
    taken(office, Away("", MONDAY, FRIDAY), person="kai", source="kai.ics")
    assert taken(office, Away("", MONDAY, FRIDAY), person="ana", source="ana.ics").changed is False
    assert taken(office, person="ana", source="ana.ics").changed is True
    assert on_call(office) == ["ana"]
    assert taken(office, Away("", MONDAY, FRIDAY), person="kai", source="kai.ics").changed is False
    assert office.is_sound()


def test_a_calendar_of_nobody_is_refused(office: Office) -> None:
    with pytest.raises(BadInput, match=r"not_of_directory.*zoe"):
        taken(office, Away("", MONDAY, FRIDAY), person="zoe")
