"""Are people found by what Slack knows of them, and in the order in which the directory names them?"""

from datetime import timedelta

from bot.store import people, rota
from bot.store.database import Database
from bot.store.rota_tables import Override, Rotation
from bot.store.tables import Duty, LevelTarget, TeamMember
from tests.make import NINE, make_customer, make_person


def test_a_person_is_found_by_workspace_and_user_together(database: Database) -> None:
    with database.transaction() as session:
        session.add(make_person("ana"))
        session.add(make_person("cy", role="customer_manager", customer="acme", workspace="T0ACME"))
    with database.reading() as session:
        ana = people.by_slack(session, workspace="", slack="U0ANA")
        assert ana is not None
        assert ana.id == "ana"
        assert people.by_slack(session, workspace="T0ACME", slack="U0ANA") is None
        assert [row.id for row in people.people_of_customer(session, "acme")] == ["cy"]
        assert list(people.persons(session)) == ["ana", "cy"]
        assert list(people.persons(session, ["cy", "nobody"])) == ["cy"]


def test_a_name_is_said_even_when_the_directory_forgot_it(database: Database) -> None:
    with database.transaction() as session:
        session.add(make_person("ana"))
        session.flush()
        said = [people.name_of(session, person) for person in ("ana", "gone", None)]
        assert said == ["Ana", "gone", "nobody"]


def test_only_active_people_fill_a_role(database: Database) -> None:
    with database.transaction() as session:
        for name, role, active in (("mei", "manager", True), ("max", "manager", False), ("ana", "engineer", True)):
            session.add(make_person(name, role=role, active=active))
    with database.reading() as session:
        assert [row.id for row in people.of_role(session, ["manager"])] == ["mei"]


def test_only_an_active_customer_has_its_channel(database: Database) -> None:
    with database.transaction() as session:
        session.add(make_customer("acme", channel="C0ACME"))
        gone = make_customer("globex", channel="C0GLOBEX")
        gone.active = False
        session.add(gone)
    with database.reading() as session:
        acme = people.customer_of_channel(session, "C0ACME")
        assert acme is not None
        assert acme.id == "acme"
        assert people.customer_of_channel(session, "C0GLOBEX") is None
        assert [row.id for row in people.customers(session)] == ["acme", "globex"]


def test_teams_levels_and_duties_keep_their_order(database: Database) -> None:
    with database.transaction() as session:
        for position, person in enumerate(("bo", "ana")):
            session.add(TeamMember(team="first-line", position=position, person_id=person))
        for position, target in enumerate(("team:first-line", "person:vic")):
            session.add(LevelTarget(level=2, position=position, target=target))
        session.add(LevelTarget(level=1, position=0, target="rotation:first-line"))
        session.add(Duty(id="squad_lead", target="bo"))
        session.add(
            Rotation(id="first-line", order=["ana"], every="1 week", handoff="Mon 09:00", timezone="UTC", start="x")
        )
    with database.reading() as session:
        assert people.teams(session) == {"first-line": ["bo", "ana"]}
        assert people.level(session, 2) == ["team:first-line", "person:vic"]
        assert people.levels(session) == {1: ["rotation:first-line"], 2: ["team:first-line", "person:vic"]}
        assert people.duties(session) == {"squad_lead": "bo"}
        assert [row.id for row in people.rotations(session)] == ["first-line"]


def test_overrides_count_where_they_touch_the_span(database: Database) -> None:
    hour = timedelta(hours=1)
    with database.transaction() as session:
        for person, begin, end in (("past", -2, 0), ("now", -1, 1), ("soon", 1, 2), ("later", 2, 3)):
            starts_at, ends_at = NINE + begin * hour, NINE + end * hour
            session.add(
                Override(rotation="first-line", person_id=person, by="person:mei", starts_at=starts_at, ends_at=ends_at)
            )
    with database.reading() as session:
        found = rota.overrides(session, begin=NINE, end=NINE + 2 * hour)
        assert [row.person_id for row in found] == ["now", "soon"]
