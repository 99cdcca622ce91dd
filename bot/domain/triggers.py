"""What escalates a ticket, and how far? One list of small conditions; the handbook says which of them count.

An occasion is what happened just now, so that nothing fires again for what has stood for long.
Sources: enterprise support §Escalation Triggers, channel handbook §4, service policy §Severity 1, SLA handbook
§Escalation Paths; ledger ES-2, ES-3, ES-6, SL-9.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from bot.domain.handbook_escalation import Escalation, Trigger, TriggerKind
from bot.domain.mark import Mark
from bot.domain.ticket import Severity


@dataclass(frozen=True, slots=True)
class Occasion:
    """What has just happened to a ticket of that severity; everything else stays unset.

    `warned` and `missed` name a metric; `asked` is the reason that a person gives; `organisations` counts those known
    to have the same problem; `failures_at` are the moments at which it failed so far, this one included.
    """

    severity: Severity
    graded: bool = False
    warned: str = ""
    missed: str = ""
    unworked: bool = False
    asked: str = ""
    mark: Mark | None = None
    organisations: int = 1
    failures_at: tuple[datetime, ...] = ()
    reopenings: int = 0


@dataclass(frozen=True, slots=True)
class Fired:
    """One trigger that fires and how far it reaches: a level, the `next` one, or None: none of the ladder."""

    kind: TriggerKind
    level: int | Literal["next"] | None


Condition = Callable[[Trigger, Occasion, datetime], bool]


def _is_marked(mark: Mark) -> Condition:
    return lambda _trigger, occasion, _now: occasion.mark is mark


def _is_asked(kind: TriggerKind) -> Condition:
    return lambda _trigger, occasion, _now: occasion.asked == kind


def _is_graded(_trigger: Trigger, occasion: Occasion, _now: datetime) -> bool:
    return occasion.graded


def _is_warned(_trigger: Trigger, occasion: Occasion, _now: datetime) -> bool:
    return bool(occasion.warned)


def _is_missed(_trigger: Trigger, occasion: Occasion, _now: datetime) -> bool:
    return bool(occasion.missed)


def _is_unworked(_trigger: Trigger, occasion: Occasion, _now: datetime) -> bool:
    return occasion.unworked


def _hits_several(trigger: Trigger, occasion: Occasion, _now: datetime) -> bool:
    return occasion.mark is Mark.SEVERAL_CUSTOMERS or occasion.organisations >= (trigger.count or 2)


def _fails_again(trigger: Trigger, occasion: Occasion, now: datetime) -> bool:
    """Three failures within a day, or a second reopening, where the handbook says so."""
    if trigger.reopenings is not None and occasion.reopenings >= trigger.reopenings:
        return True
    if trigger.count is None or trigger.window is None:
        return False
    return sum(now - at <= trigger.window for at in occasion.failures_at) >= trigger.count


def _has_impact(_trigger: Trigger, occasion: Occasion, _now: datetime) -> bool:
    return occasion.mark is Mark.BUSINESS_IMPACT or occasion.asked == TriggerKind.BUSINESS_IMPACT


CONDITIONS: Mapping[TriggerKind, Condition] = MappingProxyType(
    {
        TriggerKind.SLA_WARNING: _is_warned,
        TriggerKind.SLA_BREACH: _is_missed,
        TriggerKind.SEVERITY: _is_graded,
        TriggerKind.SEVERAL_CUSTOMERS: _hits_several,
        TriggerKind.SECURITY: _is_marked(Mark.SECURITY),
        TriggerKind.DATA_LOSS: _is_marked(Mark.DATA_LOSS),
        TriggerKind.REPEATED_FAILURES: _fails_again,
        TriggerKind.UNWORKED: _is_unworked,
        TriggerKind.CUSTOMER_REQUEST: _is_asked(TriggerKind.CUSTOMER_REQUEST),
        TriggerKind.SUPPORT_DECISION: _is_asked(TriggerKind.SUPPORT_DECISION),
        TriggerKind.MANAGEMENT_DECISION: _is_asked(TriggerKind.MANAGEMENT_DECISION),
        TriggerKind.TECHNICAL_COMPLEXITY: _is_asked(TriggerKind.TECHNICAL_COMPLEXITY),
        TriggerKind.BUSINESS_IMPACT: _has_impact,
    }
)
"""Every trigger and what it takes."""


AUTOMATIC: frozenset[str] = frozenset(
    {TriggerKind.SEVERITY, TriggerKind.SLA_WARNING, TriggerKind.SLA_BREACH, TriggerKind.UNWORKED, "quiet", "left"}
)
"""What pages without anybody's wish, and so in support hours only where the severity pages in these only."""


BY_HAND = Trigger(label="By hand", level="next")
"""What a reason that a person gives reaches, where the handbook lists no trigger for it."""


def switched_on(escalation: Escalation) -> dict[TriggerKind, Trigger]:
    """Give the triggers of a handbook: those it lists, and each reason of its own that a person can give.

    A reason without a trigger beside it reaches the next level.
    """
    by_hand = {kind: BY_HAND for kind in TriggerKind if kind.value in escalation.reasons}
    return {kind: each for kind, each in (by_hand | escalation.triggers).items() if each.enabled}


def fired(escalation: Escalation, occasion: Occasion, *, now: datetime) -> tuple[Fired, ...]:
    """Give what an occasion sets off in a handbook, what reaches furthest first.

    Unworked time has duties of its own to page, so that it fires wherever the handbook sets it, without a level.
    """
    found = [
        Fired(kind, trigger.level)
        for kind, trigger in switched_on(escalation).items()
        if not (trigger.severities and occasion.severity not in trigger.severities)
        and CONDITIONS[kind](trigger, occasion, now)
    ]
    if occasion.unworked and not found and occasion.severity in escalation.unworked:
        found.append(Fired(TriggerKind.UNWORKED, None))
    return tuple(sorted(found, key=lambda each: each.level if isinstance(each.level, int) else 0, reverse=True))
