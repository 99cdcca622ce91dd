"""What does a handbook promise for one tier and severity, in the form that the clocks take?"""

from fractions import Fraction

from bot.domain.handbook import Handbook
from bot.domain.sla import Metric, Terms
from bot.domain.target import Target, TargetRange

PROMISED = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.RESOLUTION)


def terms_of(handbook: Handbook, *, tier: str, severity: str, zone: str | None = None) -> Terms:
    """Give the terms of a tier and severity; `zone` is the customer's, for tiers without one. KeyError: no such tier.

    A metric warns at its SLO where the handbook sets one, else at the handbook's share of the target (R17).
    """
    targets: dict[str, Target | TargetRange] = {}
    warn: dict[str, Target | Fraction] = {}
    for metric in PROMISED:
        promised = handbook.target(tier, severity, metric.value)
        if promised is None:
            continue
        targets[metric] = promised
        warn[metric] = handbook.slo(tier, severity, metric.value) or handbook.warn_share
    return Terms(
        calendar=handbook.calendar(tier, zone),
        business_calendar=handbook.business(zone),
        targets=targets,
        warn=warn,
        worked_for=handbook.unworked_for(severity),
        regrade=handbook.regrade,
        pauses=frozenset(handbook.pauses),
    )
