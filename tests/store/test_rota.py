"""Changes of turns are found where they touch a span, and a calendar's absences are replaced as a whole."""

from datetime import timedelta

from bot.store import deadlines, rota
from bot.store.database import Database
from bot.store.rota_tables import Absence
from tests.make import NINE

HOUR = timedelta(hours=1)


def away(person: str, begin: int = 0, end: int = 1, *, source: str = "", reason: str = "") -> Absence:
    return Absence(
        person_id=person, starts_at=NINE + begin * HOUR, ends_at=NINE + end * HOUR, reason=reason, by="test",
        source=source,
    )  # fmt: skip


def people(database: Database, begin: int = 0, end: int = 10) -> list[str]:
    with database.reading() as session:
        found = rota.absences(session, begin=NINE + begin * HOUR, end=NINE + end * HOUR)
        return [row.person_id for row in found]


def test_absences_count_where_they_touch_the_span(database: Database) -> None:
    with database.transaction() as session:
        session.add_all([away("over", -2, 0), away("now", -1, 1), away("soon", 1, 2), away("later", 2, 3)])
    assert people(database, 0, 2) == ["now", "soon"]


def test_a_calendars_absences_are_replaced_and_others_stay(database: Database) -> None:
    with database.transaction() as session:
        session.add_all([away("ana"), away("bo", source="b.ics"), away("kai", source="k.ics")])
    with database.transaction() as session:
        assert not rota.replace_absences(session, [away("kai", source="k.ics")], source="k.ics")
        assert rota.replace_absences(session, [away("mei", 1, 2, source="b.ics")], source="b.ics")
        assert rota.replace_absences(session, [], source="k.ics")
    assert people(database) == ["ana", "mei"]


def test_armed_hand_offs_are_held_and_named(database: Database) -> None:
    with database.transaction() as session:
        for kind, subject in (("handoff", "level:2"), ("page", "p"), ("handoff", "level:1")):
            deadlines.arm(session, kind=kind, subject=subject, due_at=NINE)
        assert rota.lock_handoffs(session, "handoff") == {"level:1": NINE, "level:2": NINE}


def test_who_looks_at_the_home_tab_is_remembered_once(database: Database) -> None:
    with database.transaction() as session:
        for hours in (0, 1):
            rota.opened_home(session, slack="U0ANA", workspace="", at=NINE + hours * HOUR)
    with database.reading() as session:
        (tab,) = rota.home_tabs(session)
        assert (tab.slack, tab.opened_at) == ("U0ANA", NINE + HOUR)
