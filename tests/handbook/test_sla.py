"""Does the built-in `sla` say what the SLA handbook says?"""

from datetime import timedelta

import pytest

from bot.domain.handbook import Handbook
from bot.domain.handbook_words import Rhythm
from bot.domain.target import parse_target
from bot.domain.ticket import Severity
from bot.handbook import load


@pytest.fixture(scope="module")
def handbook() -> Handbook:
    return load("sla").handbook


@pytest.mark.req("SV-1")
def test_the_priorities_are_p1_to_p4(handbook: Handbook) -> None:
    assert list(handbook.severity_names().values()) == ["P1", "P2", "P3", "P4"]
    assert handbook.security_severity is Severity.SEV1


@pytest.mark.req("SL-2")
@pytest.mark.parametrize(
    ("priority", "first_response", "resolution"),
    [
        ("P1", "15 minutes", "4 hours"),
        ("P2", "1 hour", "24 hours"),
        ("P3", "4 hours", "3 business days"),
        ("P4", "1 business day", "5 business days"),
    ],
)
def test_targets_by_priority(handbook: Handbook, priority: str, first_response: str, resolution: str) -> None:
    severity = handbook.severity(priority)
    assert severity is not None
    assert handbook.target("sla", severity, "first_response") == parse_target(first_response)
    assert handbook.target("sla", severity, "resolution") == parse_target(resolution)
    assert handbook.shows_commitments("sla")


@pytest.mark.req("SL-5")
def test_hours_are_elapsed_and_business_days_are_monday_to_friday(handbook: Handbook) -> None:
    assert handbook.calendar("sla").always_open
    assert str(handbook.business("Asia/Tokyo").hours) == "Mon-Fri 09:00-17:00"
    assert handbook.business("Asia/Tokyo").zone == "Asia/Tokyo"


@pytest.mark.req("UP-2")
def test_p1_is_updated_continuously_p2_every_four_hours_p3_daily_and_p4_is_open(handbook: Handbook) -> None:
    continuous, four_hourly, daily = (handbook.cadence(key) for key in ("sev1", "sev2", "sev3"))
    assert continuous is not None
    assert continuous.rhythm is Rhythm.CONTINUOUS
    assert handbook.update_every("sev1") == timedelta(minutes=15)
    assert four_hourly is not None
    assert four_hourly.every == timedelta(hours=4)
    assert daily is not None
    assert daily.rhythm is Rhythm.BUSINESS_DAY
    assert handbook.cadence("sev4") is None


@pytest.mark.req("IN-3")
def test_priority_impact_environment_and_steps_are_required(handbook: Handbook) -> None:
    assert set(handbook.required_fields) == {"severity", "impact", "environment", "steps"}


@pytest.mark.req("ES-5")
def test_roles_by_priority(handbook: Handbook) -> None:
    roles = handbook.escalation.roles
    assert roles[Severity.SEV1] == ("incident_commander", "engineering_on_call", "communications_lead")
    assert roles[Severity.SEV2] == ("squad_lead", "feature_owner")
    assert handbook.escalation.ladder_role == "engineering_on_call"
    assert set(handbook.escalation.playbooks) >= {Severity.SEV3, Severity.SEV4}


@pytest.mark.req("LC-2")
def test_a_closing_note_names_root_cause_workaround_and_prevention(handbook: Handbook) -> None:
    assert handbook.closing.required == ("root_cause", "workaround", "prevention")
    assert handbook.silence_closes_after("sev1") == timedelta(hours=24)
