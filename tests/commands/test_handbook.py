"""What can an operator do with handbooks?"""

import pytest

from tests.commands.shell import Shell


def test_a_broken_handbook_is_checked_with_every_fault_at_its_place(shell: Shell) -> None:
    file = shell.file("ours.yml", "extends: enterprise\nupdates: {sev1: often}\nnonsense: 1\n")

    said = shell.types("handbook", "check", file)

    assert (said.code, said.out) == (1, "")
    assert [line.split(" ")[0] for line in said.err.splitlines()] == ["ours.yml:2:17:", "ours.yml:3:1:"]


@pytest.mark.parametrize("command", ["show", "publish", "check"])
def test_a_handbook_that_is_not_there_is_answered_with_those_that_ship(shell: Shell, command: str) -> None:
    said = shell.types("handbook", command, "nonesuch")

    assert said.code == 1
    for name in ("nonesuch", "enterprise", "channel", "service", "sla"):
        assert name in said.sentence


def test_the_effective_handbook_is_a_sound_handbook_without_difference(shell: Shell) -> None:
    shell.file("whole.yml", shell.types("handbook", "show", "sla").out)

    assert shell.types("handbook", "check", "whole.yml").code == 0
    assert shell.types("handbook", "diff", "sla", "whole.yml").out == "no difference\n"


def test_a_handbook_is_taken_from_the_environment_where_none_is_named(shell: Shell) -> None:
    assert "P1" in shell.types("handbook", "publish", "--for", "team", HANDBOOK="sla").out
