"""Can each row of the bench be measured, and does it say what it found? With tiny counts: how fast is not asked."""

import json
import logging
from collections.abc import Iterator
from math import isfinite
from typing import Any

import pytest
import structlog

from tests.bench import __main__ as bench
from tests.bench.goal import Goal, at_most, faster
from tests.bench.idles import libraries
from tests.bench.measure import interleaved, p99

LIGHT = ("command", "intake", "claim", "fire", "arm", "drain", "storm", "day")
"""Rows without processes, servers and libraries that only `make bench` installs."""


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """A desk of the bench sets the log up as its process would; afterwards it is as before."""
    root = logging.getLogger()
    kept, level, shape = root.handlers, root.level, structlog.get_config()
    yield
    root.handlers = kept
    root.setLevel(level)
    structlog.configure(**shape)


@pytest.mark.parametrize("row", LIGHT)
def test_a_row_measures_both_sides(row: str) -> None:
    for goal in bench.goals(row, part=0.002):
        # A row that is a difference may come out below nothing where little is counted on a busy machine.
        assert isfinite(goal.ratio)
        assert goal.baseline > 0


@pytest.mark.long
@pytest.mark.parametrize("row", sorted(set(bench.ROWS) - set(LIGHT) - {"calendar", "http"}))
def test_a_row_with_processes_measures_both_sides(row: str) -> None:
    for goal in bench.goals(row, part=0.01):
        assert goal.ours > 0


def test_a_goal_holds_at_its_bound_and_not_beyond() -> None:
    assert at_most("a", 5, 10, 0.5).holds
    assert not at_most("a", 6, 10, 0.5).holds
    assert faster("a", 5, 10, 2).holds
    assert not faster("a", 6, 10, 2).holds


@pytest.mark.parametrize(("bound", "code"), [(1.0, 0), (3.0, 1)])
def test_the_exit_code_says_whether_all_hold(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], bound: float, code: int
) -> None:
    def measured(_row: str, *, part: float) -> list[Goal]:
        return [faster("a", 5, 10, bound)]

    monkeypatch.setattr(bench, "goals", measured)
    monkeypatch.setattr("sys.argv", ["bench", "claim", "--json"])
    assert bench.main() == code
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert said["holds"] is (code == 0)
    assert [goal["name"] for goal in said["goals"]] == ["a"]


def test_a_row_that_is_not_there_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["bench", "speed"])
    with pytest.raises(SystemExit) as ended:
        bench.main()
    assert ended.value.code == 2


def test_ways_take_turns_in_both_orders() -> None:
    order: list[str] = []
    took = interleaved({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=2, warm=0)
    assert order == ["b", "a", "a", "b"]
    assert [len(found) for found in took.values()] == [2, 2]


def test_the_slowest_of_a_hundred_is_left_out_of_p99() -> None:
    assert p99([float(number) for number in range(1, 101)]) == 99


def test_every_library_of_a_running_desk_is_imported_for_comparison() -> None:
    assert {"slack_bolt", "sqlmodel", "jinja2", "apscheduler.schedulers.background", "uvicorn"} <= set(libraries())
