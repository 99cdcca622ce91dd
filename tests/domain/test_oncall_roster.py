"""Somebody is on call at every moment for whom anybody is left, whatever changes the turns."""

import itertools
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain import oncall_roster
from bot.domain.oncall import Absence, Change, Handoff, Override, Rotation
from bot.domain.oncall_roster import Roster, people_for
from tests.domain.rota import CHANGING, at, clock_changes, first_line

LINE = "rotation:first-line"
EVERYBODY = frozenset({"ana", "bo", "kai", "vic"})
ROSTER = Roster(
    active=EVERYBODY,
    teams={"technical": ("bo", "gone", "kai")},
    rotations={"first-line": first_line()},
    duties={"commander": LINE, "boss": "vic", "loop": "duty:loop"},
)
MONDAY = at("2026-01-05T10:00")
EVENING, MORNING = at("2026-01-06T18:00"), at("2026-01-07T06:00")
SECOND = timedelta(seconds=1)


def roster(
    *changes: Override | Absence, rotations: tuple[Rotation, ...] = (), active: frozenset[str] = EVERYBODY
) -> Roster:
    known = rotations or (first_line(),)
    return Roster(
        active=active,
        rotations={each.name: each for each in known},
        overrides=tuple(each for each in changes if isinstance(each, Override)),
        absences=tuple(each for each in changes if isinstance(each, Absence)),
    )


def on_call(known: Roster, moment: datetime, *targets: str) -> tuple[str, ...]:
    return people_for(targets or (LINE,), known, now=moment)


def change(person: str, kind: Change = Change.REPLACE, rotation: str = "first-line") -> Override:
    return Override(rotation, person, EVENING, MORNING, kind)


@pytest.mark.req("PG-3")
@pytest.mark.parametrize(
    ("targets", "people"),
    [
        ([LINE], ("ana",)),
        (["team:technical"], ("bo", "kai")),
        (["person:vic", "vic"], ("vic",)),
        (["duty:commander", "duty:boss"], ("ana", "vic")),
        (["team:nowhere", "rotation:nowhere", "person:gone", "duty:none", "duty:loop"], ()),
        ([LINE, "team:technical", "person:ana"], ("ana", "bo", "kai")),
    ],
)
def test_a_target_is_the_active_people_behind_it_in_order_and_each_once(
    targets: list[str], people: tuple[str, ...]
) -> None:
    assert people_for(targets, ROSTER, now=MONDAY) == people


def test_a_target_of_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="rotation:"):
        oncall_roster.parse_pointer("group:x")


@pytest.mark.req("PG-3")
def test_when_the_one_on_call_has_left_the_next_of_the_order_is_asked() -> None:
    assert on_call(roster(active=frozenset({"bo"})), MONDAY) == ("bo",)
    assert on_call(roster(active=frozenset({"vic"})), MONDAY) == ()


@pytest.mark.req("PG-3")
def test_whoever_stands_in_takes_over_and_gives_back() -> None:
    known = roster(change("kai"))
    moments = (EVENING - SECOND, EVENING, MORNING - SECOND, MORNING)
    assert [on_call(known, moment) for moment in moments] == [("ana",), ("kai",), ("kai",), ("ana",)]
    found = oncall_roster.shifts([LINE], known, at("2026-01-05T09:00"), at("2026-01-13T00:00"))
    assert [shift.people[0] for shift in found] == ["ana", "kai", "ana", "bo"]


def test_of_two_who_stand_in_at_once_the_later_one_has_it_and_other_rotations_do_not_count() -> None:
    known = roster(change("kai"), change("bo"), change("vic", rotation="other"))
    assert on_call(known, EVENING) == ("bo",)


def test_one_who_is_added_is_on_call_beside_whose_turn_it_is() -> None:
    assert on_call(roster(change("kai", Change.ADD)), EVENING) == ("ana", "kai")
    assert on_call(roster(change("ana", Change.ADD)), EVENING) == ("ana",)


def test_one_who_is_taken_off_passes_the_turn_on() -> None:
    assert on_call(roster(change("ana", Change.REMOVE)), EVENING) == ("bo",)
    assert on_call(roster(change("ana", Change.REMOVE)), MORNING) == ("ana",)


@pytest.mark.req("PG-3")
def test_whoever_is_away_passes_their_turns_on_in_every_target() -> None:
    known = Roster(
        active=ROSTER.active, teams=ROSTER.teams, rotations=ROSTER.rotations,
        absences=(Absence("ana", EVENING, MORNING), Absence("bo", EVENING, MORNING - SECOND)),
    )  # fmt: skip
    assert on_call(known, EVENING) == ()
    assert on_call(known, MORNING - SECOND) == ("bo",)
    assert on_call(known, EVENING, "team:technical") == ("kai",)
    assert on_call(known, EVENING, "person:ana", "person:kai") == ("kai",)


def test_one_who_stands_in_and_is_away_too_does_not_leave_a_gap() -> None:
    assert on_call(roster(change("kai"), Absence("kai", EVENING, MORNING)), EVENING) == ("ana",)


@pytest.mark.req("PG-3")
def test_a_place_that_holds_in_the_daytime_only_passes_the_night_on() -> None:
    known = roster(rotations=(first_line(only={"ana": "Mon-Fri 08:00-18:00"}),))
    assert on_call(known, at("2026-01-05T17:59")) == ("ana",)
    assert on_call(known, at("2026-01-05T18:00")) == ("bo",)
    everybody_by_day = dict.fromkeys(("ana", "bo"), "Mon-Fri 08:00-18:00")
    assert on_call(roster(rotations=(first_line(only=everybody_by_day),)), at("2026-01-05T18:00")) == ("ana",)


