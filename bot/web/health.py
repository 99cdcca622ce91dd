"""Is this process fit to work, and if not, why?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Probe = Callable[[], str | None]
"""Says in one sentence what is wrong; None where all is well. It may raise: then that is what is wrong."""


@dataclass(frozen=True, slots=True)
class Health:
    """The probes that `/readyz` asks, by the name under which it tells their outcome."""

    probes: Mapping[str, Probe] = field(default_factory=dict)

    def check(self) -> dict[str, str]:
        """What is wrong, by probe; empty where this process is ready."""
        found = {name: _ask(name, probe) for name, probe in self.probes.items()}
        return {name: wrong for name, wrong in found.items() if wrong is not None}


def older_than(age: Callable[[], float | None], limit: float, *, what: str) -> Probe:
    """A probe for the age in real seconds of something that must go on happening; None means it never did."""

    def probe() -> str | None:
        seconds = age()
        if seconds is None:
            return f"no {what} yet"
        return f"last {what} {seconds:.0f} s ago, more than {limit:.0f} s" if seconds > limit else None

    return probe


def _ask(name: str, probe: Probe) -> str | None:
    try:
        return probe()
    except Exception as error:  # noqa: BLE001 - whatever a probe raises is the answer that readiness asks for
        return f"{name} cannot be checked: {type(error).__name__}: {error}".splitlines()[0]
