"""What does a handbook promise for one tier and severity, in the form that the clocks take?"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from bot.domain.handbook import Handbook
from bot.domain.sla import Metric, Terms, level_metric
from bot.domain.target import Target, TargetRange, elapsed

PROMISED = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.RESOLUTION)


def terms_of(handbook: Handbook, *, tier: str, severity: str, zone: str | None = None) -> Terms:
    """Give the terms of a tier and severity; `zone` is the customer's, for tiers without one. KeyError: no such tier.

    A metric warns at its SLO where the handbook sets one, else at the handbook's share of the target (R17). The levels
    of the ladder have terms of their own: a window, or what their tier promises once it is escalated to.
    """
    targets: dict[str, Target | TargetRange] = {}
    warn: dict[str, Target | Fraction] = {}
    for metric in PROMISED:
        promised = handbook.target(tier, severity, metric.value)
        if promised is None:
            continue
        targets[metric] = promised
        warn[metric] = handbook.slo(tier, severity, metric.value) or handbook.warn_share
    terms = Terms(
        calendar=handbook.calendar(tier, zone),
        business_calendar=handbook.business(zone),
        targets=targets,
        warn=warn,
        worked_for=handbook.unworked_for(severity),
        regrade=handbook.regrade,
        pauses=frozenset(handbook.pauses),
    )
    return replace(terms, own=dict(_of_levels(handbook, terms, severity=severity, zone=zone)))


def tier_escalated_to(handbook: Handbook, level: int) -> str | None:
    """Give the tier whose clocks start as that level is engaged. Source: channel handbook §5, ledger SL-3."""
    found = handbook.level(level)
    tier = handbook.tier(found.tier) if found and found.tier else None
    return found.tier if found and tier and tier.starts == "escalation" else None


def _of_levels(handbook: Handbook, terms: Terms, *, severity: str, zone: str | None) -> Iterator[tuple[str, Terms]]:
    """The terms of each level that owes a response from its engagement. Source: enterprise support §Escalation."""
    for number, level in handbook.levels.items():
        metric, tier = level_metric(number), tier_escalated_to(handbook, number)
        if tier is not None:
            promised = handbook.target(tier, severity, Metric.FIRST_RESPONSE.value)
            if promised is not None:
                warn = handbook.slo(tier, severity, Metric.FIRST_RESPONSE.value) or handbook.warn_share
                calendar = handbook.calendar(tier, zone)
                yield metric, replace(terms, calendar=calendar, targets={metric: promised}, warn={metric: warn})
        elif level.respond_within is not None:
            window = elapsed(level.respond_within)
            yield metric, replace(terms, targets={metric: window}, warn={metric: handbook.warn_share})
