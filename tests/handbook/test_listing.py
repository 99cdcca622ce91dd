"""Do list, show, check, diff and the table of keys say what a person needs?"""

from pathlib import Path

import pytest

from bot.handbook import load, names
from bot.handbook.keys import key_reference
from bot.handbook.listing import check, diff, effective, listing


def test_the_list_names_each_built_in_with_its_tiers() -> None:
    lines = listing().splitlines()
    assert [line.split()[0] for line in lines] == list(names())
    assert "standard, premium, enterprise" in lines[0]


def test_show_writes_the_whole_handbook_with_its_hash() -> None:
    loaded = load("service")
    text = effective(loaded)
    assert loaded.hash in text
    assert "sev1: 2 hours" in text


def test_check_says_in_one_line_that_a_file_is_sound() -> None:
    assert check(load("sla")).startswith("sla.yml: sound: Customer Support SLA; tiers sla; P1, P2, P3, P4; pinned as ")


@pytest.mark.req("HB-1")
def test_diff_names_each_key_that_differs_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "acme.yml"
    path.write_text(
        "name: enterprise\nextends: enterprise\nwarn_at: 70 %\nresponsibilities: null\nupdates: {sev2: 4 hours}\n",
        encoding="utf-8",
    )
    lines = diff(load("enterprise"), load(str(path))).splitlines()
    assert "warn_at: 80 % -> 70 %" in lines
    assert "updates.sev2: added 4 hours" in lines
    assert any(line.startswith("responsibilities: removed [") for line in lines)
    assert len(lines) == 3
    assert diff(load("sla"), load("sla")) == "no difference\n"


def test_every_key_has_a_meaning() -> None:
    rows = key_reference().splitlines()[2:]
    assert len(rows) > 120
    assert all(len(row.split(" | ")[1]) > 8 for row in rows)
    for key in ("`updates.sev1`", "`tiers.NAME.targets.sevN.first_response`", "`escalation.levels.N.repeat`"):
        assert any(row.startswith(f"| {key} |") for row in rows)
