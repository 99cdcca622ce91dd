"""Does the product keep its promises of speed? `make bench` prints a table; `--json` prints the same for programs.

Each goal is a ratio against a named baseline that runs beside it. Exits 0 only where all goals hold.
"""

import json
import sys
from dataclasses import asdict, dataclass

from tests.bench import calendars


@dataclass(frozen=True, slots=True)
class Goal:
    """One promise: `ratio` must be at least, or at most, `bound`."""

    name: str
    ratio: float
    bound: float
    at_least: bool
    ours_us: float
    baseline_us: float

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.ratio >= self.bound if self.at_least else self.ratio <= self.bound

    def __str__(self) -> str:
        """The promise as a line of the table."""
        word = "at least" if self.at_least else "at most"
        kept = "holds" if self.holds else "MISSED"
        return (
            f"{self.name:<52} {self.ours_us:>9.2f} {self.baseline_us:>12.2f} {self.ratio:>8.2f}x"
            f"  {word} {self.bound:g}x  {kept}"
        )


def goals() -> list[Goal]:
    """Measure everything and compare it with what was promised."""
    took = {name: seconds * 1e6 for name, seconds in calendars.measure().items()}
    ours, far = took[calendars.OURS], took[calendars.OURS_FAR]
    return [
        _faster("8 business hours, against businesstimedelta", ours, took[calendars.BUSINESSTIMEDELTA], 50),
        _faster("8 business hours, against pandas CustomBusinessHour", ours, took[calendars.PANDAS], 60),
        Goal("255 business hours, against 8", far / ours, 1.3, at_least=False, ours_us=far, baseline_us=ours),
    ]


def _faster(name: str, ours_us: float, baseline_us: float, bound: float) -> Goal:
    return Goal(name, baseline_us / ours_us, bound, at_least=True, ours_us=ours_us, baseline_us=baseline_us)


def main() -> int:
    """Print what was measured and say by the exit code whether every goal holds."""
    found = goals()
    if "--json" in sys.argv[1:]:
        rows = [{**asdict(goal), "holds": goal.holds} for goal in found]
        sys.stdout.write(json.dumps({"goals": rows, "holds": all(goal.holds for goal in found)}, indent=2) + "\n")
    else:
        head = f"{'':<52} {'ours, us':>9} {'baseline, us':>12} {'ratio':>9}"
        sys.stdout.write("\n".join([head, *map(str, found)]) + "\n")
    return 0 if all(goal.holds for goal in found) else 1


if __name__ == "__main__":
    sys.exit(main())
