"""Does the built-in `enterprise` say what the enterprise support source says? The tables read like the source's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.handbook import Handbook
from bot.domain.handbook_escalation import TriggerKind
from bot.domain.target import parse_target
from bot.domain.ticket import Severity
from bot.handbook import load


@pytest.fixture(scope="module")
def handbook() -> Handbook:
    return load("enterprise").handbook


@pytest.mark.req("SV-1")
def test_the_four_severities_are_called_critical_high_medium_and_low(handbook: Handbook) -> None:
    assert list(handbook.severity_names().values()) == ["Critical", "High", "Medium", "Low"]
    assert all(names.description and names.examples for names in handbook.severities.values())


@pytest.mark.req("SL-1")
@pytest.mark.parametrize(
    ("tier", "row"),
    [
        ("standard", ["4 hours", "8 hours", "24 hours", "48 hours"]),
        ("premium", ["2 hours", "4 hours", "8 hours", "24 hours"]),
        ("enterprise", ["1 hour", "2 hours", "4 hours", "8 hours"]),
    ],
)
def test_first_response_by_tier_and_severity(handbook: Handbook, tier: str, row: list[str]) -> None:
    for severity, words in zip(Severity, row, strict=True):
        assert handbook.tiers[tier].targets[severity].first_response == words
        assert handbook.target(tier, severity, "first_response") == parse_target(words)


@pytest.mark.req("SL-5")
@pytest.mark.parametrize(
    ("tier", "hours"), [("standard", "Mon-Fri 09:00-17:00"), ("premium", "Mon-Fri 08:00-20:00"), ("enterprise", "24x7")]
)
def test_support_hours_by_tier_run_in_the_customers_zone(handbook: Handbook, tier: str, hours: str) -> None:
    calendar = handbook.calendar(tier, "Europe/Lisbon")
    assert handbook.tiers[tier].hours == hours
    assert str(calendar.hours) == hours
    assert calendar.zone == "Europe/Lisbon"
    assert handbook.calendar(tier).zone == "America/New_York"


@pytest.mark.req("IN-10")
@pytest.mark.parametrize(
    ("tier", "channels"),
    [
        ("standard", {"email", "ticketing"}),
        ("premium", {"email", "ticketing", "phone"}),
        ("enterprise", {"email", "ticketing", "phone", "slack"}),
    ],
)
def test_the_tier_decides_the_channels(handbook: Handbook, tier: str, channels: set[str]) -> None:
    assert set(handbook.tiers[tier].channels or ()) == channels


@pytest.mark.req("HB-2")
def test_price_coverage_and_account_manager_by_tier(handbook: Handbook) -> None:
    prices = [tier.price or "" for tier in handbook.tiers.values()]
    assert prices[0] == "Included in the basic service plan"
    assert "500 US dollars a month" in prices[1]
    assert "2,000 US dollars a month" in prices[2]
    managers = [tier.account_manager for tier in handbook.tiers.values()]
    assert managers == [None, "Account manager", "Technical account manager"]
    assert all(len((tier.features or ()) + tier.later_features) >= 5 for tier in handbook.tiers.values())


@pytest.mark.parametrize(
    ("tier", "figures"),
    [
        ("standard", "99.5 %|43.8 hours|8 hours|4 hours|5 seconds|5 seconds|500 milliseconds|10 seconds|30 seconds"),
        ("premium", "99.9 %|8.76 hours|4 hours|1 hour|2 seconds|2 seconds|200 milliseconds|5 seconds|10 seconds"),
        ("enterprise", "99.95 %|4.38 hours|2 hours|30 minutes|1 second|1 second|100 milliseconds|2 seconds|5 seconds"),
    ],
)
def test_availability_and_performance_figures_are_kept_by_tier(handbook: Handbook, tier: str, figures: str) -> None:
    levels = handbook.tiers[tier].service_levels
    assert levels is not None
    assert "|".join(str(each) for each in levels.model_dump().values()) == figures


@pytest.mark.req("ES-1")
@pytest.mark.parametrize(
    ("number", "name", "team", "window"),
    [
        (1, "Initial response", "First-line support", "0-1 hours"),
        (2, "Technical", "Technical support", "1-4 hours"),
        (3, "Engineering", "Engineering", "4-8 hours"),
        (4, "Executive", "Executives", "8-24 hours"),
    ],
)
def test_four_levels_with_team_duties_criteria_and_window(
    handbook: Handbook, number: int, name: str, team: str, window: str
) -> None:
    level = handbook.levels[number]
    assert (level.name, level.team, level.window) == (name, team, window)
    assert len(level.duties) == 3
    assert level.criteria


@pytest.mark.req("ES-1")
def test_a_level_answers_by_the_end_of_its_window(handbook: Handbook) -> None:
    ends = [level.respond_within for level in handbook.levels.values()]
    assert ends == [timedelta(hours=hours) for hours in (1, 4, 8, 24)]


@pytest.mark.req("ES-1")
def test_level_one_is_paged_at_0_15_and_30_minutes_and_level_two_at_45(handbook: Handbook) -> None:
    first = handbook.levels[1]
    assert (first.acknowledge_within, first.repeat) == (timedelta(minutes=15), 2)
    assert first.gives_up_after == timedelta(minutes=45)
    assert [handbook.next_level(number) for number in (1, 2, 3, 4)] == [2, 3, 4, None]


@pytest.mark.req("ES-2")
def test_five_automatic_triggers_and_how_far_they_reach(handbook: Handbook) -> None:
    reach = {kind: trigger.level for kind, trigger in handbook.escalation.triggers.items()}
    assert reach == {
        TriggerKind.SLA_BREACH: "next",
        TriggerKind.SEVERITY: 1,
        TriggerKind.SEVERAL_CUSTOMERS: 4,
        TriggerKind.SECURITY: 3,
        TriggerKind.DATA_LOSS: 3,
    }
    assert handbook.escalation.triggers[TriggerKind.SEVERITY].severities == (Severity.SEV1,)
    assert handbook.escalation.triggers[TriggerKind.SEVERAL_CUSTOMERS].count == 2


@pytest.mark.req("ES-3")
def test_five_reasons_for_escalating_by_hand(handbook: Handbook) -> None:
    assert [reason.label for reason in handbook.escalation.reasons.values()] == [
        "Customer request",
        "Support decision",
        "Management decision",
        "Technical complexity",
        "Business impact",
    ]


@pytest.mark.req("IN-6")
def test_six_ticket_categories(handbook: Handbook) -> None:
    assert list(handbook.categories) == ["technical", "feature", "account", "training", "integration", "general"]


@pytest.mark.req("UP-2")
def test_a_critical_ticket_is_updated_hourly_and_an_escalated_one_has_a_cadence_whatever_its_severity(
    handbook: Handbook,
) -> None:
    assert handbook.update_every("sev1") == timedelta(hours=1)
    assert handbook.update_every("sev1", escalated=True) == timedelta(hours=1)
    assert [handbook.update_every(severity) for severity in ("sev2", "sev3", "sev4")] == [None, None, None]
    escalated = [handbook.update_every(severity, escalated=True) for severity in ("sev2", "sev3", "sev4")]
    assert escalated == [timedelta(hours=4)] * 3


@pytest.mark.req("SL-8")
def test_commitments_are_shown_by_tier_and_overridden_by_the_customers_contract(handbook: Handbook) -> None:
    assert all(handbook.shows_commitments(tier) for tier in handbook.tiers)
    assert not handbook.shows_commitments("enterprise", contract=False)


@pytest.mark.req("SL-6")
def test_a_target_warns_at_four_fifths_where_no_slo_is_set(handbook: Handbook) -> None:
    assert handbook.slo("standard", "sev1", "first_response") is None
    assert handbook.warn_share * 5 == 4


@pytest.mark.req("PG-2")
def test_after_hours_only_a_critical_ticket_pages(handbook: Handbook) -> None:
    paged: dict[str, Any] = {key: handbook.pages_after_hours("standard", key) for key in handbook.severities}
    assert paged == {"sev1": True, "sev2": False, "sev3": False, "sev4": False}
    assert [key.value for key in handbook.severities if handbook.pages_on_opening(key)] == ["sev1"]


@pytest.mark.req("SL-5")
def test_four_hours_of_a_standard_tier_from_friday_afternoon_end_on_monday(handbook: Handbook) -> None:
    friday = datetime(2026, 1, 9, 21, 30, tzinfo=UTC)  # 16:30 in New York
    due = handbook.calendar("standard").add(friday, timedelta(hours=4))
    assert due == datetime(2026, 1, 12, 17, 30, tzinfo=UTC)  # Monday 12:30
