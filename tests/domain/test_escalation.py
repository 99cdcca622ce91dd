"""Whom do we page next, and when, until somebody says "I have it"?"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import escalation
from bot.domain.escalation import Chain, Exhaust, Level, PageLevel, Phase, Policy, SkipLevel

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
HALF = timedelta(minutes=30)
POLICY = Policy(
    {
        1: Level(1, "Initial response", QUARTER, repeat=2),
        2: Level(2, "Technical", HALF),
        3: Level(3, "Engineering", HALF),
        4: Level(4, "Executive", HALF),
    },
    again_after=QUARTER,
)
EVERYBODY: Mapping[int, tuple[str, ...]] = {1: ("ana",), 2: ("bo", "kai"), 3: ("kai",), 4: ("vic",)}


def reach(people: Mapping[int, tuple[str, ...]] = EVERYBODY) -> escalation.Reachable:
    return lambda level: people.get(level, ())


def walk(
    steps: int, people: Mapping[int, tuple[str, ...]] = EVERYBODY
) -> tuple[Chain, list[tuple[datetime, escalation.Consequence]]]:
    """Let nobody answer for a number of steps, each taken at its moment."""
    chain, first = escalation.start(POLICY, 1, reach(people), now=NINE)
    log = [(NINE, each) for each in first]
    for _ in range(steps):
        at = escalation.next_step_at(chain, POLICY)
        assert at is not None
        chain, more = escalation.advance(chain, POLICY, reach(people), now=at)
        log += [(at, each) for each in more]
    return chain, log


@pytest.mark.req("PG-2")
def test_level_1_is_paged_at_0_15_and_30_minutes_and_level_2_at_45() -> None:
    _, log = walk(3)

    assert [(at - NINE, each) for at, each in log] == [
        (0 * QUARTER, PageLevel(1, 1, 1, ("ana",))),
        (1 * QUARTER, PageLevel(1, 2, 1, ("ana",))),
        (2 * QUARTER, PageLevel(1, 3, 1, ("ana",))),
        (3 * QUARTER, PageLevel(2, 1, 1, ("bo", "kai"))),
    ]


@pytest.mark.req("PG-2")
def test_an_exhausted_chain_is_an_alarm_and_goes_round_again_at_once() -> None:
    chain, log = walk(6)

    at, alarm = log[-2]
    assert alarm == Exhaust(1)
    assert log[-1] == (at, PageLevel(1, 1, 2, ("ana",)))
    assert at == NINE + 3 * QUARTER + 3 * HALF
    assert chain.round == 2


@pytest.mark.req("PG-2")
def test_after_two_rounds_the_last_level_is_paged_on_in_its_own_rhythm_with_an_alarm_each_time() -> None:
    _, log = walk(15)

    through_at = NINE + 2 * (3 * QUARTER + 3 * HALF)
    assert [(at - through_at, each) for at, each in log if at >= through_at] == [
        (0 * HALF, Exhaust(2)),
        (0 * HALF, PageLevel(4, 1, 3, ("vic",))),
        (1 * HALF, Exhaust(3)),
        (1 * HALF, PageLevel(4, 1, 4, ("vic",))),
        (2 * HALF, Exhaust(4)),
        (2 * HALF, PageLevel(4, 1, 5, ("vic",))),
        (3 * HALF, Exhaust(5)),
        (3 * HALF, PageLevel(4, 1, 6, ("vic",))),
    ]


@pytest.mark.req("PG-2")
def test_where_no_higher_level_has_anybody_the_round_is_through_and_the_alarm_is_raised() -> None:
    chain, log = walk(3, {1: ("ana",)})

    at = NINE + 3 * QUARTER
    assert [each for moment, each in log if moment == at] == [
        SkipLevel(2),
        SkipLevel(3),
        SkipLevel(4),
        Exhaust(1),
        PageLevel(1, 1, 2, ("ana",)),
    ]
    assert chain.round == 2


@pytest.mark.req("PG-2")
def test_an_empty_level_is_passed_over_at_once_and_said_so() -> None:
    _, log = walk(3, {**EVERYBODY, 2: ()})

    assert [each for at, each in log if at == NINE + 3 * QUARTER] == [SkipLevel(2), PageLevel(3, 1, 1, ("kai",))]


def test_the_people_are_those_of_the_moment_of_each_step() -> None:
    chain, _ = escalation.start(POLICY, 1, reach(), now=NINE)

    _, consequences = escalation.advance(chain, POLICY, reach({**EVERYBODY, 1: ("bo",)}), now=NINE + QUARTER)

    assert consequences == [PageLevel(1, 2, 1, ("bo",))]


def test_when_nobody_at_all_can_be_paged_the_alarm_is_raised_and_raised_again() -> None:
    chain, log = walk(2, {})

    assert [each for _, each in log if isinstance(each, Exhaust)] == [Exhaust(1), Exhaust(2), Exhaust(3)]
    assert chain.attempt == 0
    assert escalation.next_step_at(chain, POLICY) == NINE + 3 * QUARTER


@pytest.mark.parametrize("tries", [0, 1, 2])
def test_as_soon_as_somebody_can_be_paged_again_they_are_without_one_more_alarm(tries: int) -> None:
    chain, _ = walk(tries, {})

    chain, consequences = escalation.advance(chain, POLICY, reach({3: ("kai",)}), now=NINE + HALF)

    assert consequences[-1] == PageLevel(3, 1, tries + 2, ("kai",))
    assert {type(each) for each in consequences[:-1]} == {SkipLevel}
    assert chain.round == tries + 2


def test_a_round_in_which_nobody_was_there_to_be_paged_begins_at_the_first_level_once_somebody_is() -> None:
    chain, _ = walk(0, {})

    _, consequences = escalation.advance(chain, POLICY, reach(), now=NINE + QUARTER)

    assert consequences == [PageLevel(1, 1, 2, ("ana",))]


def test_raising_a_chain_pages_the_level_at_once_and_counts_its_attempts_anew() -> None:
    chain, _ = walk(1)

    raised, consequences = escalation.raise_to(chain, POLICY, 3, reach(), now=NINE + 2 * QUARTER)

    assert consequences == [PageLevel(3, 1, 1, ("kai",))]
    assert escalation.next_step_at(raised, POLICY) == NINE + 2 * QUARTER + HALF


@pytest.mark.parametrize("phase", [Phase.ACKNOWLEDGED, Phase.STOOD_DOWN])
def test_a_chain_that_nobody_needs_any_more_takes_no_step(phase: Phase) -> None:
    ended = Chain(phase, 1, 1, 1, NINE)

    assert escalation.advance(ended, POLICY, reach(), now=NINE + QUARTER) == (ended, [])
    assert escalation.next_step_at(ended, POLICY) is None


@pytest.mark.parametrize(("level", "above"), [(None, 1), (1, 2), (3, 4), (4, 4)])
def test_the_level_above_the_last_one_is_the_last_one(level: int | None, above: int) -> None:
    assert POLICY.above(level) == above


levels = st.dictionaries(st.integers(1, 6), st.tuples(st.integers(1, 60), st.integers(0, 3)), min_size=1)


@given(
    levels=levels,
    staffing=st.lists(st.sets(st.integers(1, 6)), min_size=1, max_size=30),
    start=st.integers(1, 6),
)
def test_a_chain_always_has_a_next_step_and_never_stays_silent(
    levels: dict[int, tuple[int, int]], staffing: list[set[int]], start: int
) -> None:
    policy = Policy(
        {
            number: Level(number, str(number), timedelta(minutes=minutes), repeat)
            for number, (minutes, repeat) in levels.items()
        },
        again_after=QUARTER,
    )
    staffed = iter(staffing)
    present = next(staffed)
    chain, consequences = escalation.start(policy, start, lambda level: ("p",) if level in present else (), now=NINE)

    for present in staffed:
        at = escalation.next_step_at(chain, policy)
        assert at is not None
        assert at > chain.stepped_at
        assert any(isinstance(each, PageLevel | Exhaust) for each in consequences)
        assert len([each for each in consequences if isinstance(each, PageLevel)]) <= 1
        staffed_now: dict[int, tuple[str, ...]] = dict.fromkeys(present, ("p",))
        chain, consequences = escalation.advance(chain, policy, reach(staffed_now), now=at)
        paged = [each for each in consequences if isinstance(each, PageLevel)]
        assert bool(paged) == bool(present & policy.levels.keys())
        assert all(each.level in present for each in paged)
