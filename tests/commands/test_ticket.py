"""What does an operator see of tickets?"""

import json

import pytest

from tests.commands.shell import Shell


@pytest.mark.parametrize("number", ["T-9", "nonsense", "T-99999999999999999999"])
def test_an_unknown_ticket_is_said_to_be_unknown(desk: Shell, number: str) -> None:
    for words in (("ticket", "show", number), ("ticket", "show", number, "--json")):
        said = desk.types(*words)

        assert said.code == 1
        assert said.sentence.startswith(f"There is no ticket {number} here.")


def test_an_empty_desk_says_that_no_ticket_is_open(desk: Shell) -> None:
    assert json.loads(desk.types("ticket", "list", "--json").out) == []
    assert desk.types("ticket", "list").out == "No ticket is open.\n"
