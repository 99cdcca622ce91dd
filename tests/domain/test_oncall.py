"""Turns follow each other without a gap, and hand over where the wall clock says."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import oncall
from bot.domain.oncall import Handoff, Rotation
from tests.domain.rota import ZONES, at, first_line


def test_ana_holds_the_first_week_and_bo_the_second() -> None:
    rotation = first_line()
    assert oncall.turn_at(rotation, at("2026-01-05T09:00")).person == "ana"
    assert oncall.turn_at(rotation, at("2026-01-12T08:59:59")).person == "ana"
    assert oncall.turn_at(rotation, at("2026-01-12T09:00")).person == "bo"
    assert oncall.turn_at(rotation, at("2026-01-06T00:00")).ends_at == at("2026-01-12T09:00")


def test_before_the_first_hand_off_the_first_in_the_order_is_on_call_already() -> None:
    assert oncall.turn_at(first_line(), at("2025-12-01T00:00")).person == "ana"
    assert oncall.turn_at(first_line(), at("2026-01-05T08:59")).person == "ana"


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


@pytest.mark.parametrize("text", ["", "noon", "Mon", "Mon 25:00", "Someday 09:00", "9", "Mon 09:60"])
def test_a_hand_off_that_means_nothing_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="allowed are a time"):
        oncall.parse_handoff(text)


def test_a_hand_off_is_read_and_said_alike() -> None:
    assert [str(oncall.parse_handoff(text)) for text in ("Mon 09:00", "9:05")] == ["Mon 09:00", "09:05"]


def test_a_rotation_of_nobody_or_of_minutes_or_with_a_place_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="names nobody"):
        first_line(order=())
    with pytest.raises(ValueError, match="between an hour and a year"):
        first_line(every=timedelta(minutes=5))
    with pytest.raises(ValueError, match="names kai, who is not in its order"):
        Rotation.parse(
            name="x", order=["ana"], every="1 week", handoff="09:00", zone="UTC", start=date(2026, 1, 5),
            only={"kai": "Mon 09:00-17:00"},
        )  # fmt: skip


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
        assert oncall.turn_at(rotation, turn.starts_at).person == turn.person
        assert oncall.turn_at(rotation, turn.ends_at - timedelta(microseconds=1)).person == turn.person
