"""What does a handbook say of how customers are heard: their messages in a row, their secrets, and their verdict?"""

from datetime import timedelta

from pydantic import Field, StrictBool

from bot.domain.handbook_part import Part
from bot.domain.handbook_words import Duration, Text


class Intake(Part):
    """How what customers write becomes tickets."""

    group: StrictBool = Field(default=True, description="Whether messages in a row by the same person are one ticket.")
    group_within: Duration = Field(
        default=timedelta(minutes=3),
        description="How soon a message must follow the last one by the same person to belong to the same ticket.",
    )
    most_an_hour: int = Field(
        default=60,
        ge=1,
        description="How many tickets one person of a customer may open within an hour; a Severity 1 always opens.",
    )
    secure_channel: Text | None = Field(
        default=None,
        description="Where customers send passwords and keys instead of Slack, as somebody reads it who posted one:"
        " `https://vault.example.com/acme`.",
    )


class Rating(Part):
    """The one question after a closing. Source: enterprise support §Feedback; ledger FB-1."""

    ask: StrictBool = Field(default=True, description="Whether the customer is asked how it went.")
    not_again_for: Duration = Field(
        default=timedelta(days=30), description="How long somebody who answered is not asked again."
    )
    change_within: Duration = Field(default=timedelta(days=1), description="How long an answer can still be changed.")
    low_up_to: int = Field(default=2, ge=0, le=5, description="Up to which score, of five, a manager is told at once.")
