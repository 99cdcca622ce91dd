"""Is a value or key that a handbook cannot have refused at its line and column, with what is allowed?"""

from pathlib import Path

import pytest

from tests.handbook.broken import assert_refused

BROKEN = {
    "an unknown key": ("»colour: red\n", ["colour: is not a key here; allowed: name, title"]),
    "a misspelt key": (
        "tiers:\n  standard:\n    »contractural: true\n",
        ["tiers.standard.contractural: is not a key here; did you mean `contractual`?"],
    ),
    "a severity beyond four": (
        "severities:\n  »sev5: {label: Trivial, description: Nothing at all}\n",
        ["severities.sev5: must be one of sev1, sev2, sev3, sev4 (got 'sev5')"],
    ),
    "a tier without a label": (
        "tiers:\n  »gold:\n    hours: 24x7\n",
        ["tiers.gold.label: is missing; it says: The tier's name for people."],
    ),
    "a level without a wait": (
        "escalation:\n  levels:\n    »5: {name: Board}\n",
        ["escalation.levels.5.acknowledge_within: is missing", "How long one page waits"],
    ),
    "a tier that is a word": ("tiers:\n  gold: »premium\n", ["tiers.gold: must be `key: value` lines", "'premium'"]),
    "a list that is a word": ("pauses: »waiting\n", ["pauses: must be a list"]),
    "a number for a name": ("title: »42\n", ["title: must be text; put it in quotes (got 42)"]),
    "a truth value for a name": ("title: »true\n", ["title: must be text; put it in quotes (got true)"]),
    "words for a truth value": (
        "required_fields_block: »'sometimes'\n",
        ["required_fields_block: must be `true` or `false` (got 'sometimes')"],
    ),
    "a name of nothing": ("title: »''\n", ["title: must not be empty; leave the key out"]),
    "a prefix in small letters": (
        "ticket_prefix: »tick-\n",
        ["ticket_prefix: must look like `T` or `SUP`", "(got 'tick-')"],
    ),
    "a key with spaces": (
        "categories:\n  »billing questions: {label: Billing}\n",
        ["categories.billing questions: must look like a key: lower case letters"],
    ),
    "an unknown zone": ("zone: »Europe/Lisboa\n", ["zone: is no IANA time zone (got 'Europe/Lisboa')"]),
    "hours of an unknown day": (
        "tiers: {standard: {hours: »Mon-Fry 09:00-17:00}}\n",
        ["tiers.standard.hours: 'fry' is no weekday"],
    ),
    "a duration without a unit": (
        "max_silence: »15\n",
        ["max_silence: must be a duration in words such as `15 minutes`"],
    ),
    "a duration in business time": ("ask_for_update: »1 business hour\n", ["ask_for_update: ", "`15 minutes`"]),
    "a duration of nothing": ("max_silence: »0 minutes\n", ["max_silence: '0 minutes' is no time at all"]),
    "a target in unknown units": (
        "tiers: {standard: {targets: {sev1: {first_response: »4 fortnights}}}}\n",
        ["tiers.standard.targets.sev1.first_response: ", "`3 business days`"],
    ),
    "a range that runs backwards": (
        "tiers: {standard: {targets: {sev1: {first_response: »60-30 minutes}}}}\n",
        ["a range runs from the shorter to the longer time"],
    ),
    "a target that can be read in two ways": (
        "tiers: {standard: {targets: {sev1: {resolution: »3 days}}}}\n",
        ["say `business days`, `elapsed days`, or hours"],
    ),
    "an unknown metric": (
        "tiers: {standard: {targets: {sev1: {»last_response: 4 hours}}}}\n",
        ["is not a key here; did you mean", "first_response, next_response, resolution"],
    ),
    "an unknown cadence": (
        "updates: {sev2: »sometimes}\n",
        ["updates.sev2: must be a duration such as `1 hour`, or `continuous`, `daily`, `each business day`, `none`"],
    ),
    "a cadence of seconds": ("updates: {sev2: »5 seconds}\n", ["updates.sev2: must be a minute or longer"]),
    "a share without its sign": ("warn_at: »80\n", ["warn_at: must be a share between 0 % and 100 %, such as `80 %`"]),
    "a share of everything": ("warn_at: »100 %\n", ["warn_at: must be a share between 0 % and 100 %"]),
    "a window that runs backwards": (
        "escalation: {levels: {1: {window: »4-1 hours}}}\n",
        ["escalation.levels.1.window: must be a window such as `0-1 hours`"],
    ),
    "a page repeated a hundred times": (
        "escalation: {levels: {1: {repeat: »100}}}\n",
        ["escalation.levels.1.repeat: must be at most 10 (got 100)"],
    ),
    "a level that is no number": (
        "escalation: {levels: {»first: {name: First, acknowledge_within: 5 minutes}}}\n",
        ["escalation.levels.first: must be a whole number (got 'first')"],
    ),
    "an unknown trigger": (
        "escalation: {triggers: {»full_moon: {label: Full moon, level: next}}}\n",
        ["escalation.triggers.full_moon: must be one of sla_breach, severity, several_customers"],
    ),
    "a trigger to nowhere": (
        "escalation: {triggers: {security: {level: »the top}}}\n",
        ["escalation.triggers.security.level: must be `next` or the number of a level (got 'the top')"],
    ),
    "an unknown required field": (
        "required_fields: {»mood: {label: Mood, question: How do you feel}}\n",
        ["required_fields.mood: must be one of customer, environment"],
    ),
    "an unknown part of a closing note": (
        "closing: {required: [root_cause, »apology]}\n",
        ["closing.required[1]: must be one of root_cause, workaround, prevention (got 'apology')"],
    ),
    "a link to a script": (
        "links: [{label: Help, url: »'javascript:alert(1)'}]\n",
        ["links[0].url: must look like a link that begins with http:// or https://"],
    ),
    "a closed day that does not exist": (
        "tiers: {standard: {closed: [»2026-02-30]}}\n",
        ["tiers.standard.closed[0]: must be a date such as `2026-12-24` (got '2026-02-30')"],
    ),
    "an open day without hours": (
        "tiers: {standard: {open: »[2026-11-27]}}\n",
        ["tiers.standard.open", "must be a date with hours, such as `2026-11-27 09:00-13:00`"],
    ),
    "a country in small letters": (
        "tiers: {standard: {holidays: [»us]}}\n",
        ["tiers.standard.holidays[0]: must be a country or a country with subdivision, such as `US` or `DE-BY`"],
    ),
    "years that are one year": (
        "holiday_years: »'2026'\n",
        ["holiday_years: must look like a range of years such as `2025-2035`"],
    ),
    "an unknown section": ("published: [scope, »portal]\n", ["published[1]: must be one of scope, tiers, channels"]),
    "an unknown way to regrade": ("regrade: »never\n", ["regrade: must be one of from_start, from_change"]),
    "holidays written out by hand": (
        "tiers: {standard: {»public_holidays: {2026-01-01: New Year}}}\n",
        ["tiers.standard.public_holidays: is written by the loader; name places in `holidays`"],
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_value_that_a_handbook_cannot_have_is_refused_at_its_place(name: str, tmp_path: Path) -> None:
    text, says = BROKEN[name]
    assert_refused(tmp_path, "extends: enterprise\n" + text, *says)


def test_all_faults_of_a_file_are_told_at_once_in_the_order_of_its_lines(tmp_path: Path) -> None:
    text = "extends: enterprise\nzone: »Mars\ntiers:\n  standard: {hours: »never}\nwarn_at: »all\n»colour: red\n"
    assert_refused(tmp_path, text, "zone: ", "tiers.standard.hours: ", "warn_at: ", "colour: ")


def test_a_file_that_starts_from_nothing_is_told_of_every_key_that_it_needs(tmp_path: Path) -> None:
    needed = ("default_severity", "severities", "tiers", "title")
    marked = "»" * len(needed) + "ticket_prefix: SUP\n"
    assert_refused(tmp_path, marked, *(f"{key}: is missing; it says: " for key in needed))
