"""Hand-offs are told once, changes of on-call take effect and can be taken back, and home tabs follow."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.domain.errors import BadInput, NotAllowed
from bot.domain.message import Kind
from bot.domain.oncall import Change
from bot.services import home, oncall, rota_change, stand_in
from bot.services.desk import Work
from bot.store import deadlines, people, trail
from bot.store.tables import OutboxRow
from tests.make import NINE
from tests.services.office import Office

WEEK = timedelta(days=7)


def told(office: Office, name: str) -> list[str]:
    return [text for text in office.said(kind=Kind.NOTICE, to=name) if text.startswith("Hand-off")]


def on_call(office: Office) -> list[str]:
    with office.db.reading() as session:
        return [person.id for person in oncall.people_of_level(session, 1, now=office.now)]


def home_of(office: Office, user: str) -> str:
    """What somebody's home tab shows last."""
    with office.db.reading() as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.op == "home").order_by(col(OutboxRow.seq)))
        shown = [row.payload["view"] for row in rows if row.payload["user"] == user]
    return str(shown[-1])


def looks(office: Office, user: str, workspace: str = "") -> str:
    with office.db.transaction() as session:
        home.opened(Work(office.desk, session), user=user, workspace=workspace, now=office.now)
    return home_of(office, user)


def test_a_turn_that_outlasts_what_the_home_tab_shows_is_given_no_end(office: Office) -> None:
    office.now = NINE + timedelta(hours=2)
    shown = looks(office, "U0ANA")

    assert "from Mon 19 Jan 09:00 WET on" in shown
    assert "20 Jan" not in shown


@pytest.mark.req("PG-3")
def test_at_a_hand_off_who_leaves_and_who_comes_are_told_once_with_what_is_open(office: Office) -> None:
    office.now = NINE + WEEK - timedelta(minutes=1)
    first = office.opens("sev3 Slow report")
    second = office.opens("sev2 Login fails")
    assert told(office, "ana") == []
    office.passes(minutes=2)
    (leaving,), (coming,) = told(office, "ana"), told(office, "bo")
    assert "you are off Initial response" in leaving
    assert "Bo Berg has it now" in leaving
    assert "you are on call for Initial response now, until" in coming
    assert f"2 open tickets, the most urgent {second}" in coming
    with office.db.reading() as session:
        body = str([row.payload for row in session.exec(select(OutboxRow).where(OutboxRow.lane == "@U0BO"))])
    assert body.index(second) < body.rindex(first)
    assert "You take over from Ana Lima" in body
    office.passes(minutes=10)
    assert (len(told(office, "ana")), len(told(office, "bo"))) == (1, 1)


@pytest.mark.req("PG-3")
def test_after_the_desk_was_away_a_hand_off_is_told_once_and_late(office: Office) -> None:
    office.now = NINE + WEEK + timedelta(hours=5)
    office.passes(seconds=1)
    assert (len(told(office, "ana")), len(told(office, "bo"))) == (1, 1)
    with office.db.reading() as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.lane == "@U0BO"))
        assert "The hand-off was at 10:00 CET; this message is late." in str([row.payload for row in rows])


@pytest.mark.req("PG-3")
def test_a_start_after_a_missed_hand_off_leaves_it_to_be_told_once_and_late(office: Office) -> None:
    office.now = NINE + WEEK + timedelta(hours=5)
    with office.db.transaction() as session:
        rota_change.happened(Work(office.desk, session), now=office.now)
    office.passes(seconds=1)
    assert (len(told(office, "ana")), len(told(office, "bo"))) == (1, 1)
    with office.db.reading() as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.lane == "@U0BO"))
        assert "this message is late" in str([row.payload for row in rows])


def test_two_hand_offs_while_the_desk_was_away_change_nothing_and_are_not_told(office: Office) -> None:
    office.now = NINE + 2 * WEEK + timedelta(hours=5)
    office.passes(seconds=1)
    assert told(office, "ana") == told(office, "bo") == []
    with office.db.reading() as session:
        assert deadlines.due_of(session, kind="handoff", subject="level:1") == NINE + 3 * WEEK


@pytest.mark.req("PG-3")
def test_whoever_stands_in_is_told_when_it_begins_and_when_it_ends(office: Office) -> None:
    office.does("mei", stand_in.override, person="U0KAI", words="10:00 12:00")
    assert told(office, "kai") == []
    office.passes(hours=1, seconds=1)
    assert on_call(office) == ["kai"]
    assert (len(told(office, "ana")), len(told(office, "kai"))) == (1, 1)
    office.passes(hours=2)
    assert on_call(office) == ["ana"]
    assert (len(told(office, "ana")), len(told(office, "kai"))) == (2, 2)


