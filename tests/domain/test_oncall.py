"""Somebody is always on call, and hands over where the wall clock says."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import oncall
from bot.domain.oncall import Handoff, Override, Roster, Rotation

ZONES = (
    "UTC",
    "Europe/Lisbon",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Africa/Cairo",
    "America/Santiago",
    "Asia/Kathmandu",
    "Africa/Casablanca",
)


def first_line(
    *,
    order: tuple[str, ...] = ("ana", "bo"),
    every: timedelta = timedelta(weeks=1),
    handoff: Handoff = Handoff(time(9), 0),  # noqa: B008 - a frozen value
    zone: str = "Europe/Lisbon",
) -> Rotation:
    return Rotation("first-line", order, every, handoff, zone, date(2026, 1, 5))


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_ana_holds_the_first_week_and_bo_the_second() -> None:
    rotation = first_line()
    assert oncall.on_call(rotation, at("2026-01-05T09:00")) == "ana"
    assert oncall.on_call(rotation, at("2026-01-12T08:59:59")) == "ana"
    assert oncall.on_call(rotation, at("2026-01-12T09:00")) == "bo"
    assert oncall.next_handoff(rotation, at("2026-01-06T00:00")) == at("2026-01-12T09:00")


def test_before_the_first_hand_off_the_first_in_the_order_is_on_call_already() -> None:
    assert oncall.on_call(first_line(), at("2025-12-01T00:00")) == "ana"
    assert oncall.next_handoff(first_line(), at("2025-12-01T00:00")) == at("2026-01-12T09:00")


def test_the_hand_off_stays_at_nine_by_the_wall_clock_when_summer_time_begins() -> None:
    turn = oncall.turn_at(first_line(), at("2026-03-30T12:00"))
    assert turn.starts_at == at("2026-03-30T08:00")
    assert turn.starts_at.astimezone(ZoneInfo("Europe/Lisbon")).hour == 9


def test_a_hand_off_that_the_clocks_jump_over_falls_on_the_jump() -> None:
    rotation = first_line(every=timedelta(days=1), handoff=Handoff(time(1, 30)))
    assert oncall.turn_at(rotation, at("2026-03-29T12:00")).starts_at == at("2026-03-29T01:00")


def test_a_hand_off_that_the_clock_shows_twice_falls_on_the_first() -> None:
    rotation = first_line(every=timedelta(days=1), handoff=Handoff(time(1, 30)))
    assert oncall.turn_at(rotation, at("2026-10-25T12:00")).starts_at == at("2026-10-25T00:30")


def test_an_override_takes_over_and_gives_back() -> None:
    swap = Override("first-line", "kai", at("2026-01-06T18:00"), at("2026-01-07T06:00"))
    rotation = first_line()
    assert oncall.on_call(rotation, at("2026-01-06T17:59"), [swap]) == "ana"
    assert oncall.on_call(rotation, at("2026-01-06T18:00"), [swap]) == "kai"
    assert oncall.on_call(rotation, at("2026-01-07T06:00"), [swap]) == "ana"
    people = [turn.person for turn in oncall.turns(rotation, at("2026-01-05T09:00"), at("2026-01-13T00:00"), [swap])]
    assert people == ["ana", "kai", "ana", "bo"]
    assert oncall.next_handoff(rotation, at("2026-01-06T00:00"), [swap]) == swap.starts_at


def test_of_two_overrides_at_once_the_later_one_wins_and_other_rotations_do_not_count() -> None:
    span = (at("2026-01-06T18:00"), at("2026-01-07T06:00"))
    both = [Override("first-line", "kai", *span), Override("first-line", "mei", *span), Override("other", "vic", *span)]
    assert oncall.on_call(first_line(), at("2026-01-06T20:00"), both) == "mei"


def test_one_person_alone_never_hands_over() -> None:
    assert oncall.next_handoff(first_line(order=("ana",)), at("2026-01-06T00:00")) is None


@pytest.mark.parametrize("text", ["", "noon", "Mon", "Mon 25:00", "Someday 09:00", "9", "Mon 09:60"])
def test_a_hand_off_that_means_nothing_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="allowed are a time"):
        oncall.parse_handoff(text)


def test_a_hand_off_is_read_and_said_alike() -> None:
    assert [str(oncall.parse_handoff(text)) for text in ("Mon 09:00", "9:05")] == ["Mon 09:00", "09:05"]


def test_a_rotation_of_nobody_or_of_minutes_is_refused() -> None:
    with pytest.raises(ValueError, match="names nobody"):
        first_line(order=())
    with pytest.raises(ValueError, match="between an hour and a year"):
        first_line(every=timedelta(minutes=5))


@given(
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    minute=st.sampled_from((0, 15, 30, 45)),
    every=st.sampled_from((timedelta(hours=8), timedelta(hours=12), timedelta(days=1), timedelta(weeks=1))),
    since=st.datetimes(datetime(2025, 12, 1), datetime(2027, 12, 1)),  # noqa: DTZ001 - made aware below
)
def test_over_every_clock_change_turns_follow_each_other_without_gap_and_hand_over_at_the_wall_clocks_hour(
    zone: str, hour: int, minute: int, every: timedelta, since: datetime
) -> None:
    rotation = first_line(order=("ana", "bo", "kai"), every=every, handoff=Handoff(time(hour, minute)), zone=zone)
    start = since.replace(tzinfo=UTC)
    found = list(oncall.turns(rotation, start, start + timedelta(days=30)))
    assert found[0].starts_at <= start
    assert found[-1].ends_at >= start + timedelta(days=30)
    for before, after in itertools.pairwise(found):
        assert before.ends_at == after.starts_at
        assert before.starts_at < before.ends_at
        local = after.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        planned = datetime.combine(local.date(), time(hour, minute))
        distance = (local - planned) % every
        jumped = oncall.at_wall_clock(local - distance, ZoneInfo(zone)) == after.starts_at
        assert distance == timedelta(0) or jumped
    for turn in found:
        assert oncall.on_call(rotation, turn.starts_at) == turn.person
        assert oncall.on_call(rotation, turn.ends_at - timedelta(microseconds=1)) == turn.person


ROSTER = Roster(
    active=frozenset({"ana", "bo", "kai", "vic"}),
    teams={"technical": ("bo", "gone", "kai")},
    rotations={"first-line": first_line()},
    duties={"commander": "rotation:first-line", "boss": "vic", "loop": "duty:loop"},
)
MONDAY = at("2026-01-05T10:00")


@pytest.mark.req("PG-3")
@pytest.mark.parametrize(
    ("targets", "people"),
    [
        (["rotation:first-line"], ("ana",)),
        (["team:technical"], ("bo", "kai")),
        (["person:vic", "vic"], ("vic",)),
        (["duty:commander", "duty:boss"], ("ana", "vic")),
        (["team:nowhere", "rotation:nowhere", "person:gone", "duty:none", "duty:loop"], ()),
        (["rotation:first-line", "team:technical", "person:ana"], ("ana", "bo", "kai")),
    ],
)
def test_a_target_is_the_active_people_behind_it_in_order_and_each_once(
    targets: list[str], people: tuple[str, ...]
) -> None:
    assert oncall.people_for(targets, ROSTER, now=MONDAY) == people


@pytest.mark.req("PG-3")
def test_when_the_one_on_call_has_left_the_next_of_the_order_is_asked() -> None:
    without_ana = Roster(active=frozenset({"bo"}), rotations=ROSTER.rotations)
    assert oncall.people_for(["rotation:first-line"], without_ana, now=MONDAY) == ("bo",)


def test_a_target_of_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="rotation:"):
        oncall.parse_pointer("group:x")
