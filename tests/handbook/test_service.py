"""Does the built-in `service` say what the service policy says?"""

from datetime import timedelta

import pytest

from bot.domain.handbook import Handbook
from bot.domain.handbook_open_items import open_items
from bot.domain.target import Target, Unit
from bot.domain.ticket import Severity
from bot.handbook import load


@pytest.fixture(scope="module")
def handbook() -> Handbook:
    return load("service").handbook


@pytest.mark.req("SV-1")
def test_there_are_three_severities_urgent_medium_and_low(handbook: Handbook) -> None:
    assert list(handbook.severity_names().values()) == ["Severity 1: Urgent", "Severity 2: Medium", "Severity 3: Low"]
    assert handbook.severity("Severity 2") is Severity.SEV2
    assert handbook.severity("urgent") is Severity.SEV1
    assert handbook.severity("sev4") is None


@pytest.mark.req("SV-4")
def test_information_billing_and_documentation_are_severity_3(handbook: Handbook) -> None:
    for category in ("information", "billing", "documentation"):
        assert handbook.categories[category].proposes is Severity.SEV3


@pytest.mark.req("SL-4")
def test_severity_2_is_answered_within_24_hours_and_severity_3_within_48_elapsed(handbook: Handbook) -> None:
    assert handbook.target("service", "sev2", "first_response") == Target(24, Unit.ELAPSED)
    assert handbook.target("service", "sev3", "first_response") == Target(48, Unit.ELAPSED)


@pytest.mark.req("SL-4")
def test_severity_1_is_worked_within_two_hours(handbook: Handbook) -> None:
    assert handbook.unworked_for("sev1") == timedelta(hours=2)
    assert handbook.unworked_for("sev2") is None


@pytest.mark.req("ES-6")
def test_the_operations_manager_is_paged_at_once_and_the_vp_after_two_hours_and_the_contact_called(
    handbook: Handbook,
) -> None:
    escalation = handbook.escalation
    assert escalation.roles[Severity.SEV1] == ("operations_manager",)
    assert escalation.unworked_pages == ("vp_operations",)
    assert escalation.unworked_calls == "escalation"
    assert Severity.SEV1 in escalation.mobilises


@pytest.mark.req("UP-1")
def test_severity_1_is_told_of_hourly(handbook: Handbook) -> None:
    assert handbook.update_every("sev1") == timedelta(hours=1)


@pytest.mark.req("SL-5")
def test_support_is_around_the_clock(handbook: Handbook) -> None:
    assert handbook.calendar("service").always_open


@pytest.mark.req("IN-4")
def test_end_users_are_told_whom_to_ask_first(handbook: Handbook) -> None:
    assert "end user" in (handbook.end_users_note or "")
    assert "Direct support of individual end users" in (handbook.scope.excluded or ())


def test_servers_are_checked_every_15_minutes_and_ten_failures_open_a_severity_1(handbook: Handbook) -> None:
    checks = handbook.monitoring
    assert checks is not None
    assert (checks.check_every, checks.failures, checks.severity) == (timedelta(minutes=15), 10, Severity.SEV1)
    assert checks.updates_if_beyond == "2 hours"


@pytest.mark.req("HB-4")
def test_the_first_response_to_severity_1_is_open_because_the_source_has_no_figure(handbook: Handbook) -> None:
    assert handbook.target("service", "sev1", "first_response") is None
    assert "tiers.service.targets.sev1.first_response" in {item.key for item in open_items(handbook)}
