"""How is the local workspace told to misbehave, and for how long does it?"""

from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.errors import Mistake
from bot.sandbox.wire import Json, iso, read_duration

ANSWERS = ("429", "500", "timeout_before", "timeout_after")
DELIVERIES = ("duplicate", "reorder")
KINDS = (*ANSWERS, *DELIVERIES, "drop_sockets", "half_open", "away")


@dataclass(slots=True)
class Fault:
    """One misbehaviour: of which Web API method (`*` is any), how often, until when."""

    kind: str
    method: str = "*"
    times: int | None = 1
    retry_after: int = 1
    until: datetime | None = None

    def as_json(self) -> Json:
        """What GET /faults lists."""
        return {
            "kind": self.kind,
            "method": self.method,
            "times": self.times,
            "retry_after": self.retry_after,
            "until": iso(self.until),
        }


class Faults:
    """The misbehaviours in force; `rate_limits` is Slack's own pace of one message a second a channel."""

    def __init__(self) -> None:
        self.rate_limits = False
        self._faults: list[Fault] = []

    def add(self, asked: Json, *, now: datetime) -> Fault:
        """Takes a fault from the control interface; raises Mistake for a kind that does not exist."""
        kind = str(asked.get("kind", ""))
        if kind not in KINDS:
            raise Mistake(f"there is no fault {kind!r}; there are {', '.join(KINDS)}")
        until = now + read_duration(asked["for"]) if asked.get("for") is not None else None
        times = asked.get("times", None if until else 1)
        if times is not None and (not isinstance(times, int) or times < 1):
            raise Mistake(f"`times` is a whole number above 0, not {times!r}")
        fault = Fault(kind, str(asked.get("method", "*")), times, int(asked.get("retry_after", 1)), until)
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Behaves again."""
        self._faults.clear()
        self.rate_limits = False

    def listed(self, *, now: datetime) -> list[Json]:
        """Those still in force."""
        self._drop_past(now)
        return [fault.as_json() for fault in self._faults]

    def take(self, kinds: tuple[str, ...], *, method: str = "*", now: datetime) -> Fault | None:
        """The first fault of these kinds that meets the method, used up by one; None where all is well."""
        self._drop_past(now)
        for fault in self._faults:
            if fault.kind in kinds and fault.method in {"*", method}:
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times == 0:
                        self._faults.remove(fault)
                return fault
        return None

    def standing(self, kind: str, *, now: datetime) -> bool:
        """Whether a fault of this kind is in force, without using it up."""
        self._drop_past(now)
        return any(fault.kind == kind for fault in self._faults)

    def _drop_past(self, now: datetime) -> None:
        self._faults = [fault for fault in self._faults if fault.until is None or fault.until > now]
