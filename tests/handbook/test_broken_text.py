"""Is a text that is no sound YAML refused at its line and column, with what to do?"""

from pathlib import Path

import pytest

from tests.handbook.broken import assert_refused

BROKEN = {
    "an empty file": ("»", ["is empty", "extends: enterprise"]),
    "a file of comments": ("»# nothing yet\n", ["is empty", "extends: enterprise"]),
    "a list": ("»- enterprise\n", ["must be `key: value` lines"]),
    "a single word": ("»enterprise\n", ["must be `key: value` lines"]),
    "a tab for indentation": ("tiers:\n»\tgold: {}\n", ["is not YAML", "indentation"]),
    "an open quote": ("extends: enterprise\ntitle: 'Acme\n»", ["is not YAML", "quotes"]),
    "an open bracket": ("extends: enterprise\npauses: [waiting_for_customer\n»", ["is not YAML"]),
    "a colon in plain words": ("extends: enterprise\ntitle: Acme»: gold\n", ["is not YAML", "colons and quotes"]),
    "a wrong indentation": ("extends: enterprise\nupdates:\n  sev1: 1 hour\n »sev2: 4 hours\n", ["is not YAML"]),
    "two documents": ("extends: enterprise\n»---\nextends: sla\n", ["is not YAML", "another document"]),
    "a key written twice": (
        "extends: enterprise\ntitle: Acme\n»title: Acme Gold\n",
        ["title: is written twice (first in line 2); keep one"],
    ),
    "a deep key written twice": (
        "extends: enterprise\nupdates:\n  sev1: 1 hour\n  »sev1: 30 minutes\n",
        ["updates.sev1: is written twice (first in line 3)"],
    ),
    "an alias": ("extends: enterprise\nupdates: {sev1: &hour 1 hour, sev2: »*hour}\n", ["`*hour` is an alias"]),
    "a character of number 0": ('extends: enterprise\ntitle: »"Ac\\0me"\n', [r"holds the character \0"]),
    "a tag": ("extends: enterprise\ntitle: »!secret Acme\n", ["title: has the tag `!secret`"]),
    "a list as a key": ("extends: enterprise\n? »[sev1, sev2]\n: 1 hour\n", ["a key must be a single word"]),
    "no for a label": (
        "extends: enterprise\nseverities: {sev1: {label: »no}}\n",
        ["severities.sev1.label: `no` is a word to some readers", 'or "no" in quotes'],
    ),
    "yes for a truth value": (
        "extends: enterprise\ntiers: {standard: {contractual: »yes}}\n",
        ["tiers.standard.contractual: `yes`", "write `true` or `false`"],
    ),
    "on as a key": ("extends: enterprise\nescalation: {after_last: {»on: true}}\n", ["escalation.after_last.on: `on`"]),
    "a time of day without quotes": (
        "extends: enterprise\ntiers: {standard: {hours: »12:30}}\n",
        ["tiers.standard.hours: `12:30` is a number of base 60", '"12:30" in quotes'],
    ),
    "a number with a leading zero": (
        "extends: enterprise\nmonitoring: {check_every: 15 minutes, failures: »010, severity: sev1}\n",
        ["`010` is a different number to different readers", "plain decimal digits"],
    ),
    "extends that leads nowhere": (
        "extends: »gold\n",
        ["extends: leads to nothing", "no such file", "enterprise, channel, service, sla"],
    ),
    "extends with a list": ("extends: »[enterprise]\n", ["extends: must be a built-in"]),
    "extends that extends itself": ("title: Acme\nextends: »acme.yml\n", ["extends: goes in a circle", "acme.yml ->"]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_text_that_is_not_sound_yaml_is_refused_at_its_place(name: str, tmp_path: Path) -> None:
    text, says = BROKEN[name]
    assert_refused(tmp_path, text, *says)
