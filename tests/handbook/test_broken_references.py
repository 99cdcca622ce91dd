"""Is a handbook that contradicts itself, or that no ticket could live by, refused at the key that does so?"""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.handbook import HandbookError, load
from tests.handbook.broken import assert_refused

_NO_SEV3 = "closing: null\ntiers: {service: {targets: {sev3: null}}}\n"

BROKEN = {
    "a default severity that was taken away": (
        "extends: service\nseverities: {sev3: null}\ndefault_severity: »sev3\ncategories: null\n" + _NO_SEV3,
        ["default_severity: this handbook has no sev3; it has sev1, sev2"],
    ),
    "a word that means two severities": (
        "severities: {sev2: {aliases: [»P1]}}\n",
        ["severities.sev2.aliases[0]: `P1` already means sev1; a word means one severity"],
    ),
    "two severities of one name": (
        "severities: {sev2: {label: »Critical}}\n",
        ["severities.sev2.label: `Critical` already means sev1"],
    ),
    "a name that is another severity's key": (
        "severities: {sev2: {label: »Sev 1}}\n",
        ["severities.sev2.label: `Sev 1` already means sev1; a word means one severity"],
    ),
    "a channel that does not exist": (
        "tiers: {standard: {channels: [ticketing, »fax]}}\n",
        ["tiers.standard.channels[1]: no channel `fax`; `channels` has: ticketing, slack, email, phone"],
    ),
    "skills for a category that does not exist": (
        "assignment: {skills: {integration: [api], telex: »[morse]}}\n",
        ["assignment.skills.telex: no category `telex`; `categories` has: "],
    ),
    "an SLO that is not stricter": (
        "tiers: {standard: {slo: {sev1: {first_response: »4 hours}}}}\n",
        ["tiers.standard.slo.sev1.first_response: must be stricter than the target `4 hours` (got '4 hours')"],
    ),
    "an SLO that is a range": (
        "tiers: {standard: {slo: {sev1: {first_response: »1-2 hours}}}}\n",
        ["is internal, so it is one figure and no range"],
    ),
    "days off without hours": (
        "extends: channel\ntiers:\n  »partner: {closed: [2026-12-24]}\n",
        ["tiers.partner: has days or a zone of its own but no `hours`"],
    ),
    "days off around the clock": (
        "tiers: {enterprise: {hours: »24x7, closed: [2026-12-24]}}\n",
        ["tiers.enterprise.hours: is 24x7, which nothing closes"],
    ),
    "holidays without years": (
        "holiday_years: null\ntiers: {standard: {holidays: »[US]}}\n",
        ["tiers.standard.holidays: need `holiday_years`, such as `2025-2035`"],
    ),
    "years that go backwards": (
        "holiday_years: »2030-2020\ntiers: {standard: {holidays: [US]}}\n",
        ["holiday_years: must go forward"],
    ),
    "holidays of a country nobody knows": (
        "tiers: {standard: {holidays: »[ZZ]}}\n",
        ["tiers.standard.holidays: the holidays of `ZZ` are not known", "dates in `closed`"],
    ),
    "holidays of a subdivision nobody knows": (
        "tiers: {standard: {holidays: »[DE-XX]}}\n",
        ["`DE` has no subdivision `XX`; known: ", "BY"],
    ),
    "a silent Sev 1": (
        "»updates: {sev1: null}\n",
        ["updates.sev1: is missing; an open sev1"],
    ),
    "a Sev 1 told of every other hour": (
        "updates: {sev1: »2 hours}\n",
        ["updates.sev1: an open sev1 is told of at least hourly: `1 hour` or less, or `continuous` (got '2 hours')"],
    ),
    "a Sev 1 told of by day only": (
        "updates: {sev1: »daily}\n",
        ["updates.sev1: an open sev1 is told of at least hourly"],
    ),
    "a continuous silence of two hours": (
        "updates: {sev1: continuous}\nmax_silence: »2 hours\n",
        ["max_silence: an open sev1 is told of at least hourly"],
    ),
    "a gap in the ladder": (
        "escalation:\n  levels:\n    »6: {name: Board, acknowledge_within: 1 hour}\n",
        ["escalation.levels.6: levels count from 1 without a gap; there is no level 5"],
    ),
    "no ladder at all": (
        "escalation:\n  »levels: {1: null, 2: null, 3: null, 4: null}\n  triggers: null\n",
        ["escalation.levels: is empty; give at least level 1, or nobody is ever paged"],
    ),
    "a level of a tier that does not exist": (
        "escalation: {levels: {2: {tier: »reseller}}}\n",
        ["escalation.levels.2.tier: no tier `reseller`; `tiers` has: standard, premium, enterprise"],
    ),
    "a tier that nobody escalates to": (
        "tiers: {premium: {starts: »escalation}}\n",
        ["tiers.premium.starts: is `escalation`, but no escalation level says `tier: premium`"],
    ),
    "a chain that ends in silence": (
        "escalation: {after_last: {alarm: »false}}\n",
        ["escalation.after_last.alarm: must be `true`; a chain of pages never ends in silence"],
    ),
    "a last level that rests at night": (
        "escalation: {levels: {4: {hours: »Mon-Fri 08:00-18:00}}}\n",
        ["escalation.levels.4.hours: cannot be set on the last level: somebody must always be left to page"],
    ),
    "a level's zone without hours": (
        "escalation: {levels: {2: {zone: »Europe/Lisbon}}}\n",
        ["escalation.levels.2.zone: needs `hours`, which run in it"],
    ),
    "a trigger beyond the ladder": (
        "escalation: {triggers: {security: {level: »7}}}\n",
        ["escalation.triggers.security.level: no level 7; write `next` or one of: 1, 2, 3, 4"],
    ),
    "a trigger of no severity": (
        "escalation:\n  triggers:\n    »severity: {severities: []}\n",
        ["escalation.triggers.severity: needs `severities`, such as `[sev1]`"],
    ),
    "several customers that are one": (
        "escalation:\n  triggers:\n    »several_customers: {count: 1}\n",
        ["needs a `count` of 2 or more customers"],
    ),
    "repeated failures that are not counted": (
        "escalation:\n  triggers:\n    »repeated_failures: {label: Again, level: next, count: 3}\n",
        ["needs `count` with `window`, or `reopenings`"],
    ),
    "a ladder role that nobody has": (
        "escalation: {ladder_role: »captain}\n",
        ["escalation.ladder_role: `captain` is no role of `roles`"],
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_handbook_that_contradicts_itself_is_refused_at_the_key(name: str, tmp_path: Path) -> None:
    text, says = BROKEN[name]
    text = text if text.startswith("extends:") else "extends: enterprise\n" + text
    assert_refused(tmp_path, text, *says)


def test_a_fault_in_an_inherited_file_names_that_file(tmp_path: Path) -> None:
    (tmp_path / "house.yml").write_text("extends: enterprise\nwarn_at: 120 %\n", encoding="utf-8")
    path = tmp_path / "acme.yml"
    path.write_text("extends: house.yml\n", encoding="utf-8")
    assert_refused_in(path, f"{tmp_path / 'house.yml'}:2:10: warn_at: ")


def test_a_key_that_no_longer_fits_what_is_inherited_names_the_file_that_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "acme.yml"
    path.write_text("extends: channel\nchannels: {ticketing: null}\n", encoding="utf-8")
    assert_refused_in(path, "channel.yml:", "no channel `ticketing`; `channels` has: none")


def test_a_calendar_that_does_not_open_for_a_year_is_refused_at_its_hours(tmp_path: Path) -> None:
    sunday = date(2026, 1, 4)
    closed = ", ".join((sunday + timedelta(weeks=week)).isoformat() for week in range(54))
    text = f"extends: enterprise\ntiers:\n  standard: {{hours: »'Sun 09:00-17:00', closed: [{closed}]}}\n"
    assert_refused(tmp_path, text, "tiers.standard.hours: ", "366 days")


def assert_refused_in(path: Path, *says: str) -> None:
    with pytest.raises(HandbookError) as refused:
        load(str(path))
    for words in says:
        assert words in str(refused.value)
