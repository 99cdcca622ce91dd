"""Which rungs does a ticket's ladder have, where on it does its chain stand, and who can be paged right now?"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain import escalation as chains
from bot.domain.escalation import Chain, Phase
from bot.domain.events import Escalated, Event
from bot.domain.handbook import Handbook
from bot.domain.ticket import Severity
from bot.domain.triggers import AUTOMATIC, Occasion, fired
from bot.services import timeline
from bot.services.desk import Work
from bot.services.oncall import people_of_duty, people_of_level
from bot.store import pages
from bot.store.tables import Escalation, Ticket

BOT = "bot"
"""How the trail names the desk itself."""

OPERATOR = "operator"
"""How the trail names whoever types a command on the machine itself."""


INITIALS = frozenset({"vp", "ceo", "cio", "ciso", "coo", "cto"})
"""Parts of a duty's name that are said letter by letter."""

LADDER = pages.LADDER
DUTY = "duty:"
"""Whom a chain goes round: the levels, or the holder of one duty."""


JUST_AFTER = timedelta(seconds=1)
"""How long after the opening a chain goes on that rested."""


def policy_of(handbook: Handbook) -> chains.Policy:
    """Give the ladder that a handbook says."""
    return chains.Policy(
        levels={
            number: chains.Level(number, level.name, level.acknowledge_within, level.repeat)
            for number, level in handbook.levels.items()
        },
        again_after=handbook.escalation.after_last.repeat_every,
        rounds=handbook.escalation.after_last.rounds,
    )


def policy_for(handbook: Handbook, circle: str) -> chains.Policy:
    """Give the steps of a circle: the handbook's levels, or a duty's holder again and again in level 1's rhythm."""
    if circle == LADDER:
        return policy_of(handbook)
    first = handbook.levels[min(handbook.levels)]
    rung = chains.Level(1, duty_words(circle), first.acknowledge_within, max(first.repeat, 2))
    return chains.Policy(levels={1: rung}, again_after=first.acknowledge_within)


def reach_for(
    work: Work, ticket: Ticket, circle: str, *, first: tuple[str, ...] = (), now: datetime
) -> chains.Reachable:
    """Give who can be paged in a circle right now; `first` stands in for whoever the current step would page.

    Levels are paged in their own hours and for their own severities, unless that would leave nobody at all.
    """
    if first:
        return lambda _: first
    if circle == LADDER:
        people_at = reachable(work, now)
        levels = work.handbook(ticket).levels
        paged = frozenset(level for level in levels if is_paged(work, ticket, level, at=now))
        if len(paged) == len(levels) or not any(people_at(level) for level in paged):
            return people_at
        return lambda level: people_at(level) if level in paged else ()

    def holders(_: int) -> tuple[str, ...]:
        found = people_of_duty(work.session, circle.removeprefix(DUTY), now=now)
        return tuple(dict.fromkeys(person.id for person in found if person.slack))

    return holders


def next_up(work: Work, ticket: Ticket, chain: Escalation, *, now: datetime) -> tuple[str, ...]:
    """Give who is paged next unless somebody answers: the nearest level above at which somebody is not asked already.

    Above whoever holds a duty is the ladder's next level. Nobody, where the last level is asked.
    """
    here = chain.level if chain.circle == LADDER else ticket.level or 0
    asked = {each.person_id for each in pages.of_escalation(work.session, chain.id, states=("paging",))}
    reach = reach_for(work, ticket, LADDER, now=now)
    for level in sorted(number for number in work.handbook(ticket).levels if number > here):
        if found := tuple(person for person in reach(level) if person not in asked):
            return found
    return ()


def rests_until(work: Work, ticket: Ticket, chain: Escalation | None, *, at: datetime) -> datetime | None:
    """Give when support hours begin for which pages wait at a moment; None where they go on.

    What no person asked for waits where the severity pages in support hours only (ledger SL-5).
    """
    handbook = work.handbook(ticket)
    if handbook.pages_at(ticket.tier, ticket.severity, zone=ticket.zone, at=at):
        return None
    if chain is not None:
        said = [event for _, _, event in timeline.events_of(work, ticket)]
        if not triggers_of(chain, said) <= AUTOMATIC:
            return None
    return handbook.calendar(ticket.tier, ticket.zone).next_opening(at)


def waits_until(work: Work, ticket: Ticket, chain: Escalation, *, at: datetime) -> datetime | None:
    """Give until when a chain's step waits that is due at a moment outside support hours; None where it does not.

    What was missed meanwhile escalates first: no level is paged that is passed on in the same moment.
    """
    opens_at = rests_until(work, ticket, chain, at=at)
    return opens_at and opens_at + JUST_AFTER


def step_at(work: Work, ticket: Ticket, chain: Escalation) -> datetime | None:
    """Give when a chain takes its next step unless somebody answers; None where none runs."""
    at = chains.next_step_at(chain_of(chain), policy_for(work.handbook(ticket), chain.circle))
    return at and (waits_until(work, ticket, chain, at=at) or at)


def is_paged(work: Work, ticket: Ticket, level: int, *, at: datetime) -> bool:
    """Say whether a level's own hours and severities let it be paged for a ticket at a moment."""
    found = work.handbook(ticket).level(level)
    return found is None or found.is_paged(ticket.severity, zone=ticket.zone, at=at)


def is_called(handbook: Handbook, severity: str, *, now: datetime) -> bool:
    """Say whether the handbook pages the levels for that severity alone."""
    graded = Occasion(Severity(severity), graded=True)
    return bool(fired(handbook.escalation, graded, now=now)) or handbook.pages_on_opening(severity)


def triggers_of(chain: Escalation, said: Iterable[Event]) -> frozenset[str]:
    """Give everything that a chain pages for: what began it, and what raised it since, as its ticket's events say."""
    raised = {event.trigger for event in said if isinstance(event, Escalated) and event.escalation == chain.id}
    return frozenset({chain.trigger, *raised})


def duty_words(circle: str) -> str:
    """Say the duty that a circle is about: `incident commander`, `VP operations`; nothing for the ladder."""
    if circle == LADDER:
        return ""
    return " ".join(word.upper() if word in INITIALS else word for word in circle.removeprefix(DUTY).split("_"))


def chain_of(row: Escalation) -> Chain:
    """Give the chain that a row keeps."""
    return Chain(Phase(row.state), row.level, row.attempt, row.round, row.stepped_at)


def reachable(work: Work, now: datetime) -> chains.Reachable:
    """Give who is there at each level right now: always the current on-call."""

    def people_at(level: int) -> tuple[str, ...]:
        found = people_of_level(work.session, level, now=now)
        return tuple(dict.fromkeys(person.id for person in found if person.slack))

    return people_at
