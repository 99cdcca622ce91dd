"""The case table of the SLA rules, row by row: what happened, and what the clock then says.

New York, Monday to Friday 09:00 to 17:00, unless a case says otherwise. Monday is 2026-01-12, so that the Friday
before it is 2026-01-09.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.domain.sla import (
    CustomerWrote,
    Event,
    Reopened,
    Replied,
    Resolved,
    Resumed,
    State,
    Terms,
    TierChanged,
    Waiting,
    WorkStarted,
)
from bot.domain.sla_clocks import clocks
from bot.domain.target import parse_target
from tests.domain.desk import EXTENDED, OFFICE, WAIT, at, opened, regraded, terms, the, waited


@dataclass(frozen=True)
class Case:
    rules: str
    what: str
    events: Sequence[Event]
    due: str
    rebased: bool = False


CASES = [
    Case("R4", "Fri 16:30, 1 h", [opened("Fri 16:30", "1 hour")], "Mon 09:30"),
    Case("R4", "Sat 12:00, 4 h", [opened("Sat 12:00", "4 hours")], "Mon 13:00"),
    Case("R2", "Fri 16:00, 1 h", [opened("Fri 16:00", "1 hour")], "Fri 17:00"),
    Case("R2", "Fri 17:00:00, 1 h", [opened("Fri 17:00", "1 hour")], "Mon 10:00"),
    Case("R1", "over the clock change", [opened("2026-03-06 16:00", "4 hours")], "2026-03-09 12:00"),
    Case("R2", "holiday and short day", [opened("2026-11-25 16:00", "6 hours")], "2026-11-30 10:00"),
    Case("R4", "a pause over a night", [opened("Mon 10:00"), *waited("Mon 12:00", "Tue 10:00")], "Tue 16:00"),
    Case(
        "R4",
        "a pause of closed hours",
        [opened("Mon 09:00", "12 hours"), *waited("Mon 17:00", "Tue 09:00")],
        "Tue 13:00",
    ),
    Case(
        "R4",
        "overlapping pauses",
        [
            opened("Mon 10:00", "4 hours"),
            *waited("Mon 11:00", "Mon 13:00"),
            Waiting(at("Mon 12:00"), "vendor"),
            Resumed(at("Mon 14:00"), "vendor"),
        ],
        "Mon 17:00",
    ),
    Case("R10", "raised too late", [opened("Mon 10:00"), regraded("Mon 15:00", "2 hours")], "Mon 17:00", rebased=True),
    Case(
        "R10",
        "raised after a pause",
        [opened("Mon 10:00"), *waited("Mon 11:00", "Mon 14:00"), regraded("Mon 14:30", "4 hours")],
        "Mon 17:00",
    ),
    Case(
        "R13",
        "reopened",
        [opened("Mon 10:00"), Resolved(at("Mon 14:00")), Reopened(at("Wed 10:00"))],
        "Wed 14:00",
    ),
    Case(
        "R13",
        "reopened afresh",
        [opened("Mon 10:00"), Resolved(at("Mon 14:00")), Reopened(at("Wed 10:00"), fresh=True)],
        "Thu 10:00",
    ),
    Case("R16", "three business days", [opened("Fri 10:00", "3 business days")], "Wed 10:00"),
    Case(
        "R16",
        "a pause moves business days by its counted time",
        [opened("Mon 10:00", "2 business days"), *waited("Mon 16:00", "Tue 10:00")],
        "Wed 12:00",
    ),
    Case(
        "R11",
        "a longer tier in mid-ticket",
        [
            opened("Mon 15:00", "8 hours"),
            TierChanged(at("Mon 17:00"), Terms(EXTENDED, OFFICE, {"resolution": parse_target("8 hours")})),
        ],
        "Tue 11:00",
    ),
]


@pytest.mark.req("SL-7")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rules} {case.what}")
def test_resolution_falls_due_as_the_table_says(case: Case) -> None:
    clock = clocks(case.events)[-1]
    assert clock.due_at == at(case.due)
    assert clock.rebased is case.rebased
    assert clock.state is State.RUNNING


@pytest.mark.req("SL-7")
def test_a_pause_is_worth_its_open_hours() -> None:
    clock = the("resolution", [opened("Mon 10:00"), *waited("Mon 12:00", "Tue 10:00")], now="Tue 11:00")
    assert clock.paused_for == timedelta(hours=6)
    assert clock.used_for == timedelta(hours=3)
    assert clock.left_for == timedelta(hours=5)


@pytest.mark.req("SL-7")
def test_the_first_unanswered_words_of_the_customer_start_one_clock() -> None:
    told = {"first_response": "1 hour", "next_response": "1 hour"}
    log: list[Event] = [
        opened("Mon 09:00", **told),
        Replied(at("Mon 09:30")),
        *(CustomerWrote(at(f"Mon {when}")) for when in ("10:00", "10:20", "10:50")),
        Replied(at("Mon 11:10")),
    ]
    answered = [clock for clock in clocks(log) if clock.metric == "next_response"]
    assert [clock.due_at for clock in answered] == [at("Mon 11:00")]
    assert answered[0].state is State.MISSED
    assert answered[0].breached_at == at("Mon 11:00")
    assert answered[0].ended_at == at("Mon 11:10")


@pytest.mark.req("SL-6")
def test_a_warning_at_four_fifths_counts_open_hours() -> None:
    clock = the("resolution", [opened("Fri 13:00")])
    assert clock.warn_at == at("Mon 11:24")
    assert clock.due_at == at("Mon 13:00")


@pytest.mark.req("SL-6")
def test_the_lower_end_of_a_range_warns_and_the_upper_binds() -> None:
    clock = the("resolution", [opened("Mon 10:00", "2-4 business hours")])
    assert (clock.warn_at, clock.due_at) == (at("Mon 12:00"), at("Mon 14:00"))


def test_resolved_after_due_is_breached_whenever_the_scheduler_looks() -> None:
    log: list[Event] = [opened("Mon 10:00", "4 hours"), Resolved(at("Mon 14:03"))]
    for now in (None, "Mon 14:05", "Thu 09:00"):
        clock = the("resolution", log, now=now)
        assert (clock.state, clock.breached_at) == (State.MISSED, at("Mon 14:00"))


def test_exactly_at_due_is_met_and_a_microsecond_later_is_not() -> None:
    first = opened("Mon 10:00", "4 hours")
    assert the("resolution", [first, Resolved(at("Mon 14:00"))]).state is State.MET
    late = Resolved(at("Mon 14:00") + timedelta(microseconds=1))
    assert the("resolution", [first, late]).state is State.MISSED


def test_open_and_overdue_is_breached_without_any_event() -> None:
    log: list[Event] = [opened("Mon 10:00", "4 hours")]
    assert the("resolution", log, now="Mon 14:00").state is State.RUNNING
    overdue = the("resolution", log, now="Mon 15:30")
    assert (overdue.state, overdue.breached_at) == (State.BREACHED, at("Mon 14:00"))
    assert overdue.left_for == -timedelta(hours=1, minutes=30)


def test_thanks_after_resolved_starts_no_clock() -> None:
    log: list[Event] = [
        opened("Mon 10:00", first_response="1 hour", next_response="1 hour"),
        Replied(at("Mon 10:10")),
        Resolved(at("Mon 11:00")),
        CustomerWrote(at("Mon 11:05")),
    ]
    assert [(clock.metric, clock.is_open) for clock in clocks(log, now=at("Wed 10:00"))] == [
        ("first_response", False),
        ("resolution", False),
    ]


@pytest.mark.req("SL-7")
@pytest.mark.parametrize(
    ("resolved", "state"),
    [("Mon 10:30", State.CLOSED_WITHOUT_RESPONSE), ("Mon 11:30", State.MISSED)],
)
def test_resolved_without_a_reply_is_never_a_met_first_response(resolved: str, state: State) -> None:
    log: list[Event] = [opened("Mon 10:00", first_response="1 hour"), Resolved(at(resolved)), Replied(at("Mon 12:00"))]
    assert the("first_response", log).state is state


@pytest.mark.req("SL-7")
def test_waiting_does_not_pause_the_first_response() -> None:
    log: list[Event] = [opened("Mon 10:00", first_response="1 hour"), Waiting(at("Mon 10:05"), WAIT)]
    clock = the("first_response", log, now="Mon 11:01")
    assert (clock.due_at, clock.state) == (at("Mon 11:00"), State.BREACHED)


@pytest.mark.req("SL-7")
def test_the_opening_post_is_not_the_response() -> None:
    log: list[Event] = [opened("Mon 10:00", first_response="1 hour"), WorkStarted(at("Mon 10:01"))]
    assert the("first_response", log, now="Mon 10:30").state is State.RUNNING


def test_a_met_clock_stays_met_when_the_target_is_edited() -> None:
    log: list[Event] = [opened("Mon 10:00", first_response="4 hours"), Replied(at("Mon 12:30"))]
    before = the("first_response", log)
    log += [TierChanged(at("Mon 13:00"), terms("first_response", "2 hours"))]
    assert before.state is State.MET
    assert the("first_response", log) == before


def test_a_first_reply_before_opening_time_is_met_with_nothing_counted() -> None:
    log: list[Event] = [opened("Sat 12:00", first_response="1 hour"), Replied(at("Sat 13:00"))]
    clock = the("first_response", log)
    assert (clock.state, clock.used_for) == (State.MET, timedelta(0))


@pytest.mark.req("SL-7")
def test_with_two_reasons_to_pause_and_one_lifted_it_is_still_paused() -> None:
    log: list[Event] = [
        opened("Mon 10:00"),
        Waiting(at("Mon 11:00"), WAIT),
        Waiting(at("Mon 11:30"), "vendor"),
        Resumed(at("Mon 12:00"), WAIT),
    ]
    clock = the("resolution", log, now="Mon 15:00")
    assert (clock.state, clock.due_at, clock.warn_at) == (State.PAUSED, None, None)
    assert clock.used_for == timedelta(hours=1)
    assert clock.left_for == timedelta(hours=7)


@pytest.mark.req("SL-7")
def test_a_reason_that_the_handbook_does_not_list_pauses_nothing() -> None:
    log: list[Event] = [opened("Mon 10:00"), Waiting(at("Mon 11:00"), "lunch")]
    assert the("resolution", log).state is State.RUNNING