NIGHTS = first_line(name="nights", order=("kai",), hours="Mon-Fri 18:00-08:00; Sat-Sun 00:00-24:00")
DAYS = first_line(name="days", hours="Mon-Fri 08:00-18:00")


@pytest.mark.req("PG-3")
@pytest.mark.parametrize(
    ("moment", "people"),
    [
        ("2026-01-05T07:59", ("kai",)),
        ("2026-01-05T08:00", ("ana",)),
        ("2026-01-05T18:00", ("kai",)),
        ("2026-01-10T12:00", ("kai",)),
        ("2026-01-13T12:00", ("bo",)),
    ],
)
def test_rotations_of_days_and_nights_share_a_level(moment: str, people: tuple[str, ...]) -> None:
    known = roster(rotations=(DAYS, NIGHTS))
    targets = ("rotation:days", "rotation:nights")
    # On a Monday before eight it is nobody's hour: Sunday ends at midnight. The hours give way rather than leave a gap.
    assert on_call(known, at(moment), *targets)[-1:] == people


def test_out_of_its_hours_a_rotation_alone_still_answers() -> None:
    assert on_call(roster(rotations=(DAYS,)), at("2026-01-05T23:00"), "rotation:days") == ("ana",)


def test_the_next_shift_is_the_next_change_of_people_however_far() -> None:
    following = oncall_roster.next_shift([LINE], ROSTER, MONDAY)
    assert following is not None
    assert (following.people, following.starts_at) == (("bo",), at("2026-01-12T09:00"))
    yearly = roster(rotations=(first_line(every=timedelta(days=365)),))
    later = oncall_roster.next_shift([LINE], yearly, MONDAY)
    assert later is not None
    assert later.starts_at == at("2027-01-05T09:00")


def test_one_person_alone_never_hands_over() -> None:
    assert oncall_roster.next_shift([LINE], roster(rotations=(first_line(order=("ana",)),)), MONDAY) is None


def _edges_by_the_wall(zone: str, handoff: Handoff, around: datetime) -> list[datetime]:
    """When hand-offs must be, found by looking at the clock on the wall minute by minute."""
    found, there = [], ZoneInfo(zone)
    minute, wanted = around - timedelta(hours=30), handoff.at
    before = minute.astimezone(there).replace(tzinfo=None)
    seen: set[datetime] = set()
    while minute < around + timedelta(hours=30):
        minute += timedelta(minutes=1)
        local = minute.astimezone(there).replace(tzinfo=None)
        for day in {before.date(), local.date()}:
            planned = datetime.combine(day, wanted)
            if before < planned <= local and planned not in seen:
                seen.add(planned)
                found.append(minute)
        before = max(before, local) if local < before else local
    return found


@pytest.mark.req("PG-3")
@pytest.mark.parametrize("zone", CHANGING)
def test_over_every_clock_change_somebody_is_on_call_and_hand_offs_fall_where_the_wall_clock_says(zone: str) -> None:
    changes = list(clock_changes(zone))
    assert len(changes) >= 4
    for around, clock in itertools.product(
        changes, (time(0), time(1, 30), time(2, 15), time(3), time(9), time(23, 45))
    ):
        handoff = Handoff(clock)
        line = first_line(order=("ana", "bo", "kai"), every=timedelta(days=1), handoff=handoff, zone=zone)
        since, until = around - timedelta(hours=30), around + timedelta(hours=30)
        found = list(oncall_roster.shifts([LINE], roster(rotations=(line,)), since, until))
        assert (found[0].starts_at, found[-1].ends_at) == (since, until)
        assert all(shift.people for shift in found)
        assert all(one.ends_at == other.starts_at for one, other in itertools.pairwise(found))
        assert [shift.starts_at for shift in found[1:]] == _edges_by_the_wall(zone, handoff, around)


@pytest.mark.req("PG-3")
@pytest.mark.parametrize("zone", CHANGING)
def test_over_every_clock_change_no_hour_is_nobodys_when_days_and_nights_follow_the_sun(zone: str) -> None:
    days = first_line(name="days", zone=zone, hours="00:30-12:00", order=("ana",))
    nights = first_line(name="nights", zone=zone, hours="12:00-00:30", order=("bo",))
    elsewhere = first_line(name="elsewhere", zone="Asia/Kolkata", hours="09:00-17:00", order=("kai",))
    for targets, known in (
        (["rotation:days", "rotation:nights"], roster(rotations=(days, nights))),
        (["rotation:days", "rotation:elsewhere"], roster(rotations=(days, elsewhere))),
    ):
        for around in clock_changes(zone):
            since, until = around - timedelta(hours=30), around + timedelta(hours=30)
            for shift in oncall_roster.shifts(targets, known, since, until):
                assert shift.people, f"nobody at {shift.starts_at}"


@pytest.mark.parametrize("zone", CHANGING)
def test_two_rotations_that_share_the_day_never_both_rest_when_the_clocks_change(zone: str) -> None:
    days = first_line(name="days", zone=zone, hours="02:00-14:00")
    nights = first_line(name="nights", zone=zone, hours="14:00-02:00")
    for around in clock_changes(zone):
        for minutes in range(-600, 600, 5):
            moment = around + timedelta(minutes=minutes)
            assert days.holds(moment) or nights.holds(moment)
