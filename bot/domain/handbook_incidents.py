"""When are several tickets one problem, and when do its people get a channel of their own? Source: ledger IN-11."""

from datetime import timedelta

from pydantic import Field, StrictBool

from bot.domain.handbook_part import Part
from bot.domain.handbook_words import Duration, Share
from bot.domain.ticket import Severity


class Incidents(Part):
    """How tickets of the same problem are brought together."""

    offer: StrictBool = Field(
        default=True, description="Whether engineers are offered tickets that look like the same problem."
    )
    alike_within: Duration = Field(
        default=timedelta(hours=4), description="How long before a ticket another one may have come to be compared."
    )
    alike_from: Share = Field(default="50 %", description="From which likeness of their words two tickets are offered.")
    channel_for: tuple[Severity, ...] = Field(
        default=(), description="Severities whose tickets get an incident channel at once; others get it on request."
    )
    channel_stays: Duration = Field(
        default=timedelta(days=1), description="How long an incident channel stays open when its ticket is over."
    )
