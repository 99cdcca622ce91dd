"""Whom do we page next, and when, until somebody says "I have it"?

A chain is a value: `start`, `advance` and `raise_to` take it with the policy, who can be reached at each level right
now, and the moment; they give the chain as it is afterwards and what follows from it. A chain never ends in silence:
an empty level is passed over at once and said so; an exhausted chain is an alarm, and goes round again, and after the
handbook's rounds its last level is paged on in its own rhythm until somebody acts.

Sources: enterprise support §Escalation Procedures, service policy §Severity 1; ledger PG-2, ES-1.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Phase(StrEnum):
    """Where a chain stands."""

    PAGING = "paging"
    ACKNOWLEDGED = "acknowledged"
    STOOD_DOWN = "stood_down"


@dataclass(frozen=True, slots=True)
class Level:
    """One rung: its people are paged at once, again `repeat` times, each time after `acknowledge_within`."""

    number: int
    name: str
    acknowledge_within: timedelta
    repeat: int = 0

    @property
    def attempts(self) -> int:
        """How often this level's people are paged before the next level is."""
        return self.repeat + 1


@dataclass(frozen=True, slots=True)
class Policy:
    """The rungs by number, as the ticket's handbook says them, and the wait while nobody at all can be paged.

    The whole ladder is walked `rounds` times; from then on only its last level is paged, each walk with its alarm.
    """

    levels: Mapping[int, Level]
    again_after: timedelta
    rounds: int = 2

    @property
    def first(self) -> int:
        """The lowest level's number."""
        return min(self.levels)

    @property
    def last(self) -> int:
        """The highest level's number."""
        return max(self.levels)

    def above(self, level: int | None) -> int:
        """Give the level above, or the last one where there is none above; without a level, the first."""
        return min((number for number in self.levels if number > (level or 0)), default=self.last)


Reachable = Callable[[int], tuple[str, ...]]
"""The people of a level who can be paged right now, by their directory ids."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A running or finished chain of pages. `round` counts the walks over all levels, from 1.

    `attempt` counts the pages at this level, from 1; 0 means that nobody at any level could be paged.
    """

    phase: Phase
    level: int
    attempt: int
    round: int
    stepped_at: datetime


@dataclass(frozen=True, slots=True)
class PageLevel:
    """Page these people now."""

    level: int
    attempt: int
    round: int
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SkipLevel:
    """Nobody at this level can be paged; say so and go on at once."""

    level: int


@dataclass(frozen=True, slots=True)
class Exhaust:
    """The last level is behind it, without an acknowledgement: raise the alarm."""

    round: int


Consequence = PageLevel | SkipLevel | Exhaust


def start(policy: Policy, level: int, reachable: Reachable, *, now: datetime) -> tuple[Chain, list[Consequence]]:
    """Begin a chain at a level; where nobody can be reached there, at the next one that has somebody."""
    return _land(policy, Chain(Phase.PAGING, level, 1, 1, now), reachable)


def advance(chain: Chain, policy: Policy, reachable: Reachable, *, now: datetime) -> tuple[Chain, list[Consequence]]:
    """Take the step that is due: page again, go up a level, or raise the alarm and go round, or on at the last level.

    A chain that nobody needs any more is left as it is: a tick that comes late or twice does no harm.
    """
    if chain.phase is not Phase.PAGING:
        return chain, []
    here = policy.levels.get(chain.level)
    if here and 0 < chain.attempt < here.attempts and reachable(chain.level):
        return _land(policy, replace(chain, attempt=chain.attempt + 1, stepped_at=now), reachable)
    skipped: list[Consequence] = []
    for number in sorted(number for number in policy.levels if number > chain.level):
        if people := reachable(number):
            landed = replace(chain, level=number, attempt=1, stepped_at=now)
            return landed, [*skipped, PageLevel(number, 1, chain.round, people)]
        skipped.append(SkipLevel(number))
    was_walked = chain.attempt > 0
    following = chain.round + 1 if was_walked else chain.round
    begin = policy.first if following <= policy.rounds else policy.last
    again, consequences = _land(policy, replace(chain, level=begin, attempt=1, stepped_at=now), reachable)
    if again.attempt == 0 or not was_walked:
        # Nobody is there, or nobody was, which was said then: this round begins only now.
        return again, consequences
    fresh = [each for each in consequences if each not in skipped]
    return _in_round(following, again, [*skipped, Exhaust(chain.round), *fresh])


def raise_to(
    chain: Chain, policy: Policy, level: int, reachable: Reachable, *, now: datetime
) -> tuple[Chain, list[Consequence]]:
    """Go to a level at once, because a person decided so or a trigger asks for it."""
    return _land(policy, replace(chain, level=level, attempt=1, stepped_at=now), reachable)


def next_step_at(chain: Chain, policy: Policy) -> datetime | None:
    """Give the moment at which `advance` is due; None once somebody has it."""
    if chain.phase is not Phase.PAGING:
        return None
    here = policy.levels.get(chain.level)
    return chain.stepped_at + (here.acknowledge_within if here and chain.attempt else policy.again_after)


def _land(policy: Policy, chain: Chain, reachable: Reachable) -> tuple[Chain, list[Consequence]]:
    """Page at the chain's level, or at the first one after it that has somebody, going round once.

    Where no level has anybody the alarm is raised, and the next round's try comes after `again_after`.
    """
    order = sorted(policy.levels, key=lambda number: (number < chain.level, number))
    skipped: list[Consequence] = []
    for number in order:
        people = reachable(number)
        if people:
            attempt = chain.attempt if number == chain.level else 1
            landed = replace(chain, level=number, attempt=attempt)
            return landed, [*skipped, PageLevel(number, attempt, chain.round, people)]
        skipped.append(SkipLevel(number))
    return replace(chain, level=policy.last, attempt=0, round=chain.round + 1), [*skipped, Exhaust(chain.round)]


def _in_round(number: int, chain: Chain, consequences: list[Consequence]) -> tuple[Chain, list[Consequence]]:
    return replace(chain, round=number), [
        replace(each, round=number) if isinstance(each, PageLevel) else each for each in consequences
    ]
