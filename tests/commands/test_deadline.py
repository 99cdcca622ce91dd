"""Does `bot deadline` answer alone on the first line, and name what is wrong in one?"""

import pytest

from tests.commands.shell import Shell


@pytest.mark.parametrize(
    ("given", "due"),
    [
        (
            ("--target", "8 business hours", "--hours", "Mon-Fri 09:00-17:00", "--tz", "America/New_York"),
            "2026-03-09T16:00:00-04:00",
        ),
        (("--target", "8 elapsed hours", "--hours", "Mon-Fri 09:00-17:00", "--tz", "UTC"), "2026-03-07T00:00:00+00:00"),
        (("--target", "90 minutes", "--hours", "24x7", "--tz", "Asia/Tokyo"), "2026-03-06T17:30:00+09:00"),
        (("--handbook", "sla", "--severity", "P1", "--metric", "first_response"), "2026-03-06T16:15:00-05:00"),
    ],
)
@pytest.mark.parametrize("more", [(), ("--explain",)], ids=["alone", "explained"])
def test_a_deadline_stands_alone_on_the_first_line(
    shell: Shell, given: tuple[str, ...], due: str, more: tuple[str, ...]
) -> None:
    said = shell.types("deadline", "--at", "2026-03-06 16:00", *given, *more)

    assert said.code == 0
    assert said.out.splitlines()[0] == due
    assert (len(said.out.splitlines()) > 1) == bool(more)


def test_the_next_update_by_a_handbook_is_a_deadline_too(shell: Shell) -> None:
    asked = ("--handbook", "enterprise", "--tier", "enterprise", "--severity", "critical", "--metric", "update")

    assert shell.types("deadline", "--at", "2026-03-06 16:00", *asked).out == "2026-03-06T17:00:00-05:00\n"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"--at": "yesterday"}, "yesterday"),
        ({"--target": "soon"}, "soon"),
        ({"--hours": "nine to five"}, "nine to five"),
        ({"--tz": "Mars/Base"}, "Mars/Base"),
        ({"--pause": "2026-03-06"}, "2026-03-06"),
        ({"--holidays": "ATLANTIS"}, "ATLANTIS"),
    ],
    ids=lambda value: "" if isinstance(value, str) else next(iter(value)),
)
def test_what_is_wrong_with_a_deadline_is_named_in_one_line(shell: Shell, changed: dict[str, str], named: str) -> None:
    given = {"--at": "2026-03-06 16:00", "--target": "8 hours", "--hours": "Mon-Fri 09:00-17:00", "--tz": "UTC"}

    said = shell.types("deadline", *(word for pair in (given | changed).items() for word in pair))

    assert said.code == 1
    assert named in said.sentence
