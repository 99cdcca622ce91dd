"""Which rungs does a ticket's ladder have, where on it does its chain stand, and who can be paged right now?"""

from datetime import datetime

from bot.domain import escalation as chains
from bot.domain.escalation import Chain, Phase
from bot.domain.handbook import Handbook
from bot.services.desk import Work
from bot.services.oncall import people_of_level
from bot.store.tables import Escalation

BOT = "bot"
"""How the trail names the desk itself."""


def policy_of(handbook: Handbook) -> chains.Policy:
    """Give the ladder that a handbook says."""
    return chains.Policy(
        levels={
            number: chains.Level(number, level.name, level.acknowledge_within, level.repeat)
            for number, level in handbook.levels.items()
        },
        again_after=handbook.escalation.after_last.repeat_every,
    )


def chain_of(row: Escalation) -> Chain:
    """Give the chain that a row keeps."""
    return Chain(Phase(row.state), row.level, row.attempt, row.round, row.stepped_at)


def reachable(work: Work, now: datetime) -> chains.Reachable:
    """Give who can be paged at each level right now: always the current on-call."""

    def people_at(level: int) -> tuple[str, ...]:
        found = people_of_level(work.session, level, now=now)
        return tuple(dict.fromkeys(person.id for person in found if person.slack))

    return people_at
