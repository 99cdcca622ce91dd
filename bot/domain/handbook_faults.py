"""Does a handbook agree with itself: does every name lead somewhere, and is every promise one that can be kept?"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import chain
from typing import TypeAlias, get_args

from bot.domain.handbook import Handbook
from bot.domain.handbook_escalation import TriggerKind
from bot.domain.handbook_tiers import Metric, Tier
from bot.domain.handbook_words import Rhythm, cadence, target
from bot.domain.target import Target, TargetRange
from bot.domain.ticket import Severity

Fault: TypeAlias = tuple[tuple[str | int, ...], str]
"""The path of the key, and what is wrong with it and what is allowed."""

HOURLY = timedelta(hours=1)
"""No open sev1 waits longer for a word. Source: design card, service policy."""


def faults(handbook: Handbook) -> Iterator[Fault]:
    """Give everything in a handbook that contradicts itself, or that no ticket could live by."""
    return chain(
        _severities(handbook),
        _severity_references(handbook),
        _tiers(handbook),
        _calendars(handbook),
        _updates(handbook),
        _levels(handbook),
        _triggers(handbook),
        _roles(handbook),
        _skills(handbook),
    )


def _severities(handbook: Handbook) -> Iterator[Fault]:
    if not handbook.severities:
        yield ("severities",), "is empty; give at least sev1"
    elif Severity.SEV1 not in handbook.severities:
        yield ("severities",), "has no sev1; sev1 is the most severe and always there"
    for key, names in handbook.severities.items():
        for place, word in [("label", names.label), *((index, alias) for index, alias in enumerate(names.aliases))]:
            # Also where it is another's own key: `/ticket sev1` would not be what "Sev 1" is to them.
            found = handbook.severity(word)
            if found is not None and found is not key:
                path = ("severities", key.value, *((place,) if place == "label" else ("aliases", place)))
                yield path, f"`{word}` already means {found.value}; a word means one severity"


def _severity_references(handbook: Handbook) -> Iterator[Fault]:
    escalation = handbook.escalation
    references: list[tuple[tuple[str | int, ...], Iterable[Severity]]] = [
        (("default_severity",), [handbook.default_severity]),
        (("security_severity",), [handbook.security_severity]),
        (("escalation", "page_severities"), escalation.page_severities),
        (("escalation", "after_hours"), escalation.after_hours),
        *(
            (("categories", key, "proposes"), [each.proposes])
            for key, each in handbook.categories.items()
            if each.proposes
        ),
        *((("escalation", "unworked", key.value), [key]) for key in escalation.unworked),
        *((("escalation", "roles", key.value), [key]) for key in escalation.roles),
        *((("escalation", "mobilises", key.value), [key]) for key in escalation.mobilises),
        *((("escalation", "playbooks", key.value), [key]) for key in escalation.playbooks),
        *((("closing", "silence_closes_after", key.value), [key]) for key in handbook.closing.silence_closes_after),
        *(
            (("escalation", "triggers", kind.value, "severities"), each.severities)
            for kind, each in escalation.triggers.items()
        ),
        *(
            (("escalation", "levels", str(number), "severities"), each.severities)
            for number, each in escalation.levels.items()
        ),
        *((("updates", key.value), [key]) for key in Severity if handbook.updates.of(key)),
    ]
    for tier_key, tier in handbook.tiers.items():
        references += [(("tiers", tier_key, "targets", key.value), [key]) for key in tier.targets]
        references += [(("tiers", tier_key, "slo", key.value), [key]) for key in tier.slo]
        references.append((("tiers", tier_key, "after_hours"), tier.after_hours or ()))
    allowed = ", ".join(sorted(handbook.severities))
    for path, severities in references:
        for severity in severities:
            if severity not in handbook.severities:
                yield path, f"this handbook has no {severity.value}; it has {allowed}"


def _skills(handbook: Handbook) -> Iterator[Fault]:
    known = ", ".join(handbook.categories) or "none"
    for category in handbook.assignment.skills:
        if category not in handbook.categories:
            yield ("assignment", "skills", category), f"no category `{category}`; `categories` has: {known}"


def _tiers(handbook: Handbook) -> Iterator[Fault]:
    if not handbook.tiers:
        yield ("tiers",), "is empty; give at least one tier"
    handed_to = {level.tier for level in handbook.levels.values()}
    known = ", ".join(handbook.channels) or "none"
    for key, tier in handbook.tiers.items():
        for index, channel in enumerate(tier.channels or ()):
            if channel not in handbook.channels:
                yield ("tiers", key, "channels", index), f"no channel `{channel}`; `channels` has: {known}"
        if tier.starts == "escalation" and key not in handed_to:
            yield ("tiers", key, "starts"), f"is `escalation`, but no escalation level says `tier: {key}`"
        yield from _stricter(key, tier)


def _stricter(key: str, tier: Tier) -> Iterator[Fault]:
    for severity, row in tier.slo.items():
        promised = tier.targets.get(severity)
        for metric in get_args(Metric):
            words, limit = row.of(metric), promised.of(metric) if promised else None
            path = ("tiers", key, "slo", severity.value, metric)
            if words is None:
                continue
            aim = target(words)
            if isinstance(aim, TargetRange):
                yield path, f"is internal, so it is one figure and no range (got {words!r})"
            elif limit is not None and not _is_below(aim, target(limit)):
                yield path, f"must be stricter than the target `{limit}` (got {words!r})"


def _is_below(aim: Target, limit: Target | TargetRange) -> bool:
    """Say whether an aim is stricter; figures of different kinds of time cannot be compared and pass."""
    bound = limit.sla if isinstance(limit, TargetRange) else limit
    return aim.unit is not bound.unit or aim.amount < bound.amount


def _calendars(handbook: Handbook) -> Iterator[Fault]:
    try:
        handbook.business("UTC")
    except ValueError as error:
        yield ("business_calendar", "hours"), str(error)
        return
    for key, tier in handbook.tiers.items():
        if tier.hours is None and (tier.holidays or tier.closed or tier.open or tier.zone):
            yield ("tiers", key), "has days or a zone of its own but no `hours`; write its hours too"
            continue
        try:
            always = handbook.calendar(key, "UTC").always_open
        except ValueError as error:
            yield ("tiers", key, "hours"), str(error)
            continue
        if always and (tier.holidays or tier.closed or tier.open):
            yield ("tiers", key, "hours"), "is 24x7, which nothing closes; leave `holidays`, `closed` and `open` out"


def _updates(handbook: Handbook) -> Iterator[Fault]:
    words = handbook.updates.sev1
    if words is None:
        yield (
            ("updates", "sev1"),
            "is missing; an open sev1 is told of at least hourly: `1 hour`, `30 minutes`, `continuous`",
        )
        return
    found = cadence(words)
    every = handbook.max_silence if found.rhythm is Rhythm.CONTINUOUS else found.every
    if every is None or every > HOURLY:
        path = ("max_silence",) if found.rhythm is Rhythm.CONTINUOUS else ("updates", "sev1")
        yield path, f"an open sev1 is told of at least hourly: `1 hour` or less, or `continuous` (got {words!r})"


def _levels(handbook: Handbook) -> Iterator[Fault]:
    levels = handbook.levels
    if not levels:
        yield ("escalation", "levels"), "is empty; give at least level 1, or nobody is ever paged"
    for number, level in levels.items():
        path = ("escalation", "levels", str(number))
        if number < 1 or (number > 1 and number - 1 not in levels):
            yield path, f"levels count from 1 without a gap; there is no level {number - 1}"
        if level.tier is not None and level.tier not in handbook.tiers:
            yield (*path, "tier"), f"no tier `{level.tier}`; `tiers` has: {', '.join(handbook.tiers)}"
        if level.zone is not None and level.hours is None:
            yield (*path, "zone"), "needs `hours`, which run in it"
        for key, given in (("hours", level.hours), ("severities", level.severities)):
            if given and number == max(levels):
                yield (*path, key), "cannot be set on the last level: somebody must always be left to page"
    if not handbook.escalation.after_last.alarm:
        yield ("escalation", "after_last", "alarm"), "must be `true`; a chain of pages never ends in silence"


def _triggers(handbook: Handbook) -> Iterator[Fault]:
    levels = ", ".join(map(str, handbook.levels))
    for kind, trigger in handbook.escalation.triggers.items():
        path = ("escalation", "triggers", kind.value)
        if trigger.level != "next" and trigger.level not in handbook.levels:
            yield (*path, "level"), f"no level {trigger.level}; write `next` or one of: {levels}"
        if kind is TriggerKind.UNWORKED and not handbook.escalation.unworked:
            yield path, "needs `escalation.unworked`, which says how long that is"
        if kind is TriggerKind.SEVERITY and not trigger.severities:
            yield path, "needs `severities`, such as `[sev1]`"
        if kind is TriggerKind.SEVERAL_CUSTOMERS and (trigger.count or 0) < 2:
            yield path, "needs a `count` of 2 or more customers"
        if kind is TriggerKind.REPEATED_FAILURES and not (trigger.reopenings or (trigger.count and trigger.window)):
            yield path, "needs `count` with `window`, or `reopenings`"


def _roles(handbook: Handbook) -> Iterator[Fault]:
    escalation = handbook.escalation
    roles = {role for each in escalation.roles.values() for role in each}
    if escalation.ladder_role is not None and escalation.ladder_role not in roles:
        yield ("escalation", "ladder_role"), f"`{escalation.ladder_role}` is no role of `roles`"
    if escalation.unworked and not escalation.unworked_pages:
        yield ("escalation", "unworked"), "needs `unworked_pages`: the duties that are paged, such as `[vp_operations]`"
