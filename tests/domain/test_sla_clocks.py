"""What regrades, reopenings, merges and markings do to a clock, and how a clock explains itself."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from bot.domain.business_calendar import ALWAYS, Calendar
from bot.domain.ledger import explain
from bot.domain.sla import (
    Absorbed,
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
    State,
    StoodDown,
    Terms,
    TierChanged,
    Waiting,
    WorkStarted,
)
from bot.domain.sla_clocks import clocks, restated
from bot.domain.target import Target, Unit, parse_target
from tests.domain.desk import OFFICE, WAIT, at, opened, regraded, terms, the, waited


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
    called_off = [*log, StoodDown(at("Mon 13:00"), "e1", levels=(2,))]
    assert the("level_2", called_off).state is State.CANCELLED
    again = [*called_off, Engaged(at("Mon 14:00"), 2, promised)]
    assert the("level_2", again, nth=2).due_at == at("Tue 10:00")


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


def test_the_ledger_of_a_clock_says_what_moved_it() -> None:
    told = explain([opened("Mon 10:00"), regraded("Mon 15:00", "2 hours")], "resolution", zone="America/New_York")
    assert told.due_at == at("Mon 17:00")
    assert told.text().splitlines()[-2:] == [
        "moved by a change; due before that: 2026-01-13 15:00Z",
        "rebased: counted from its start it had gone by when it was changed, and nobody is breached so",
    ]


def test_the_ledger_of_a_paused_clock_has_no_due_moment() -> None:
    told = explain([opened("Mon 10:00"), Waiting(at("Mon 12:00"), WAIT)], "resolution", zone="America/New_York")
    assert told.due_at is None
    assert told.text().splitlines()[-1] == "not due while paused"
    assert [row.total_for for row in told.rows] == [timedelta(hours=2)]


def test_a_clock_that_a_ticket_has_not_is_not_explained() -> None:
    with pytest.raises(ValueError, match="no first response clock"):
        explain([opened("Mon 10:00")], "first_response", zone="America/New_York")


@pytest.mark.req("SL-6")
def test_a_warning_that_would_fall_on_closing_time_waits_for_the_next_opening() -> None:
    promised = Terms(OFFICE, OFFICE, {"resolution": parse_target("8 hours")}, {"resolution": Fraction(1, 2)})
    log: list[Event] = [Opened(at("Mon 13:00"), "sev2", promised)]
    clock = the("resolution", log)
    assert (clock.warn_at, clock.due_at) == (at("Tue 09:00"), at("Tue 13:00"))
    log = [Opened(at("Mon 12:00"), "sev2", promised), *waited("Mon 16:00", "Tue 10:00")]
    assert the("resolution", log).warn_at == at("Tue 10:00")


def test_business_days_that_were_over_before_a_change_of_tier_keep_the_old_calendar() -> None:
    closed_tuesday = Calendar(OFFICE.hours, OFFICE.zone, frozenset({date(2026, 1, 13)}))
    days = {"resolution": parse_target("3 business days")}
    log: list[Event] = [
        Opened(at("Fri 10:00"), "sev3", Terms(OFFICE, OFFICE, days)),
        TierChanged(at("Mon 12:00"), Terms(closed_tuesday, OFFICE, days)),
    ]
    assert the("resolution", log).due_at == at("Thu 10:00")
    assert [row.begins_at for row in explain(log, "resolution", zone=OFFICE.zone).rows] == [
        at("Mon 10:00"),
        at("Wed 10:00"),
        at("Thu 10:00"),
    ]


def test_hours_after_elapsed_time_count_from_where_the_old_tier_left_off() -> None:
    log: list[Event] = [
        Opened(at("Sat 12:00"), "sev2", Terms(ALWAYS, OFFICE, {"resolution": parse_target("4 elapsed hours")})),
        TierChanged(at("Sat 14:00"), Terms(OFFICE, OFFICE, {"resolution": parse_target("4 hours")})),
    ]
    clock = the("resolution", log)
    assert (clock.due_at, clock.used_for) == (at("Mon 11:00"), timedelta(hours=2))


def test_time_resolved_counts_as_paused_once_reopened() -> None:
    log: list[Event] = [opened("Mon 10:00"), Resolved(at("Mon 14:00")), Reopened(at("Tue 10:00"))]
    assert the("resolution", log, now="Tue 11:00").paused_for == timedelta(hours=4)


def test_a_ticket_resolved_while_waiting_was_in_time_and_says_so_with_a_number() -> None:
    log: list[Event] = [opened("Mon 10:00", "2 hours"), Waiting(at("Mon 11:00"), WAIT), Resolved(at("Tue 16:00"))]
    clock = the("resolution", log)
    assert (clock.state, clock.due_at, clock.used_for) == (State.MET, at("Tue 17:00"), timedelta(hours=1))


def test_events_count_in_the_order_of_their_moments_not_of_their_arrival() -> None:
    log: list[Event] = [
        opened("Mon 10:00", first_response="1 hour"),
        CustomerWrote(at("Mon 12:00")),
        Replied(at("Mon 10:59")),
    ]
    assert the("first_response", log).state is State.MET
