"""Which facts has nobody settled yet?

A key that a handbook leaves unset is an open item and never an invented fact.
Source: customer operations §10; ledger HB-4.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.handbook import Handbook
from bot.domain.handbook_escalation import Responsibility
from bot.domain.handbook_tiers import Tier


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An unset key, and what is not settled because of it."""

    key: str
    text: str


def open_items(handbook: Handbook) -> tuple[OpenItem, ...]:
    """Give every open item of a handbook, in the order of the published document."""
    return (
        *_unset(handbook.scope, "scope", {"included": "what support covers", "excluded": "what it does not cover"}),
        *(item for key, tier in handbook.tiers.items() for item in _of_tier(handbook, key, tier)),
        *_of_channels(handbook),
        *_of_severities(handbook),
        *_of_escalation(handbook),
        *_unset(
            handbook,
            "",
            {"responsibilities": "what the customer takes care of", "links": "useful links for the receipt"},
        ),
        *_unset(handbook.intake, "intake", {"secure_channel": "where customers send passwords and keys"}),
        *_of_raci(handbook),
        *_of_law(handbook),
    )


def raci(handbook: Handbook) -> tuple[Responsibility, ...]:
    """Give the rows of the RACI table: those written, then each level's duties, its team being responsible."""
    written = handbook.raci or ()
    tasks = {row.task for row in written}
    duties = [
        Responsibility(task=duty, responsible=level.team)
        for _, level in sorted(handbook.levels.items())
        for duty in level.duties
        if duty not in tasks
    ]
    return (*written, *duties)


def _unset(part: object, path: str, labels: dict[str, str]) -> Iterator[OpenItem]:
    for key, label in labels.items():
        if getattr(part, key) is None:
            yield OpenItem(f"{path}.{key}" if path else key, label)


def _of_tier(handbook: Handbook, key: str, tier: Tier) -> Iterator[OpenItem]:
    path, name = f"tiers.{key}", tier.label
    if tier.hours is None:
        yield OpenItem(f"{path}.hours", f"support hours of {name}; until then they are the business calendar's")
    labels = {"channels": "channels", "coverage": "coverage", "features": "features", "price": "price"}
    yield from _unset(tier, path, {field: f"{label} of {name}" for field, label in labels.items()})
    for metric, label in (("first_response", "first response"), ("resolution", "resolution")):
        unset = [
            severity
            for severity in handbook.severity_names()
            if severity not in tier.targets or getattr(tier.targets[severity], metric) is None
        ]
        if len(unset) == len(handbook.severities):
            yield OpenItem(f"{path}.targets", f"{label} targets of {name}")
        else:
            for severity in unset:
                severity_label = handbook.severities[severity].label
                yield OpenItem(f"{path}.targets.{severity.value}.{metric}", f"{label} of {name}, {severity_label}")


def _of_channels(handbook: Handbook) -> Iterator[OpenItem]:
    for key, channel in handbook.channels.items():
        labels = {"purpose": f"purpose of {channel.label}", "notes": f"notes on {channel.label}"}
        yield from _unset(channel, f"channels.{key}", labels)


def _of_severities(handbook: Handbook) -> Iterator[OpenItem]:
    for key, label in handbook.severity_names().items():
        if not handbook.severities[key].examples:
            yield OpenItem(f"severities.{key.value}.examples", f"examples of {label}")
        if handbook.updates.of(key) is None:
            yield OpenItem(f"updates.{key.value}", f"how often {label} is updated")


def _of_escalation(handbook: Handbook) -> Iterator[OpenItem]:
    last = max(handbook.levels, default=0)
    for number, level in sorted(handbook.levels.items()):
        labels = {"team": f"team of level {number}", "window": f"response window of level {number}"}
        if number != last:
            labels["criteria"] = f"what goes on from level {number}"
        yield from _unset(level, f"escalation.levels.{number}", labels)
    labels = {"who_asks": "how a customer asks for escalation", "who_handles": "who handles an escalation"}
    yield from _unset(handbook.escalation, "escalation", labels)


def _of_raci(handbook: Handbook) -> Iterator[OpenItem]:
    rows = raci(handbook)
    if not rows:
        yield OpenItem("raci", "who is responsible, accountable, consulted and informed")
    for cell in ("responsible", "accountable", "consulted", "informed"):
        tasks = [row.task for row in rows if getattr(row, cell) is None]
        if tasks:
            yield OpenItem("raci", f"who is {cell} for {_counted(tasks)}")


def _counted(tasks: list[str]) -> str:
    if len(tasks) <= 3:
        return ", ".join(task[:1].lower() + task[1:] for task in tasks)
    return f"{len(tasks)} of the tasks"


def _of_law(handbook: Handbook) -> Iterator[OpenItem]:
    if handbook.governing_law is not None and handbook.courts_in is None:
        yield OpenItem("courts_in", "the county whose courts decide")
