"""What was promised of speed, and was it kept? One goal is one line of the table."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

HEAD = f"{'':<66} {'ours':>10} {'baseline':>10} {'':<5} {'ratio':>9}  goal"


@dataclass(frozen=True, slots=True)
class Goal:
    """One promise: `ratio` must be at least, or at most, `bound`; `ours` and `baseline` are in `unit`."""

    name: str
    ratio: float
    bound: float
    at_least: bool
    ours: float
    baseline: float
    unit: str = "us"

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.ratio >= self.bound if self.at_least else self.ratio <= self.bound

    def __str__(self) -> str:
        """The promise as a line of the table."""
        word = "at least" if self.at_least else "at most"
        kept = "holds" if self.holds else "MISSED"
        return (
            f"{self.name:<66} {self.ours:>10.2f} {self.baseline:>10.2f} {self.unit:<5} {self.ratio:>8.2f}x"
            f"  {word} {self.bound:g}x  {kept}"
        )

    def row(self) -> dict[str, Any]:
        """The promise for a program."""
        return {**asdict(self), "holds": self.holds}


def at_most(name: str, ours: float, baseline: float, bound: float, *, unit: str = "us") -> Goal:
    """What we take, as a part or a multiple of what the baseline takes."""
    return Goal(name, ours / baseline, bound, at_least=False, ours=ours, baseline=baseline, unit=unit)


def faster(name: str, ours: float, baseline: float, bound: float, *, unit: str = "us") -> Goal:
    """How many times what we take the baseline takes."""
    return Goal(name, baseline / ours, bound, at_least=True, ours=ours, baseline=baseline, unit=unit)


def table(goals: Iterable[Goal]) -> str:
    """The goals for people."""
    return "\n".join([HEAD, *map(str, goals)])
