"""What fires, and how far does it reach? Read beside the handbooks' sources."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.handbook_escalation import Escalation, Trigger, TriggerKind
from bot.domain.mark import Mark, suggested
from bot.domain.ticket import Severity
from bot.domain.triggers import CONDITIONS, Fired, Occasion, fired, switched_on
from bot.handbook.loader import load

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
S1, S2, S3 = Severity.SEV1, Severity.SEV2, Severity.SEV3
THREE_AGAIN = (NOW - 20 * HOUR, NOW - 3 * HOUR, NOW)


def reaches(handbook: str, occasion: Occasion) -> list[tuple[str, int | str | None]]:
    found = fired(load(handbook).handbook.escalation, occasion, now=NOW)
    return [(each.kind.value, each.level) for each in found]


def test_every_trigger_that_a_handbook_can_name_has_its_condition() -> None:
    assert set(CONDITIONS) == set(TriggerKind)


def test_every_mark_but_the_customers_own_system_sets_off_the_trigger_of_its_name() -> None:
    assert {mark.value for mark in Mark} - {Mark.CUSTOMER_SYSTEM.value} <= {kind.value for kind in TriggerKind}


@pytest.mark.req("ES-2")
@pytest.mark.parametrize(
    ("occasion", "expected"),
    [
        (Occasion(S3, missed="first_response"), [("sla_breach", "next")]),
        (Occasion(S1, graded=True), [("severity", 1)]),
        (Occasion(S2, graded=True), []),
        (Occasion(S3, organisations=2), [("several_customers", 4)]),
        (Occasion(S3, organisations=1), []),
        (Occasion(S3, mark=Mark.SEVERAL_CUSTOMERS), [("several_customers", 4)]),
        (Occasion(S3, mark=Mark.SECURITY), [("security", 3)]),
        (Occasion(S3, mark=Mark.DATA_LOSS), [("data_loss", 3)]),
        (Occasion(S3, mark=Mark.BUSINESS_IMPACT), [("business_impact", "next")]),
        (Occasion(S3, mark=Mark.CUSTOMER_SYSTEM), []),
        (Occasion(S3, mark=Mark.REPEATED_FAILURES, failures_at=THREE_AGAIN), []),
        (Occasion(S3, warned="resolution"), []),
        (Occasion(S1, unworked=True), []),
    ],
)
def test_enterprise_support_escalates_for_five_things_by_itself(
    occasion: Occasion, expected: list[tuple[str, int | str | None]]
) -> None:
    assert reaches("enterprise", occasion) == expected


@pytest.mark.req("ES-3")
@pytest.mark.parametrize(
    "reason",
    ["customer_request", "support_decision", "management_decision", "technical_complexity", "business_impact"],
)
def test_enterprise_support_escalates_to_the_next_level_for_five_reasons_by_hand(reason: str) -> None:
    assert reaches("enterprise", Occasion(S3, asked=reason)) == [(reason, "next")]


@pytest.mark.req("ES-2")
@pytest.mark.parametrize(
    ("occasion", "expected"),
    [
        (Occasion(S1, graded=True), [("severity", 2)]),
        (Occasion(S2, graded=True), [("severity", 2)]),
        (Occasion(S3, graded=True), []),
        (Occasion(S3, mark=Mark.SECURITY), [("security", 2)]),
        (Occasion(S3, mark=Mark.DATA_LOSS), [("data_loss", 2)]),
        (Occasion(S3, mark=Mark.REPEATED_FAILURES, failures_at=THREE_AGAIN), [("repeated_failures", 2)]),
        (Occasion(S3, mark=Mark.REPEATED_FAILURES, failures_at=THREE_AGAIN[1:]), []),
        (Occasion(S3, mark=Mark.REPEATED_FAILURES, failures_at=(NOW - 25 * HOUR, NOW - HOUR, NOW)), []),
        (Occasion(S3, reopenings=1, failures_at=THREE_AGAIN[1:]), []),
        (Occasion(S3, reopenings=2, failures_at=()), [("repeated_failures", 2)]),
        (Occasion(S3, missed="first_response"), []),
        (Occasion(S3, organisations=9), []),
    ],
)
def test_the_channel_handbook_hands_over_to_the_provider_for_four_things(
    occasion: Occasion, expected: list[tuple[str, int | str | None]]
) -> None:
    assert reaches("channel", occasion) == expected


@pytest.mark.req("ES-6")
def test_the_service_policy_has_the_two_hours_and_nothing_else_by_itself() -> None:
    assert reaches("service", Occasion(S1, unworked=True)) == [("unworked", None)]
    assert reaches("service", Occasion(S2, unworked=True)) == []
    for occasion in (
        Occasion(S1, missed="first_response"), Occasion(S1, mark=Mark.SECURITY), Occasion(S1, mark=Mark.DATA_LOSS),
        Occasion(S1, organisations=9), Occasion(S1, reopenings=5),
    ):  # fmt: skip
        assert reaches("service", occasion) == []


@pytest.mark.req("ES-5")
def test_the_sla_handbook_escalates_a_p1_and_a_missed_target() -> None:
    assert reaches("sla", Occasion(S1, graded=True)) == [("severity", 1)]
    assert reaches("sla", Occasion(S2, missed="resolution")) == [("sla_breach", "next")]
    assert reaches("sla", Occasion(S1, mark=Mark.SECURITY)) == []


def with_triggers(**triggers: Trigger) -> Escalation:
    return Escalation(triggers={TriggerKind(name): each for name, each in triggers.items()})


def test_what_is_switched_off_or_for_other_severities_stays_quiet() -> None:
    escalation = with_triggers(
        security=Trigger(label="A security event", level=3, enabled=False),
        sla_warning=Trigger(label="Soon late", level="next", severities=(S1,)),
    )
    assert set(switched_on(escalation)) == {TriggerKind.SLA_WARNING}
    assert fired(escalation, Occasion(S3, mark=Mark.SECURITY), now=NOW) == ()
    assert fired(escalation, Occasion(S3, warned="resolution"), now=NOW) == ()
    assert fired(escalation, Occasion(S1, warned="resolution"), now=NOW) == (Fired(TriggerKind.SLA_WARNING, "next"),)


def test_of_several_triggers_the_one_that_reaches_furthest_comes_first() -> None:
    escalation = with_triggers(
        repeated_failures=Trigger(label="Again", level="next", reopenings=1),
        several_customers=Trigger(label="Several", level=4, count=2),
    )
    occasion = Occasion(S3, reopenings=1, organisations=2)
    assert [each.level for each in fired(escalation, occasion, now=NOW)] == [4, "next"]


def test_a_reason_can_be_given_a_level_of_its_own() -> None:
    escalation = load("enterprise").handbook.escalation
    deeper = escalation.model_copy(
        update={"triggers": {TriggerKind.TECHNICAL_COMPLEXITY: Trigger(label="Intricate", level=3)}}
    )
    occasion = Occasion(S3, asked="technical_complexity")
    assert fired(deeper, occasion, now=NOW) == (Fired(TriggerKind.TECHNICAL_COMPLEXITY, 3),)


@pytest.mark.req("SV-1")
@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("We had a  Security Breach last night", (), (Mark.SECURITY,)),
        ("The data is gone, after a data breach", (), (Mark.SECURITY, Mark.DATA_LOSS)),
        ("The data is gone, after a data breach", (Mark.SECURITY,), (Mark.DATA_LOSS,)),
        ("The report is slow", (), ()),
    ],
)
def test_phrases_suggest_marks_that_nobody_has_set(
    text: str, known: tuple[Mark, ...], expected: tuple[Mark, ...]
) -> None:
    assert suggested(load("enterprise").handbook.mark_suggestions, text, known=known) == expected
