"""How is work given out, and when is the queue too long or too old?

Sources: SLA handbook §Escalation Paths (who takes what), service policy §Severity Level Definition; ledger LC-4, ES-7.
"""

from typing import Annotated

from pydantic import AfterValidator, Field, StrictBool

from bot.domain.handbook_part import Part
from bot.domain.handbook_words import Duration, Key, Text
from bot.domain.opening_hours import checked_hours
from bot.domain.ticket import Severity

HoursWords = Annotated[Text, AfterValidator(checked_hours)]
"""Weekly hours in words."""


class Assignment(Part):
    """How the desk itself gives tickets to people."""

    automatic: StrictBool = Field(
        default=False, description="Whether the desk gives tickets that nobody has to somebody who is there."
    )
    at_most: int = Field(
        default=8, ge=1, description="How many open tickets, of all customers, somebody has before none is added."
    )
    skills: dict[Key, tuple[Text, ...]] = Field(
        default_factory=dict, description="Which skills a category needs, one of them; unset, anybody will do."
    )
    hours: HoursWords = Field(
        default="Mon-Fri 09:00-17:00",
        description="When people work whom the directory gives no hours of their own, on their wall clock.",
    )
    hand_over: tuple[Severity, ...] = Field(
        default=(Severity.SEV1, Severity.SEV2),
        description="Severities whose tickets pass on to somebody who is there when their owner's shift ends.",
    )


class Queue(Part):
    """When the open tickets of a severity are an alarm of their own."""

    open_at_most: dict[Severity, Annotated[int, Field(ge=0)]] = Field(
        default_factory=dict, description="How many open tickets of a severity are too many when there is one more."
    )
    oldest_at_most: dict[Severity, Duration] = Field(
        default_factory=dict, description="How old a ticket of a severity may get, elapsed since it was opened."
    )
