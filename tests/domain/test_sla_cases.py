"""The case table of the SLA rules, row by row: what happened, and what the clock then says.

New York, Monday to Friday 09:00 to 17:00, unless a case says otherwise. Monday is 2026-01-12, so that the Friday
before it is 2026-01-09.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest

from bot.domain.business_calendar import ALWAYS, Calendar, parse_hours, parse_spans
from bot.domain.sla import (
    Absorbed,
    Clock,
    Closed,
    CustomerWrote,
    Declined,
    Engaged,
    Event,
    Excused,
    Merged,
    Opened,
    Regraded,
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
from bot.domain.sla_clocks import clocks, restated
from bot.domain.target import Target, Unit, parse_target
from bot.domain.wall_clock import zone_named

WAIT = "waiting_for_customer"
NEW_YORK = zone_named("America/New_York")
OFFICE = Calendar(
    parse_hours("Mon-Fri 09:00-17:00"),
    "America/New_York",
    frozenset({date(2026, 11, 26)}),
    {date(2026, 11, 27): parse_spans("09:00-13:00")},
)
EXTENDED = Calendar(parse_hours("Mon-Fri 08:00-20:00"), "America/New_York")
DAYS = {"Fri": "2026-01-09", "Sat": "2026-01-10", "Mon": "2026-01-12", "Tue": "2026-01-13", "Wed": "2026-01-14"}
DAYS |= {"Thu": "2026-01-15"}


def at(text: str) -> datetime:
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"{DAYS.get(day, day)}T{clock}").replace(tzinfo=NEW_YORK)


def terms(metric: str = "resolution", target: str = "8 hours", **other: str) -> Terms:
    words = {metric: target, **other}
    return Terms(
        OFFICE,
        OFFICE,
        {name: parse_target(said) for name, said in words.items()},
        pauses=frozenset({WAIT, "vendor"}),
    )


def opened(when: str, target: str = "8 hours", **other: str) -> Opened:
    return Opened(at(when), "sev2", terms("resolution", target, **other))


def regraded(when: str, target: str) -> Regraded:
    return Regraded(at(when), "sev1", terms("resolution", target))


def waited(since: str, until: str, reason: str = WAIT) -> list[Event]:
    return [Waiting(at(since), reason), Resumed(at(until), reason)]


def the(metric: str, events: Sequence[Event], *, nth: int = 1, now: str | None = None) -> Clock:
    found = clocks(events, now=at(now) if now else None)
    return next(clock for clock in found if clock.metric == metric and clock.nth == nth)


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


@pytest.mark.req("SV-2")
def test_a_rebase_keeps_both_numbers() -> None:
    clock = the("resolution", [opened("Mon 10:00"), regraded("Mon 15:00", "2 hours")])
    assert clock.previous == (at("Tue 10:00"),)
    assert clock.due_at == at("Mon 17:00")


@pytest.mark.req("SV-2")
def test_nobody_is_breached_by_a_click() -> None:
    clock = the("resolution", [opened("Mon 10:00", "6 hours"), regraded("Mon 15:50", "1 hour")], now="Mon 15:50")
    assert (clock.due_at, clock.rebased, clock.state) == (at("Mon 16:00"), True, State.RUNNING)


@pytest.mark.req("SV-2")
def test_lowering_recomputes_and_an_earlier_breach_stays() -> None:
    log: list[Event] = [
        opened("Mon 10:00", "2 hours"),
        Regraded(at("Mon 13:00"), "sev4", terms("resolution", "8 hours")),
    ]
    clock = the("resolution", [*log, Resolved(at("Mon 14:00"))])
    assert clock.due_at == at("Tue 10:00")
    assert (clock.state, clock.breached_at) == (State.MISSED, at("Mon 12:00"))


@pytest.mark.req("SV-2")
def test_a_handbook_can_count_from_the_change() -> None:
    promised = Terms(OFFICE, OFFICE, {"resolution": parse_target("4 hours")}, regrade="from_change")
    log: list[Event] = [opened("Mon 10:00"), Regraded(at("Mon 12:00"), "sev1", promised)]
    assert the("resolution", log).due_at == at("Mon 16:00")


@pytest.mark.req("SV-2")
def test_a_severity_without_a_target_cancels_and_the_way_back_takes_up_again() -> None:
    log: list[Event] = [opened("Mon 10:00"), Regraded(at("Mon 11:00"), "sev4", Terms(OFFICE, OFFICE))]
    cancelled = the("resolution", log, now="Thu 10:00")
    assert (cancelled.state, cancelled.due_at, cancelled.previous) == (State.CANCELLED, None, (at("Tue 10:00"),))
    log += [regraded("Mon 12:00", "4 hours")]
    assert the("resolution", log).due_at == at("Mon 14:00")


def test_what_was_regraded_while_resolved_takes_effect_at_the_reopening() -> None:
    log: list[Event] = [opened("Mon 10:00"), Resolved(at("Mon 14:00")), regraded("Tue 10:00", "6 hours")]
    finished = the("resolution", log)
    assert (finished.severity, finished.due_at, finished.state) == ("sev2", at("Tue 10:00"), State.MET)
    resumed = the("resolution", [*log, Reopened(at("Wed 10:00"))])
    assert (resumed.severity, resumed.due_at, resumed.state) == ("sev1", at("Wed 12:00"), State.RUNNING)


def test_reopening_starts_a_next_response_and_no_first() -> None:
    promised = {"first_response": "1 hour", "next_response": "2 hours"}
    log: list[Event] = [opened("Mon 10:00", **promised), Resolved(at("Mon 10:30")), Reopened(at("Mon 12:00"))]
    assert the("first_response", log).state is State.CLOSED_WITHOUT_RESPONSE
    assert the("next_response", log).due_at == at("Mon 14:00")


def test_a_late_resolution_stays_missed_after_a_reopening_in_which_time_is_left() -> None:
    log: list[Event] = [
        opened("Mon 10:00", "1 hour"),
        Resolved(at("Mon 12:00")),
        Reopened(at("Mon 13:00")),
        Closed(at("Mon 13:30")),
    ]
    clock = the("resolution", log)
    assert (clock.state, clock.breached_at) == (State.MISSED, at("Mon 11:00"))


def test_clocks_of_a_merged_ticket_are_neither_met_nor_missed() -> None:
    log: list[Event] = [opened("Mon 10:00", first_response="1 hour"), Merged(at("Mon 10:30"))]
    assert {clock.state for clock in clocks(log)} == {State.MERGED}


def test_the_survivor_of_a_merge_keeps_the_earliest_start() -> None:
    log: list[Event] = [opened("Mon 12:00", "4 hours"), Absorbed(at("Mon 12:30"), {"resolution": at("Mon 10:00")})]
    assert the("resolution", log).due_at == at("Mon 14:00")
    late: list[Event] = [opened("Mon 12:00", "4 hours"), Absorbed(at("Mon 12:30"), {"resolution": at("Fri 09:00")})]
    clock = the("resolution", late)
    assert (clock.due_at, clock.rebased) == (at("Mon 16:00"), True)


def test_declined_cancels_what_was_not_missed_before() -> None:
    log: list[Event] = [opened("Mon 10:00", first_response="1 hour"), Declined(at("Mon 12:00"))]
    assert the("first_response", log).state is State.MISSED
    assert the("resolution", log).state is State.CANCELLED


@pytest.mark.req("SL-9")
def test_an_excused_breach_is_still_a_breach() -> None:
    log: list[Event] = [opened("Mon 10:00", "1 hour"), Resolved(at("Mon 12:00"))]
    excuse = Excused(at("Tue 10:00"), "resolution", "power cut at the customer", "mei")
    clock = the("resolution", [*log, excuse])
    assert (clock.state, clock.excused) == (State.MISSED, excuse)


@pytest.mark.req("SL-4")
def test_the_two_hour_rule_runs_from_the_marking_and_is_elapsed() -> None:
    marked = Terms(OFFICE, OFFICE, worked_for=timedelta(hours=2))
    log: list[Event] = [opened("Fri 10:00"), Replied(at("Fri 10:30")), Regraded(at("Fri 16:30"), "sev1", marked)]
    clock = the("worked", log)
    assert (clock.started_at, clock.due_at) == (at("Fri 16:30"), at("Fri 18:30"))
    assert the("worked", [*log, WorkStarted(at("Fri 18:00"))]).state is State.MET
    assert the("worked", [*log, Replied(at("Fri 18:31"))]).state is State.MISSED
    lowered = Regraded(at("Fri 17:00"), "sev2", terms())
    assert the("worked", [*log, lowered]).state is State.CANCELLED
    again = [*log, lowered, Regraded(at("Fri 17:30"), "sev1", marked)]
    assert the("worked", again, nth=2).due_at == at("Fri 19:30")


@pytest.mark.req("ES-1")
def test_an_engaged_level_owes_its_response_from_then() -> None:
    promised = terms("level_2", "4 hours")
    log: list[Event] = [opened("Mon 10:00"), Engaged(at("Mon 12:00"), 2, promised)]
    assert the("level_2", log).due_at == at("Mon 16:00")
    assert the("level_2", [*log, Replied(at("Mon 15:00"))]).state is State.MET


def test_business_time_on_a_tier_round_the_clock_counts_on_the_business_calendar() -> None:
    for target, due in (("4 business hours", "Mon 12:00"), ("4 hours", "Fri 20:30"), ("1 business day", "Mon 16:30")):
        promised = Terms(ALWAYS, OFFICE, {"resolution": parse_target(target)})
        start = "Fri 16:30" if target != "4 business hours" else "Fri 16:00"
        assert the("resolution", [Opened(at(start), "sev3", promised)]).due_at == at(due)


def test_a_log_begins_with_one_opening() -> None:
    with pytest.raises(ValueError, match="begins with its opening"):
        clocks([Replied(at("Mon 10:00"))])
    with pytest.raises(ValueError, match="only one"):
        clocks([opened("Mon 10:00"), opened("Mon 11:00")])
    assert clocks([]) == ()


def test_a_warning_can_be_a_target_of_another_unit() -> None:
    promised = Terms(
        ALWAYS, OFFICE, {"resolution": parse_target("3 business days")}, {"resolution": Target(8, Unit.ELAPSED)}
    )
    clock = the("resolution", [Opened(at("Fri 16:00"), "sev3", promised)])
    assert (clock.warn_at, clock.due_at) == (at("Sat 00:00"), at("Wed 16:00"))


def test_part_of_a_target_in_business_days_is_part_of_its_counted_time() -> None:
    promised = Terms(ALWAYS, OFFICE, {"resolution": parse_target("2 business days")}, {"resolution": Fraction(1, 2)})
    assert the("resolution", [Opened(at("Fri 16:00"), "sev3", promised)]).warn_at == at("Mon 16:00")


def test_a_record_that_the_log_does_not_tell_is_named() -> None:
    log: list[Event] = [opened("Mon 10:00"), Resolved(at("Mon 14:00"))]
    clock = the("resolution", log)
    assert restated(log, [clock]) == ()
    assert restated([*log, Reopened(at("Tue 10:00"))], [clock]) == ()
    forged = replace(clock, state=State.MISSED)
    assert restated(log, [forged]) == (forged,)