def test_a_change_that_begins_now_is_told_at_once_and_not_again_by_the_clock(office: Office) -> None:
    office.does("mei", stand_in.override, person="U0BO", words="now 12:00")
    assert len(told(office, "bo")) == 1
    with office.db.transaction() as session:
        rota_change.happened(Work(office.desk, session), now=office.now)
    office.passes(hours=1)
    assert len(told(office, "bo")) == 1


@pytest.mark.req("PG-3")
@pytest.mark.parametrize(
    ("change", "people_now"), [(Change.ADD, ["ana", "kai"]), (Change.REPLACE, ["kai"]), (Change.REMOVE, ["ana"])]
)
def test_people_are_added_replaced_and_taken_off(office: Office, change: Change, people_now: list[str]) -> None:
    office.does("mei", stand_in.override, person="U0KAI", words="now 12:00", change=change)
    assert on_call(office) == people_now


@pytest.mark.req("PG-3")
def test_whoever_says_that_they_are_away_passes_their_turn_on_and_may_take_it_back(office: Office) -> None:
    said = office.does("ana", stand_in.absent, words="now tomorrow 09:00 dentist").text
    assert "Ana Lima is away from 09:00 WET until Tue 09:00 WET; their turns pass to the next one." in said
    assert on_call(office) == ["bo"]
    with office.db.reading() as session:
        entry = trail.read(session, "directory")[-1]
    assert (entry.kind, entry.words["reason"]) == ("absence_added", "dentist")
    assert "dentist" not in str(entry.facts)
    with pytest.raises(BadInput, match="A1: Ana Lima away from 09:00 WET"):
        office.does("ana", stand_in.remove, what="")
    with pytest.raises(NotAllowed):
        office.does("bo", stand_in.remove, what="A1")
    office.does("ana", stand_in.remove, what="a1")
    assert on_call(office) == ["ana"]
    assert office.is_sound()


def test_an_absence_that_is_typed_twice_is_kept_once(office: Office) -> None:
    for words in ("now Tue 18:00", "now Tue 18:00", "12:00 Tue 09:00"):
        assert "Ana Lima is away from" in office.does("ana", stand_in.absent, words=words).text
    with pytest.raises(BadInput) as there:
        office.does("ana", stand_in.remove, what="")
    assert there.value.sentence.count("Ana Lima") == 1


def test_only_a_lead_says_that_somebody_else_is_away(office: Office) -> None:
    with pytest.raises(NotAllowed):
        office.does("bo", stand_in.absent, person="U0ANA", words="now 12:00")
    office.does("mei", stand_in.absent, person="ana", words="now 12:00")
    assert on_call(office) == ["bo"]


def test_whoever_leaves_nobody_behind_hears_so(office: Office) -> None:
    office.does("mei", stand_in.absent, person="U0BO", words="now Tue 09:00")
    said = office.does("ana", stand_in.absent, words="12:00 18:00").text
    assert "Nobody is left for first-line from 12:00 WET: let somebody stand in." in said


def test_moments_are_read_in_the_zone_of_who_says_them(office: Office) -> None:
    said = office.does("bo", stand_in.absent, words="tomorrow 09:00 tomorrow 17:00").text
    assert "from Tue 09:00 CET until Tue 17:00 CET" in said


def test_our_people_see_two_weeks_in_words_and_letters_and_a_change_draws_them_again(office: Office) -> None:
    shown = looks(office, "U0ANA")
    assert "You are on call for Initial response" in shown
    assert "A = AnaLima" not in shown
    assert "A = Ana Lima, B = Bo Berg" in shown
    assert "Mon 5" in shown
    assert "A&gt;B" in shown
    office.delivers()
    office.does("mei", stand_in.override, person="U0KAI", words="now 12:00")
    assert "Kai Sato" in home_of(office, "U0ANA")


def test_a_customers_people_see_their_own_tickets_and_nothing_of_ours(office: Office) -> None:
    ticket = office.opens("sev2 Login fails")
    office.does("mei", stand_in.override, person="U0KAI", words="now 12:00")
    shown = looks(office, "U0CY", "T0ACME")
    assert ticket in shown
    assert "Kai" not in shown
    assert "on call" not in shown.casefold()
    with office.db.reading() as session:
        row = session.exec(select(OutboxRow).where(OutboxRow.op == "home")).one()
    assert row.visibility == "customer"
    assert ticket not in looks(office, "U0GIL", "T0GLOBEX")


def test_somebody_whom_nobody_knows_reads_whom_to_ask(office: Office) -> None:
    assert "Ask an administrator" in looks(office, "U0NEW")


def test_a_level_without_a_rotation_has_no_hand_off(office: Office) -> None:
    with office.db.reading() as session:
        assert people.levels(session).keys() == {1, 2, 3, 4}
        found = [deadlines.due_of(session, kind="handoff", subject=f"level:{number}") for number in (1, 2, 3, 4)]
    assert found == [NINE + WEEK, None, None, None]
