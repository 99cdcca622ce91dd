"""Is it noticed, before it matters, that a page would not arrive?"""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.message import Kind
from bot.handbook.loader import load
from bot.services import asking, reachability, rebase, rota_change
from bot.services.desk import Work
from bot.store import deadlines
from bot.store.tables import LevelTarget, Person
from tests.services.office import Office


@dataclass
class Asked:
    """A probe that finds what the test planted."""

    people: dict[str, str] = field(default_factory=dict)
    contacts: dict[str, str] = field(default_factory=dict)

    def person(self, slack: str) -> str:
        return self.people.get(slack, "")

    def contact(self, url: str) -> str:
        return self.contacts.get(url, "")


def ask(office: Office, probe: Asked) -> list[str]:
    """Somebody wants to know, and it is looked; what was found wrong."""
    with office.db.transaction() as session:
        asking.want(session, now=office.now)
    with office.db.reading() as session:
        asked = asking.wanted(session)
    assert asked
    found = reachability.answer(office.desk, probe, asked=asked, now=office.now)
    office.delivers()
    office.now += timedelta(minutes=1)
    return [str(each) for each in found if not each.well]


def wanted(office: Office) -> str | None:
    with office.db.reading() as session:
        return asking.wanted(session)


def told(office: Office) -> list[str]:
    return office.said(to="C0OPS")


def test_applying_a_directory_wants_it_known(office: Office) -> None:
    assert wanted(office)


def test_every_change_of_the_rota_wants_it_known(office: Office) -> None:
    ask(office, Asked())
    assert wanted(office) is None
    with office.db.transaction() as session:
        rota_change.happened(Work(office.desk, session), now=office.now)
    assert wanted(office)


def test_another_version_of_a_handbook_wants_it_known_and_tells_of_a_level_that_is_new_to_the_directory(
    office: Office, tmp_path: Path
) -> None:
    ask(office, Asked())
    file = tmp_path / "enterprise.yml"
    board = "{5: {name: Board, acknowledge_within: 15 minutes}}"
    file.write_text(f"extends: enterprise\nname: enterprise\nescalation: {{levels: {board}}}\n")

    with office.db.transaction() as session:
        rebase.apply(Work(office.desk, session), load(str(file)), by="operator", now=office.now)
    asked = wanted(office)
    assert asked
    reachability.answer(office.desk, Asked(), asked=asked, now=office.now)
    (message,) = told(office)
    assert "level 5 (Board): nobody can be paged" in message

    office.now += timedelta(minutes=1)
    again = Office(office.db, handbook=load(str(file)), now=office.now)
    ask(again, Asked())
    with office.db.transaction() as session:
        again.desk.handbooks.begin(session, now=office.now)
    assert wanted(office) is None


@pytest.mark.req("PG-3")
def test_where_all_is_well_nobody_is_told(office: Office) -> None:
    assert ask(office, Asked()) == []
    assert told(office) == []
    with office.db.reading() as session:
        assert asking.wanted(session) is None


@pytest.mark.req("PG-3")
def test_everything_wrong_is_told_to_operations_in_one_message(office: Office) -> None:
    secret = "mailto://ana:hunter2@mail.test"
    with office.db.transaction() as session:
        session.get_one(Person, "ana").contacts = ["json://desk.test/", secret]
        session.delete(session.get_one(LevelTarget, (3, 0)))
    probe = Asked({"U0BO": "deactivated in Slack"}, {secret: "is no address that Apprise understands"})
    assert len(ask(office, probe)) == 3
    (message,) = told(office)
    assert "Bo Berg: deactivated in Slack" in message
    assert "contact 2 of Ana Lima: the mailto address is no address that Apprise understands" in message
    assert "level 3" in message
    assert "nobody can be paged" in message
    assert "hunter2" not in message


def test_it_is_told_each_night_while_something_is_wrong_and_once_when_it_is_not(office: Office) -> None:
    broken = Asked({"U0BO": "deactivated in Slack"})
    ask(office, broken)
    ask(office, broken)
    assert len(office.said(kind=Kind.ALARM, to="C0OPS")) == 1
    office.now += timedelta(days=1)
    ask(office, broken)
    assert len(office.said(kind=Kind.ALARM, to="C0OPS")) == 2
    ask(office, Asked())
    ask(office, Asked())
    assert len(told(office)) == 3
    assert "Everybody can be paged again" in told(office)[-1]


@pytest.mark.req("PG-3")
def test_a_level_whose_only_person_left_is_a_gap(office: Office) -> None:
    with office.db.transaction() as session:
        session.get_one(Person, "vic").active = False
    assert [each for each in ask(office, Asked()) if "level 4" in each]


def test_it_is_asked_each_night(office: Office) -> None:
    with office.db.transaction() as session:
        reachability.arm(Work(office.desk, session), now=office.now)
        first = deadlines.due_of(session, kind=reachability.DEADLINE, subject="all")
    assert first is not None
    assert office.now < first <= office.now + timedelta(days=1)
    ask(office, Asked())
    office.passes(days=1)
    with office.db.reading() as session:
        assert asking.wanted(session)
        second = deadlines.due_of(session, kind=reachability.DEADLINE, subject="all")
        assert second == first + timedelta(days=1)


def test_what_two_processes_find_is_told_once(office: Office) -> None:
    with office.db.reading() as session:
        asked = asking.wanted(session)
    assert asked
    for _ in range(2):
        reachability.answer(office.desk, Asked({"U0BO": "gone"}), asked=asked, now=office.now)
    assert len(told(office)) == 1
