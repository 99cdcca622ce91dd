"""Does the built-in `channel` say what the channel handbook says? The tables read like the source's."""

from datetime import timedelta

import pytest

from bot.domain.handbook import Handbook
from bot.domain.handbook_escalation import TriggerKind
from bot.domain.handbook_open_items import open_items, raci
from bot.domain.handbook_words import Cadence, Rhythm
from bot.domain.target import Target, TargetRange, Unit, parse_target
from bot.domain.ticket import Severity
from bot.handbook import load


@pytest.fixture(scope="module")
def handbook() -> Handbook:
    return load("channel").handbook


@pytest.mark.req("SV-1")
def test_the_severities_are_sev_1_to_sev_4(handbook: Handbook) -> None:
    assert list(handbook.severity_names().values()) == ["Sev 1", "Sev 2", "Sev 3", "Sev 4"]


@pytest.mark.req("SV-4")
def test_questions_cosmetic_issues_and_enhancements_propose_sev_4(handbook: Handbook) -> None:
    for category in ("question", "cosmetic", "enhancement"):
        assert handbook.categories[category].proposes is Severity.SEV4


@pytest.mark.req("IN-3")
def test_the_seven_required_fields_are_asked_for_and_block_work_on_all_but_a_sev_1(handbook: Handbook) -> None:
    seven = ("customer", "environment", "steps", "logs", "timestamps", "severity", "impact")
    assert tuple(handbook.required_fields) == seven
    assert handbook.blocking_fields("sev2") == seven
    assert handbook.blocking_fields("sev1") == ()


@pytest.mark.req("SL-3")
@pytest.mark.parametrize(
    ("tier", "row"),
    [
        ("partner", ["1 business hour", "1 business hour", "4 business hours", "1 business day"]),
        ("provider", ["30-60 elapsed minutes", "2-4 business hours", "1 business day", "1 business day"]),
    ],
)
def test_first_response_by_tier_and_severity(handbook: Handbook, tier: str, row: list[str]) -> None:
    for severity, words in zip(Severity, row, strict=True):
        assert handbook.tiers[tier].targets[severity].first_response == words
        assert handbook.target(tier, severity, "first_response") == parse_target(words)
        assert handbook.target(tier, severity, "resolution") is None


@pytest.mark.req("SL-3")
def test_the_providers_clock_starts_at_the_escalation_to_it(handbook: Handbook) -> None:
    assert handbook.tiers["partner"].starts == "opening"
    assert handbook.tiers["provider"].starts == "escalation"
    assert [level.tier for level in handbook.levels.values()] == ["partner", "provider", "provider", "provider"]


@pytest.mark.req("SL-6")
def test_the_lower_end_of_a_range_is_the_slo_and_the_upper_end_the_sla(handbook: Handbook) -> None:
    found = handbook.target("provider", "sev2", "first_response")
    assert isinstance(found, TargetRange)
    assert handbook.slo("provider", "sev2", "first_response") == Target(2, Unit.BUSINESS_HOURS)
    assert handbook.sla("provider", "sev2", "first_response") == Target(4, Unit.BUSINESS_HOURS)
    assert handbook.sla("partner", "sev2", "first_response") == Target(1, Unit.BUSINESS_HOURS)


@pytest.mark.req("ES-2")
def test_sev_1_and_2_security_data_integrity_and_repeated_failures_go_to_the_provider(handbook: Handbook) -> None:
    triggers = handbook.escalation.triggers
    assert set(triggers) == {
        TriggerKind.SEVERITY,
        TriggerKind.SECURITY,
        TriggerKind.DATA_LOSS,
        TriggerKind.REPEATED_FAILURES,
    }
    assert {trigger.level for trigger in triggers.values()} == {2}
    assert triggers[TriggerKind.SEVERITY].severities == (Severity.SEV1, Severity.SEV2)
    repeated = triggers[TriggerKind.REPEATED_FAILURES]
    assert (repeated.count, repeated.window, repeated.reopenings) == (3, timedelta(hours=24), 2)


@pytest.mark.req("SL-5")
def test_sev_1_and_sev_2_page_after_hours(handbook: Handbook) -> None:
    paged = [key.value for key in handbook.severities if handbook.pages_after_hours("partner", key)]
    assert paged == ["sev1", "sev2"]


@pytest.mark.req("UP-2")
def test_updates_come_hourly_four_hourly_each_business_day_and_never(handbook: Handbook) -> None:
    cadences = [handbook.cadence(severity) for severity in handbook.severity_names()]
    assert cadences == [
        Cadence(Rhythm.EVERY, timedelta(hours=1)),
        Cadence(Rhythm.EVERY, timedelta(hours=4)),
        Cadence(Rhythm.BUSINESS_DAY),
        Cadence(Rhythm.NONE),
    ]


@pytest.mark.req("HB-1")
def test_the_raci_table_has_the_partners_seven_tasks_and_the_providers_six(handbook: Handbook) -> None:
    rows = raci(handbook)
    partner = [row.task for row in rows if row.responsible == "Partner" and not row.task.startswith("News")]
    provider = [row.task for row in rows if row.responsible == "Provider" and not row.task.startswith("News")]
    assert len(partner) == 7
    assert len(provider) == 6
    assert len({row.task for row in rows}) == len(rows)


@pytest.mark.req("HB-4")
def test_what_the_source_leaves_in_brackets_or_blank_is_open(handbook: Handbook) -> None:
    keys = {item.key for item in open_items(handbook)}
    assert {"tiers.partner.hours", "tiers.partner.targets", "raci", "courts_in", "links"} <= keys


def test_a_change_has_thirty_days_of_notice_and_the_law_clause_names_california(handbook: Handbook) -> None:
    assert handbook.changes is not None
    assert handbook.changes.notice == timedelta(days=30)
    assert "California" in (handbook.governing_law or "")


@pytest.mark.req("SL-8")
def test_nothing_is_a_commitment_beyond_the_agreement(handbook: Handbook) -> None:
    assert not any(handbook.shows_commitments(tier) for tier in handbook.tiers)
    assert handbook.shows_commitments("partner", contract=True)
