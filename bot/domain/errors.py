"""What can a person ask that we must refuse, and in which words?

Each kind's docstring is the sentence that the person reads; `{names}` in it are filled from the arguments.

* Refused
  + NotAllowed - UnknownPerson
  + NoSuchTicket, IllegalMove, TooLate, Over, Settled
  + BadInput - EmptySummary, TooLong, TooManyTickets, UnknownSeverity, UnknownLevel, MissingWords
"""

import inspect


class Refused(Exception):  # noqa: N818 - the field's word: a rule said no, nothing broke
    """That is not possible."""

    field: str | None = None
    """The form field that the sentence belongs to, where there is one."""

    def __init__(self, *, field: str | None = None, **facts: object) -> None:
        self.facts = facts
        self.field = field or type(self).field
        super().__init__(inspect.cleandoc(type(self).__doc__ or "").format(**facts))

    @property
    def sentence(self) -> str:
        """The one sentence for the person who asked."""
        return str(self)


class NotAllowed(Refused):
    """You cannot {action}: that needs {needed}. Ask {ask}."""


class UnknownPerson(NotAllowed):
    """I do not know you yet, so I cannot {action}. Ask an administrator to add you to the support directory."""


class NoSuchTicket(Refused):
    """There is no ticket {ticket} here. Check the number, or type `/ticket list` to see yours."""


class IllegalMove(Refused):
    """{ticket} is {current} and cannot become {target}."""


class TooLate(Refused):
    """{what} was already {done} by {by} at {at}; nothing more to do here."""


class Over(Refused):
    """{ticket} is {state}, so this does nothing any more. If it is not solved, write here and I open a new ticket."""


class Settled(Refused):
    """{ticket} is resolved. If it is not solved, press Still broken on the resolution; then this works again."""


class BadInput(Refused):
    """{what}"""


class EmptySummary(BadInput):
    """Say in a few words what is wrong, for example `/ticket {severity} Checkout is down`."""

    field = "summary"


class TooLong(BadInput):
    """{what} has {length} characters; at most {limit} fit. Shorten it and put the rest into the thread or a file."""


class TooManyTickets(BadInput):
    """You opened {number} tickets in an hour: add to one of them, or try again in {wait}. A `sev1` opens at once."""

    field = "summary"


class UnknownSeverity(BadInput):
    """I do not know the severity “{word}”. Choose one of: {known}."""

    field = "severity"


class UnknownLevel(BadInput):
    """There is no escalation level “{level}”. Choose one of: {known}."""

    field = "level"


class MissingWords(BadInput):
    """{what} is missing. {why}"""
