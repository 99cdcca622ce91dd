"""How often does a customer hear of an open ticket, who writes it, and in which tone?

Sources: service policy §Severity 1, SLA handbook §Communications; ledger UP-1, UP-2, UP-3.
"""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from bot.domain.handbook_part import Part
from bot.domain.handbook_words import CadenceWords, Key, Text
from bot.domain.ticket import Severity, State

Standing = Literal["new", "responded", "in_progress", "waiting", "resolved"]
"""A state of a ticket that is open."""


class Updates(Part):
    """How often the customer hears of an open ticket."""

    sev1: CadenceWords | None = Field(default=None, description="A grid from the opening, or from becoming sev1.")
    sev2: CadenceWords | None = Field(default=None, description="The same for sev2.")
    sev3: CadenceWords | None = Field(default=None, description="The same for sev3.")
    sev4: CadenceWords | None = Field(default=None, description="The same for sev4.")
    asked_beside_owner: dict[Severity, Key] = Field(
        default_factory=dict,
        description="The duty of the directory that is asked for an update's words too: `communications_lead`.",
    )

    def of(self, severity: str) -> str | None:
        """Give one severity's words."""
        words: str | None = getattr(self, Severity(severity).value)
        return words


class Tone(Part):
    """What to mind when writing to a customer; shown where it is written, and printed for the team."""

    always: tuple[Text, ...] = Field(default=(), description="What holds for every word to a customer.")
    severities: dict[Severity, Text] = Field(default_factory=dict, description="What holds for a severity beside it.")
    states: dict[Standing, Text] = Field(default_factory=dict, description="What holds while a ticket is in a state.")

    def hints(self, severity: str, state: str) -> tuple[str, ...]:
        """Give what to mind for a ticket as it stands, the most particular first."""
        return tuple(self._particular(severity, state)) + self.always

    def _particular(self, severity: str, state: str) -> Iterator[str]:
        if words := self.states.get(_STANDINGS.get(State(state), "new")):
            yield words
        if words := self.severities.get(Severity(severity)):
            yield words


_STANDINGS: dict[State, Standing] = {
    State.NEW: "new",
    State.RESPONDED: "responded",
    State.IN_PROGRESS: "in_progress",
    State.WAITING: "waiting",
    State.RESOLVED: "resolved",
}
