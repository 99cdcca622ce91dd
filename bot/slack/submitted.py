"""What does a form that was sent say? Anything misshapen in it is left out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.slack.incoming import attached
from bot.slack.parsing import storable, value_of


@dataclass(frozen=True, slots=True)
class Form:
    """What a form brought: its values by field, and what it was opened for."""

    values: Mapping[str, str]
    ticket: str = ""
    incident: str = ""
    channel: str = ""
    asked_in: str = ""
    asked_thread: str | None = None
    message: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[Mapping[str, str], ...] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)
    """All that was kept with the form when it was opened."""

    @property
    def from_home(self) -> bool:
        """Whether it was opened in a home tab, which stands in no channel."""
        return "asked_in" in self.kept and not self.kept["asked_in"]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def about(self, name: str) -> str:
        """One thing that was kept with the form."""
        return str(self.kept.get(name) or "")


def read(view: Mapping[str, Any]) -> Form:
    """What a submitted view's payload says. Anything misshapen is left out."""
    values: dict[str, str] = {}
    files: list[dict[str, str]] = []
    state = view.get("state")
    blocks = state.get("values") if isinstance(state, Mapping) else None
    for block_id, elements in blocks.items() if isinstance(blocks, Mapping) else ():
        element = next(iter(elements.values()), None) if isinstance(elements, Mapping) else None
        if isinstance(element, Mapping):
            values[str(block_id)] = storable(value_of(element)).strip()
            files += attached(element.get("files"))
    kept = kept_in(view)
    message = kept.get("message")
    return Form(
        values=values,
        ticket=str(kept.get("ticket") or ""),
        incident=str(kept.get("incident") or ""),
        channel=str(kept.get("channel") or ""),
        asked_in=str(kept.get("asked_in") or kept.get("channel") or ""),
        asked_thread=str(kept["asked_thread"]) if kept.get("asked_thread") else None,
        message=message if isinstance(message, Mapping) else {},
        files=tuple(files),
        kept=kept,
    )


def kept_in(view: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what was kept with a form when it was opened."""
    try:
        kept = json.loads(str(view.get("private_metadata") or "{}"))
    except ValueError:
        return {}
    return kept if isinstance(kept, Mapping) else {}
