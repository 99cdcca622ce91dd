"""Does a drill page those who are on call for real, and report who answered, by what, and how fast?"""

from dataclasses import replace

import pytest
from sqlmodel import select

from bot.domain.errors import BadInput, NotAllowed
from bot.domain.signed_link import Links
from bot.services import drill, elsewhere
from bot.services.desk import Work
from bot.store.database import Database
from bot.store.drill_tables import DrillPage
from bot.store.tables import OutboxRow, Person
from tests.services.office import Office


@pytest.fixture
def office(database: Database) -> Office:
    """The desk on each kind of database."""
    return Office(database)


def page_of(office: Office, person: str) -> str:
    with office.db.reading() as session:
        return session.exec(select(DrillPage.id).where(DrillPage.person_id == person)).one()


def reports(office: Office, to: str = "C0OPS") -> list[str]:
    return [said for said in office.said(to=to) if " answered: " in said]


@pytest.mark.req("PG-3")
def test_a_drill_pages_whoever_is_on_call_and_reports_when_all_have_answered(office: Office) -> None:
    told = office.does("mei", drill.begin, words="2")
    assert "I page Bo Berg and Kai Sato now" in told.text
    assert "Nothing is wrong" in office.said(to="bo")[-1]
    office.passes(minutes=2)
    office.does("bo", drill.answer, page=page_of(office, "bo"))
    assert reports(office) == []
    office.passes(minutes=1)
    office.does("kai", drill.answer, page=page_of(office, "kai"))
    (report,) = reports(office)
    assert "2 of 2 answered" in report
    assert "Bo Berg answered after 2 minutes, by Slack." in report
    assert "Kai Sato answered after 3 minutes, by Slack." in report
    assert reports(office, "mei") == [report]
    office.passes(minutes=20)
    assert len(reports(office)) == 1


@pytest.mark.req("PG-3")
def test_who_does_not_answer_is_named_after_a_quarter_of_an_hour(office: Office) -> None:
    office.does("vic", drill.begin)
    office.passes(minutes=14)
    assert reports(office) == []
    office.passes(minutes=1)
    (report,) = reports(office)
    assert "0 of 1 answered: Ana Lima did not answer." in report


@pytest.mark.req("PG-3")
def test_a_contact_carries_a_link_and_the_report_says_by_what_it_was_answered(office: Office) -> None:
    links = Links("https://desk.test", b"0123456789abcdef")
    office.desk = replace(office.desk, links=links)
    with office.db.transaction() as session:
        session.get_one(Person, "ana").contacts = ["mailto://ana:secret@mail.test"]
    office.does("mei", drill.begin)
    with office.db.reading() as session:
        (mail,) = session.exec(select(OutboxRow).where(OutboxRow.op == "notify")).all()
    token = next(word for word in mail.payload["body"].split() if "/drill/" in word).rpartition("/")[2]
    with office.db.reading() as session:
        asked = elsewhere.behind(Work(office.desk, session), purpose="drill", token=token, now=office.now)
    assert (asked.person, asked.button) == ("Ana Lima", "I am here")
    office.desk.do(elsewhere.confirm, purpose="drill", token=token, now=office.now)
    office.delivers()
    (report,) = reports(office)
    assert "by mailto" in report


def test_all_levels_can_be_called_and_each_person_is_called_once(office: Office) -> None:
    office.does("mei", drill.begin, words="all")
    assert [len(office.said(to=who)) for who in ("ana", "bo", "kai", "vic")] == [1, 1, 1, 1]


def test_answering_twice_is_harmless(office: Office) -> None:
    office.does("mei", drill.begin)
    office.does("ana", drill.answer, page=page_of(office, "ana"))
    again = office.does("ana", drill.answer, page=page_of(office, "ana"))
    assert "already" in again.text
    assert len(reports(office)) == 1


@pytest.mark.parametrize("words", ["9", "everyone"])
def test_a_level_that_is_not_there_is_refused(office: Office, words: str) -> None:
    with pytest.raises(BadInput, match="no level"):
        office.does("mei", drill.begin, words=words)


def test_an_engineer_cannot_start_a_drill(office: Office) -> None:
    with pytest.raises(NotAllowed, match="start a paging drill"):
        office.does("ana", drill.begin)


def test_a_second_drill_while_one_asks_the_same_people_pages_nobody_and_says_so(office: Office) -> None:
    office.does("mei", drill.begin, words="2")
    pages = len(office.said(to="bo"))
    with pytest.raises(BadInput) as refused:
        office.does("vic", drill.begin, words="all")
    assert "A drill of Mei Tan asks Bo Berg and Kai Sato already" in refused.value.sentence
    office.does("vic", drill.begin)
    assert (len(office.said(to="bo")), len(reports(office))) == (pages, 0)

    office.passes(minutes=15)
    office.does("mei", drill.begin, words="2")
    assert len(office.said(to="bo")) == pages + 1
