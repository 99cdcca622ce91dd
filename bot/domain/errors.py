"""What can a person ask that we must refuse? Each refusal names its reason and the facts; the words are a template's.

* Refused
  + NotAllowed - UnknownPerson
  + NoSuchTicket, IllegalMove, TooLate, Over, Settled
  + BadInput - EmptySummary, TooLong, TooManyTickets, UnknownSeverity, UnknownLevel, MissingWords
"""

from typing import ClassVar


class Refused(Exception):  # noqa: N818 - the field's word: a rule said no, nothing broke
    """A rule said no, for a `reason` that a block of the templates says with the `facts`."""

    usual: ClassVar[str] = "refused"
    """The reason of this kind where none is named."""
    usual_field: ClassVar[str | None] = None

    def __init__(self, reason: str = "", /, *, field: str | None = None, **facts: object) -> None:
        super().__init__()
        self.reason = reason or self.usual
        self.facts = facts
        self.field = field or self.usual_field
        self.sentence = ""

    field: str | None
    """The form field that it belongs to, where there is one."""
    sentence: str
    """Why it cannot be and what to do instead, as plain text; empty until the desk has put it into words."""

    def __str__(self) -> str:
        said = ", ".join(f"{name}={fact!r}" for name, fact in self.facts.items())
        return self.sentence or f"{self.reason}({said})"


class NotAllowed(Refused):
    """Somebody of another role could do it."""

    usual = "not_allowed"


class UnknownPerson(NotAllowed):
    """The directory does not list them."""

    usual = "unknown_person"


class NoSuchTicket(Refused):
    """There is none of that number, or none that they may know of."""

    usual = "no_such_ticket"


class IllegalMove(Refused):
    """A ticket does not go from this state to that one."""

    usual = "illegal_move"


class TooLate(Refused):
    """Somebody was first."""


class Over(Refused):
    """The ticket has ended."""

    usual = "over"


class Settled(Refused):
    """The ticket waits for the customer's word on its resolution."""

    usual = "settled"


class BadInput(Refused):
    """What was given does not do; the field is marked where there is one."""


class EmptySummary(BadInput):
    """Nobody said what is wrong."""

    usual = "empty_summary"
    usual_field = "summary"


class TooLong(BadInput):
    """More characters than fit."""

    usual = "too_long"


class TooManyTickets(BadInput):
    """One person opened as many as an hour takes."""

    usual = "too_many_tickets"
    usual_field = "summary"


class UnknownSeverity(BadInput):
    """The handbook knows no such severity."""

    usual = "unknown_severity"
    usual_field = "severity"


class UnknownLevel(BadInput):
    """The handbook knows no such level."""

    usual = "unknown_level"
    usual_field = "level"


class MissingWords(BadInput):
    """Something has to be said that was not."""

    usual = "missing_words"
