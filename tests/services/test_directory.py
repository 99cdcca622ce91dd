"""A directory file becomes rows once, says what it changes, and comes out again as it went in."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.directory import Directory
from bot.domain.errors import BadInput, NotAllowed
from bot.domain.people import Role
from bot.handbook.directory import LoadedDirectory, directory_text, load_directory, parse_directory
from bot.handbook.loader import load
from bot.messages.check import load as load_templates
from bot.services import directory, oncall, stand_in, whois
from bot.services.desk import Desk, Work
from bot.services.handbooks import Handbooks
from bot.store import people, trail, watch
from bot.store.database import Database
from tests.make import NINE, token

FILE = Path("bot/sandbox/directory.yml")


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(
        db=database, handbooks=Handbooks(load("enterprise")), catalog=load_templates(), token=token, bot_user="U0BELL",
        workspace="T0WATCH",
    )  # fmt: skip


def read(change: Callable[[str], str] = str) -> Directory:
    return parse_directory(change(FILE.read_text("utf-8")), "directory.yml")


def applied(desk: Desk, wanted: Directory) -> list[str]:
    with desk.db.transaction() as session:
        return [str(change) for change in directory.apply(Work(desk, session), wanted, by="person:vic", now=NINE)]


def test_the_local_workspaces_directory_is_whole() -> None:
    tiers = directory.tiers_of({None: load("enterprise").handbook})
    assert load_directory(str(FILE), tiers=tiers).directory.customers["acme"].tier == "enterprise"


def test_applying_twice_changes_nothing_the_second_time(desk: Desk) -> None:
    said = applied(desk, read())
    assert "person ana: added" in said
    assert "customer acme: added" in said
    assert applied(desk, read()) == []


def test_a_dry_run_says_what_would_change_and_changes_nothing(desk: Desk) -> None:
    applied(desk, read())
    wanted = read(lambda text: text.replace("role: manager", "role: administrator"))
    with desk.db.reading() as session:
        said = [str(change) for change in directory.plan(session, wanted)]
        assert said == ["person mei: role manager -> administrator"]
        mei = people.person(session, "mei")
        assert mei is not None
        assert mei.role == "manager"


@pytest.mark.req("AU-1")
def test_each_change_is_in_the_trail_without_words_about_people(desk: Desk) -> None:
    applied(desk, read())
    applied(desk, read(lambda text: text.replace("Ana Lima", "Ana Costa")))
    with desk.db.reading() as session:
        last = trail.read(session, "directory")[-1]
        assert (last.kind, last.actor, last.facts["name"]) == ("person_changed", "person:vic", "ana")
        assert "Ana" not in str(last.facts)
        assert "Ana Costa" in last.words["name"]
        assert trail.verify(session) is None


def test_the_password_in_a_contact_is_not_said(desk: Desk) -> None:
    applied(desk, read())
    secret = 'skills: [database], contacts: ["mailto://bo:secret@mail.test"]}'
    said = applied(desk, read(lambda text: text.replace("skills: [database]}", secret)))
    assert said == ["person bo: contacts changed"]


def test_whoever_is_no_longer_in_the_file_is_nobody_but_not_forgotten(desk: Desk) -> None:
    applied(desk, read())
    said = applied(desk, read(lambda text: "\n".join(line for line in text.splitlines() if "dee:" not in line)))
    assert said == ["person dee: removed"]
    with desk.db.reading() as session:
        assert whois.find(session, workspace="T0ACME", user="U0DEE", channel="C0ACME").role is Role.NOBODY
        assert people.person(session, "dee") is not None


def test_an_account_and_a_channel_can_pass_to_another_name(desk: Desk) -> None:
    applied(desk, read())
    renamed = read(lambda text: text.replace("globex:", "gx:").replace("gil:", "gilles:"))
    assert "customer gx: added" in applied(desk, renamed)
    assert applied(desk, renamed) == []
    with desk.db.reading() as session:
        actor = whois.find(session, workspace="T0GLOBEX", user="U0GIL", channel="C0GLOBEX")
        assert (actor.person, actor.customer) == ("gilles", "gx")
    assert "person gil: added" in applied(desk, read())


def test_what_is_exported_reads_back_as_what_is_there(desk: Desk) -> None:
    applied(desk, read())
    with desk.db.reading() as session:
        text = directory_text(directory.exported(session))
        again = parse_directory(text, "export.yml")
        assert directory.plan(session, again) == ()
    assert again == read()


def test_a_file_is_applied_at_a_start_only_where_its_content_changed(desk: Desk) -> None:
    loaded = LoadedDirectory(read(), "hash", "directory.yml")
    with desk.db.transaction() as session:
        assert directory.apply_file(Work(desk, session), loaded, now=NINE)
    with desk.db.transaction() as session:
        ana = people.person(session, "ana")
        assert ana is not None
        ana.role = "manager"
    with desk.db.transaction() as session:
        assert directory.apply_file(Work(desk, session), loaded, now=NINE) is None


def test_every_channel_of_the_directory_is_watched_and_customers_are_external(desk: Desk) -> None:
    applied(desk, read())
    with desk.db.reading() as session:
        found = {row.channel: row.external for row in watch.watched(session)}
    assert found == {"C0ACME": True, "C0GLOBEX": True, "C0FERN": True, "C0TRIAGE": False, "C0OPS": False}


@pytest.mark.parametrize(
    ("workspace", "user", "channel", "role"),
    [
        ("", "U0ANA", "C0ACME", Role.ENGINEER),
        ("T0ACME", "U0CY", None, Role.CUSTOMER_MANAGER),
        ("T0ACME", "U0NEW", "C0ACME", Role.CUSTOMER),
        ("T0ACME", "U0NEW", "C0TRIAGE", Role.NOBODY),
        ("T0ACME", "U0NEW", None, Role.NOBODY),
        ("", "U0UNA", "C0ACME", Role.NOBODY),
        ("T0ACME", "U0ANA", "C0TRIAGE", Role.NOBODY),
    ],
)
def test_who_somebody_is(desk: Desk, workspace: str, user: str, channel: str | None, role: Role) -> None:
    applied(desk, read())
    with desk.db.reading() as session:
        assert whois.find(session, workspace=workspace, user=user, channel=channel).role is role


@pytest.mark.req("PG-3")
@pytest.mark.parametrize(
    ("level", "days", "found"), [(1, 0, ["ana"]), (1, 7, ["bo"]), (2, 0, ["bo", "kai"]), (4, 0, ["vic"]), (9, 0, [])]
)
def test_whom_a_level_pages(desk: Desk, level: int, days: int, found: list[str]) -> None:
    applied(desk, read())
    with desk.db.reading() as session:
        now = NINE + timedelta(days=days)
        assert [person.id for person in oncall.people_of_level(session, level, now=now)] == found


def test_a_duty_is_held_by_whoever_is_on_call_for_it(desk: Desk) -> None:
    applied(desk, read())
    with desk.db.reading() as session:
        found = oncall.people_of_duty(session, "incident_commander", now=NINE)
        assert [person.id for person in found] == ["ana"]


@pytest.mark.req("PG-3")
def test_an_override_takes_over_and_is_in_the_trail(desk: Desk) -> None:
    applied(desk, read())
    with desk.db.transaction() as session:
        work = Work(desk, session)
        mei = whois.find(session, workspace="", user="U0MEI", channel=None)
        said = stand_in.override(work, actor=mei, person="U0KAI", words="from 10:00 to Tue 09:00", now=NINE)
        assert "Kai Sato stands in for first-line" in said.text
        at = NINE + timedelta(hours=2)
        assert [person.id for person in oncall.people_of_level(session, 1, now=at)] == ["kai"]
        assert trail.read(session, "directory")[-1].kind == "override_added"


@pytest.mark.parametrize(
    ("who", "person", "words", "problem"),
    [
        ("U0ANA", "U0KAI", "10:00 12:00", "not_allowed"),
        ("U0MEI", "U0CY", "10:00 12:00", "no_colleague"),
        ("U0MEI", "U0KAI", "10:00", "from when and to when"),
        ("U0MEI", "U0KAI", "10:00 12:00 second-line", "unknown_rotation"),
        ("U0MEI", "U0KAI", "2025-01-01 2025-01-02", "over already"),
        ("U0MEI", "U0KAI", "2026-02-01 2026-01-31", "ends before|end before"),
        ("U0MEI", "U0KAI", "now 2027-01-31", "At most 90 days"),
    ],
)
def test_an_override_that_cannot_be_is_refused_in_one_sentence(
    desk: Desk, who: str, person: str, words: str, problem: str
) -> None:
    applied(desk, read())
    with desk.db.transaction() as session:
        actor = whois.find(session, workspace="", user=who, channel=None)
        with pytest.raises((BadInput, NotAllowed), match=problem):
            stand_in.override(Work(desk, session), actor=actor, person=person, words=words, now=NINE)
