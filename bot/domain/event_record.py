"""How does an event become plain facts and people's words for the trail, and an event again?"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, get_args

from bot.domain.events import Event, Words
from bot.domain.events.incidents import IncidentEvent


def _snake(name: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name).lstrip("_")


ERASED = Words("(erased)")
"""What stands in for words that were taken out of the record."""

KINDS: Mapping[str, type[Event]] = MappingProxyType({_snake(kind.__name__): kind for kind in get_args(Event)})
"""Every event by the timeline's word for it."""


def kind_of(event: Event | IncidentEvent) -> str:
    """Give the timeline's word for an event: `CustomerWrote` is `customer_wrote`."""
    return _snake(type(event).__name__)


def revived(kind: str, facts: Mapping[str, Any], words: Mapping[str, str]) -> Event:
    """Make an event again from a row of the timeline; words that were erased read as such.

    What was not recorded yet when an older program wrote the row is as the event's class says by default.
    """
    made = KINDS[kind]
    values: dict[str, Any] = {}
    for item in fields(made):
        if item.type is Words:
            values[item.name] = Words(words.get(item.name, ERASED))
        elif item.name not in facts and item.default is not MISSING:
            continue
        elif item.type is datetime:
            values[item.name] = datetime.fromisoformat(facts[item.name])
        elif item.type is timedelta:
            values[item.name] = timedelta(seconds=facts[item.name])
        elif item.type == Mapping[str, datetime]:
            values[item.name] = {name: datetime.fromisoformat(at) for name, at in facts[item.name].items()}
        elif item.type == tuple[str, ...]:
            values[item.name] = tuple(facts[item.name])
        elif isinstance(item.type, type) and issubclass(item.type, StrEnum):
            values[item.name] = item.type(facts[item.name])
        else:
            values[item.name] = facts[item.name]
    return made(**values)


def split(event: Event | IncidentEvent) -> tuple[dict[str, object], dict[str, Words]]:
    """Part an event's plain facts from the words of people."""
    facts: dict[str, object] = {}
    words: dict[str, Words] = {}
    for item in fields(event):
        value = getattr(event, item.name)
        if item.type is Words:
            words[item.name] = Words(value)
        else:
            facts[item.name] = value
    return facts, words
