"""Does `bot deadline` answer alone on the first line, and name what is wrong in one?"""

import json

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


@pytest.mark.parametrize(
    ("promise", "due", "span"),
    [
        ("sla/sla/P2/first_response", "2026-03-06T17:00:00-05:00", "to Fri 2026-03-06 17:00-05:00"),
        ("sla/sla/P3/resolution", "2026-03-11T16:00:00-04:00", "Wed 2026-03-11 16:00-04:00  business day 3"),
        ("enterprise/enterprise/critical/update", "2026-03-06T17:00:00-05:00", "to Fri 2026-03-06 17:00-05:00"),
        ("sla/sla/P3/update", "2026-03-09T16:00:00-04:00", "Mon 2026-03-09 16:00-04:00  business day 1"),
        ("enterprise/enterprise/critical/acknowledge", "2026-03-06T16:15:00-05:00", "to Fri 2026-03-06 16:15-05:00"),
        ("service/service/Severity 1/worked", "2026-03-06T18:00:00-05:00", "to Fri 2026-03-06 18:00-05:00"),
    ],
)
def test_every_metric_of_a_handbook_says_why(shell: Shell, promise: str, due: str, span: str) -> None:
    options = ("--handbook", "--tier", "--severity", "--metric")
    pairs = [("--at", "2026-03-06 16:00"), *zip(options, promise.split("/"), strict=True)]
    asked = [word for pair in pairs for word in pair]

    assert shell.types("deadline", *asked).out == f"{due}\n"
    explained = shell.types("deadline", *asked, "--explain").out
    assert explained.splitlines()[0] == due
    assert span in explained
    told = json.loads(shell.types("deadline", *asked, "--explain", "--json").out)
    assert told["due_at"] == due
    assert told["ledger"][-1]["to"] == due


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
