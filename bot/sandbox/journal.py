"""What became visible lately, in order, for those who follow along?"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.sandbox.message import Message
from bot.sandbox.wire import Json

KEPT_ENTRIES = 20_000
Kind = Literal["message", "changed", "deleted", "ephemeral"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that somebody could see: a message came, was changed or went, as it read then."""

    number: int
    kind: Kind
    at: datetime
    message: Message
    text: str


class Journal:
    """The newest 20,000 entries, numbered from 1."""

    def __init__(self) -> None:
        self.number = 0
        self._entries: deque[Entry] = deque(maxlen=KEPT_ENTRIES)

    def note(self, kind: Kind, message: Message, *, now: datetime) -> None:
        """Writes an entry."""
        self.number += 1
        self._entries.append(Entry(self.number, kind, now, message, message.text))

    def since(self, number: int) -> list[Entry]:
        """The entries after this one, oldest first."""
        found: list[Entry] = []
        for entry in reversed(self._entries):
            if entry.number <= number:
                break
            found.append(entry)
        return found[::-1]

    def as_json(self, entry: Entry, shown: Json) -> Json:
        """An entry beside the message as it is shown now."""
        return {
            "number": entry.number,
            "kind": entry.kind,
            "at": entry.at.isoformat(),
            "message": shown | {"text": entry.text},
        }
