"""Do the questions that services ask of a handbook have the answers that its keys mean?"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.handbook import Handbook
from bot.domain.handbook_words import Cadence, Rhythm, cadence, share, window_end
from bot.domain.ticket import Severity
from bot.handbook import load

ENTERPRISE = load("enterprise").handbook
SLA = load("sla").handbook


def with_keys(handbook: Handbook, **keys: object) -> Handbook:
    return Handbook.model_validate(handbook.model_dump(mode="json", exclude_none=True) | keys)


@pytest.mark.req("SV-1")
@pytest.mark.parametrize("word", ["sev1", "SEV1", "sev 1", "Sev-1", "1", "Critical", "CRITICAL", "p1", "P1", "urgent"])
def test_a_severity_is_found_by_key_label_and_alias_whatever_the_case(word: str) -> None:
    assert ENTERPRISE.severity(word) is Severity.SEV1


@pytest.mark.req("SV-1")
@pytest.mark.parametrize("word", ["", "sev", "sev5", "0", "checkout", "criticality", "-"])
def test_a_word_that_names_no_severity_finds_none(word: str) -> None:
    assert ENTERPRISE.severity(word) is None


@pytest.mark.req("SV-1")
@given(st.sampled_from(sorted(SLA.severities)), st.booleans(), st.sampled_from(["", " ", "-", "_"]))
def test_every_name_of_a_severity_finds_it_in_any_spelling(key: Severity, upper: bool, joint: str) -> None:
    names = SLA.severities[key]
    for word in (key.value, names.label, *names.aliases):
        spelt = word.replace(" ", joint)
        assert SLA.severity(spelt.upper() if upper else spelt) is key


def test_severities_are_named_from_the_highest_down() -> None:
    turned = with_keys(ENTERPRISE, severities=dict(reversed(ENTERPRISE.model_dump(mode="json")["severities"].items())))
    assert list(turned.severity_names()) == [Severity.SEV1, Severity.SEV2, Severity.SEV3, Severity.SEV4]


@pytest.mark.req("UP-6")
def test_of_an_escalated_tickets_two_cadences_the_denser_one_holds() -> None:
    handbook = with_keys(SLA, escalated_update="6 hours")
    assert handbook.update_every("sev2", escalated=True) == timedelta(hours=4)
    assert handbook.update_every("sev3", escalated=True) == timedelta(hours=6)
    assert handbook.update_every("sev4", escalated=True) == timedelta(hours=6)
    assert handbook.update_every("sev1", escalated=True) == timedelta(minutes=15)


@pytest.mark.req("UP-2")
@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("1 hour", Cadence(Rhythm.EVERY, timedelta(hours=1))),
        ("continuous", Cadence(Rhythm.CONTINUOUS)),
        ("daily", Cadence(Rhythm.BUSINESS_DAY)),
        ("each business day", Cadence(Rhythm.BUSINESS_DAY)),
        ("none", Cadence(Rhythm.NONE)),
    ],
)
def test_a_cadence_is_read_from_its_words(words: str, meant: Cadence) -> None:
    assert cadence(words) == meant


def test_a_share_and_a_window_are_read_from_their_words() -> None:
    assert share("80 %") == share("80%")
    assert share("12.5 %") * 8 == 1
    assert window_end("30-90 minutes") == timedelta(minutes=90)


@pytest.mark.req("SL-6")
def test_an_slo_of_its_own_goes_before_the_share() -> None:
    tiers = SLA.model_dump(mode="json", exclude_none=True)["tiers"]
    tiers["sla"]["slo"] = {"sev1": {"first_response": "10 minutes"}}
    handbook = with_keys(SLA, tiers=tiers)
    assert handbook.slo("sla", "sev1", "first_response") != handbook.sla("sla", "sev1", "first_response")
    assert handbook.slo("sla", "sev1", "resolution") is None


def test_a_tier_may_page_after_hours_for_more_severities_but_never_for_fewer_than_the_first() -> None:
    tiers = ENTERPRISE.model_dump(mode="json", exclude_none=True)["tiers"]
    tiers["premium"]["after_hours"] = ["sev2"]
    handbook = with_keys(ENTERPRISE, tiers=tiers)
    assert handbook.pages_after_hours("premium", "sev1")
    assert handbook.pages_after_hours("premium", "sev2")
    assert not handbook.pages_after_hours("standard", "sev2")


def test_a_tiers_own_zone_goes_before_the_customers() -> None:
    tiers = ENTERPRISE.model_dump(mode="json", exclude_none=True)["tiers"]
    tiers["standard"]["zone"] = "Asia/Kolkata"
    handbook = with_keys(ENTERPRISE, tiers=tiers)
    assert handbook.calendar("standard", "Europe/Lisbon").zone == "Asia/Kolkata"
    assert handbook.calendar("premium", "Europe/Lisbon").zone == "Europe/Lisbon"


def test_a_calendar_is_built_once_and_leaves_the_handbook_equal_and_its_text_alone() -> None:
    used, fresh = with_keys(ENTERPRISE), with_keys(ENTERPRISE)
    assert used.calendar("standard", "Asia/Tokyo") is used.calendar("standard", "Asia/Tokyo")
    assert used.business() is used.business()
    assert used == fresh
    assert used.model_dump() == fresh.model_dump()


def test_an_unknown_tier_or_metric_is_no_silent_nothing() -> None:
    with pytest.raises(KeyError):
        ENTERPRISE.target("gold", "sev1", "first_response")
    with pytest.raises(KeyError):
        ENTERPRISE.target("standard", "sev1", "last_response")
    assert ENTERPRISE.tier("gold") is None
    assert ENTERPRISE.level(9) is None


def test_a_field_has_a_label_whether_or_not_it_is_required() -> None:
    assert ENTERPRISE.field_label("logs") == "Logs or screenshots"
    assert ENTERPRISE.field_label("customer") == "Customer"


@pytest.mark.req("IN-3")
def test_missing_fields_hold_nothing_up_where_the_handbook_says_so() -> None:
    assert ENTERPRISE.blocking_fields("sev3") == ()
    assert SLA.blocking_fields("sev3") == ("severity", "impact", "environment", "steps")
    assert SLA.blocking_fields("sev1") == ()
