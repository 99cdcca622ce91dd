"""Hours of rotations come in with the directory, go out as they came, and are refused where they mean nothing."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app.local import DIRECTORY
from bot.domain.directory import Directory
from bot.handbook.directory import directory_text, parse_directory
from bot.handbook.errors import HandbookError
from bot.services import directory, oncall
from bot.services.desk import Work
from bot.store import deadlines
from tests.make import NINE
from tests.services.office import Office

NIGHTS = """rotations:
  nights: {order: [kai, bo], every: 1 week, handoff: "18:00", timezone: Europe/Lisbon, start: 2026-01-05,
           restrict: "Mon-Fri 18:00-08:00; Sat-Sun 00:00-24:00", only: {bo: "Sat-Sun 00:00-24:00"}}
"""


def read(change: Callable[[str], str] = str) -> Directory:
    text = Path(DIRECTORY).read_text("utf-8").replace("rotations:\n", NIGHTS)
    return parse_directory(change(text.replace("1: [rotation:first-line]", "1: [rotation:nights]")), "directory.yml")


def apply(office: Office, wanted: Directory) -> None:
    with office.db.transaction() as session:
        directory.apply(Work(office.desk, session), wanted, by="test", now=office.now)


@pytest.mark.req("PG-3")
def test_hours_of_a_rotation_take_effect_and_read_back(office: Office) -> None:
    apply(office, read())
    with office.db.reading() as session:
        assert parse_directory(directory_text(directory.exported(session)), "export.yml") == read()
        night = oncall.people_of_level(session, 1, now=NINE + timedelta(hours=10))
        assert [person.id for person in night] == ["kai"]
        weekday_of_bo = oncall.people_of_level(session, 1, now=NINE + timedelta(days=8, hours=10))
        assert [person.id for person in weekday_of_bo] == ["kai"]
        weekend_of_bo = oncall.people_of_level(session, 1, now=NINE + timedelta(days=12, hours=10))
        assert [person.id for person in weekend_of_bo] == ["bo"]


def test_a_changed_directory_tells_who_is_on_call_now_and_arms_the_next_hand_off(office: Office) -> None:
    apply(office, read())
    assert "you are on call for Initial response" in office.said(to="kai")[0]
    assert "you are off Initial response" in office.said(to="ana")[0]
    with office.db.reading() as session:
        assert deadlines.due_of(session, kind="handoff", subject="rotation:first-line") == NINE + timedelta(days=7)
        assert deadlines.due_of(session, kind="handoff", subject="level:1") is not None


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("Mon-Fri 18:00-08:00; Sat", "never; Sat", r"rotations\.nights\.restrict: 'never' names no hours"),
        ('{bo: "Sat-Sun 00:00-24:00"}', '{bo: "noon"}', r"rotations\.nights\.only: 'noon' names no hours"),
        ("only: {bo:", "only: {ana:", r"rotations\.nights\.only: .*ana, who is not in its order"),
        ('handoff: "18:00"', 'handoff: "late"', r"rotations\.nights\.handoff: 'late' is no hand-off"),
    ],
)
def test_hours_that_mean_nothing_are_refused_at_their_key(old: str, new: str, fault: str) -> None:
    with pytest.raises(HandbookError, match=fault):
        read(lambda text: text.replace(old, new))
