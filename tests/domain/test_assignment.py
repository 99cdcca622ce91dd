"""Who gets which ticket: nobody over the cap, nobody waiting for somebody who is free, always the same answer."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.assignment import Candidate, Job, choose, fits, plan
from tests.make import NINE

SKILLS = ("network", "database", "billing")

people = st.lists(
    st.builds(
        Candidate,
        id=st.sampled_from("abcdefgh"),
        name=st.just("Somebody"),
        skills=st.frozensets(st.sampled_from(SKILLS)),
        load=st.integers(0, 6),
        at_work=st.booleans(),
        on_call=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda each: each.id,
)
jobs = st.lists(
    st.builds(
        Job,
        number=st.integers(1, 40),
        severity=st.sampled_from(["sev1", "sev2", "sev3", "sev4"]),
        due_at=st.none() | st.integers(0, 90).map(lambda hours: NINE + timedelta(hours=hours)),
        at_most=st.integers(1, 5),
        needs=st.frozensets(st.sampled_from(SKILLS)),
        is_open=st.booleans(),
        owner=st.none() | st.sampled_from("abz"),
    ),
    max_size=12,
    unique_by=lambda each: each.number,
)


@pytest.mark.req("LC-4")
@settings(max_examples=60, deadline=None)
@given(jobs, people)
def test_nobody_is_given_more_than_the_cap(waiting: list[Job], crowd: list[Candidate]) -> None:
    given_out = plan(waiting, crowd)
    caps = {job.number: job.at_most for job in waiting}
    for who in crowd:
        load = who.load
        for each in given_out:
            if each.to == who.id:
                assert load < caps[each.number]
                load += 1


@pytest.mark.req("LC-4")
@settings(max_examples=60, deadline=None)
@given(jobs, people)
def test_no_ticket_waits_while_somebody_who_fits_it_has_room(waiting: list[Job], crowd: list[Candidate]) -> None:
    given_out = {each.number: each.to for each in plan(waiting, crowd)}
    taken = list(given_out.values())
    after = [
        Candidate(each.id, each.name, each.skills, each.load + taken.count(each.id), each.at_work, each.on_call)
        for each in crowd
    ]
    left = [job for job in waiting if job.number not in given_out]
    assert not [(job, who) for job in left for who in after if fits(job, who, after)]


@pytest.mark.req("LC-4")
@settings(max_examples=60, deadline=None)
@given(jobs, people, st.integers())
def test_the_same_tickets_and_people_give_the_same_answer(
    waiting: list[Job], crowd: list[Candidate], seed: int
) -> None:
    shuffled, others = [*waiting], [*crowd]
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - an order for a test
    random.Random(seed).shuffle(others)  # noqa: S311 - as above
    assert plan(shuffled, others) == plan(waiting, crowd)


ANA = Candidate("ana", "Ana", frozenset({"network"}), load=2, at_work=True)
BO = Candidate("bo", "Bo", frozenset({"database"}), load=0, at_work=True)
KAI = Candidate("kai", "Kai", frozenset({"network"}), load=1, on_call=True)


def test_the_ticket_that_is_due_first_is_given_out_first() -> None:
    late = Job(1, "sev1", NINE + timedelta(hours=9), at_most=1)
    soon = Job(2, "sev4", NINE + timedelta(hours=1), at_most=1)

    (given_out,) = plan([late, soon], [BO])

    assert given_out.number == 2


@pytest.mark.parametrize(
    ("job", "taker", "why"),
    [
        (Job(1, "sev3", NINE, 8), "bo", "is at work, had 0 of at most 8 tickets, the least"),
        (Job(1, "sev3", NINE, 8, frozenset({"network"})), "kai", "knows network, is on call, had 1 of at most 8"),
        (Job(1, "sev3", NINE, 8, frozenset({"network"}), is_open=False), "ana", "knows network, is at work"),
        (Job(1, "sev3", NINE, 8, frozenset({"billing"})), "bo", "nobody knows billing, is at work"),
        (Job(1, "sev3", NINE, 8, owner="bo"), "kai", "is on call"),
    ],
)
def test_each_choice_says_why(job: Job, taker: str, why: str) -> None:
    found = choose(job, [ANA, BO, KAI])

    assert found is not None
    assert found.to == taker
    assert why in found.why


def test_of_several_with_as_little_nobody_is_always_the_first() -> None:
    two = [Candidate("ana", "Ana", at_work=True), Candidate("bo", "Bo", at_work=True)]
    takers = [found.to for number in range(4) if (found := choose(Job(number, "sev3", NINE, 8), two))]

    assert takers == ["ana", "bo", "ana", "bo"]
