"""Does the product keep its promises of speed? `make bench` prints a table; `--json` prints the same for programs.

Each goal is a ratio against a named baseline that runs beside it. `make bench BENCH="claim arm"` runs these rows alone,
`--part 0.1` a tenth of each. Exits 0 only where all goals hold, 2 for a row that is not there.
"""

import argparse
import importlib
import json
import sys

from tests.bench.goal import HEAD, Goal

ROWS = {
    "calendar": "calendars",
    "command": "commands",
    "http": "web",
    "socket": "envelopes",
    "intake": "intakes",
    "claim": "claims",
    "fire": "fires",
    "growth": "growths",
    "arm": "arms",
    "drain": "drains",
    "help": "helps",
    "idle": "idles",
    "page": "pages",
    "storm": "storms",
    "day": "days",
}
"""What the rows are called, and which module measures them: each has `goals(part)`."""


def goals(row: str, *, part: float = 1.0) -> list[Goal]:
    """Measure one row and compare it with what was promised."""
    found: list[Goal] = importlib.import_module(f"tests.bench.{ROWS[row]}").goals(part)
    return found


def main() -> int:
    """Print what was measured and say by the exit code whether every goal holds."""
    asked = argparse.ArgumentParser(prog="bench", description=__doc__)
    asked.add_argument("rows", nargs="*", metavar="ROW", help=f"all, or some of: {', '.join(ROWS)}")
    asked.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    asked.add_argument("--part", type=float, default=1.0, help="which part of each count")
    given = asked.parse_args()
    if unknown := set(given.rows) - set(ROWS):
        asked.error(f"there is no row {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    found: list[Goal] = []
    if not given.json:
        _say(HEAD)
    for row in given.rows or ROWS:
        for goal in goals(row, part=given.part):
            found.append(goal)
            if not given.json:
                _say(str(goal))
    holds = all(goal.holds for goal in found)
    if given.json:
        _say(json.dumps({"goals": [goal.row() for goal in found], "holds": holds}, indent=2))
    return 0 if holds else 1


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
