"""What is an incident, whom does it concern, and which words would tell one customer of another?

One problem that several customers reported as tickets of their own. What we write on it goes to each of them as an
update of its own ticket. Sources: ledger IN-11; enterprise support §Escalation Triggers (several customers).
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from bot.domain.ticket import Severity

TITLE_LIMIT = 200
"""Characters of an incident's title."""

SHORTEST_NAME = 3
"""A customer's name that is shorter would be found in any text."""


class IncidentState(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    RESOLVED = "resolved"


def incident_id(number: int) -> str:
    """Say an incident's number as people do: `I-7`."""
    return f"I-{number}"


def number_of(incident: str) -> int | None:
    """Read `I-7`, whatever its case; None where it is no incident's number."""
    found = re.fullmatch(r"[Ii]-(\d{1,9})", incident.strip())
    return int(found[1]) if found else None


def most_severe(tickets: Iterable[tuple[Severity, int]]) -> int:
    """Give the number of the most severe ticket, of equals the oldest. ValueError: there is none."""
    return min(tickets, key=lambda each: (each[0].value, each[1]))[1]


def is_shared(customers: Iterable[str], *, count: int) -> bool:
    """Say whether so many different customers are affected that the handbook's trigger fires (ledger ES-1)."""
    return len(set(customers)) >= count


def betrayed(text: str, *, names: Iterable[str], ids: Iterable[str]) -> str | None:
    """Give the first word of a text that tells one customer of another, as it stands there; None where there is none.

    `names`: of the customers and their people; a company is also known by the first word of its name. `ids`: of tickets
    and incidents. Names count as they are spelt, so that a company called Target does not forbid the word.
    """
    for each in ids:
        if found := re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", text, re.IGNORECASE):
            return found[0]
    for name in names:
        for said in dict.fromkeys((name.strip(), name.strip().partition(" ")[0])):
            if len(said) >= SHORTEST_NAME and re.search(rf"(?<!\w){re.escape(said)}(?!\w)", text):
                return said
    return None


def channel_name(ticket: str, token: str) -> str:
    """Name the channel of an incident: `inc-t-1042-1f3a`; the token keeps it ours alone, of at most 80 characters."""
    plain = re.sub(r"[^a-z0-9-]", "-", ticket.lower())
    return f"inc-{plain[:60]}-{token[:4].lower()}"
