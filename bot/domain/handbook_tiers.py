"""What does a support tier give: which hours, which channels, which targets, at which price?

Sources: enterprise support §Support Tiers and §Service Level Agreements, channel handbook §5, customer operations §3.
"""

from datetime import date
from typing import Literal

from pydantic import Field, StrictBool, field_validator

from bot.domain.business_calendar import Calendar, WallSpan, parse_hours, parse_spans
from bot.domain.handbook_part import Part
from bot.domain.handbook_words import Day, Figure, Key, Place, Promise, Text, ZoneName
from bot.domain.ticket import Severity

Metric = Literal["first_response", "next_response", "resolution"]
"""What a tier can promise for each severity."""


def open_day(words: str) -> tuple[date, tuple[WallSpan, ...]]:
    """Read a day with hours of its own, `2026-11-27 09:00-13:00`; ValueError says what is wrong and what is allowed."""
    day, _, spans = words.strip().partition(" ")
    try:
        return date.fromisoformat(day), parse_spans(spans)
    except ValueError as error:
        raise ValueError(f"must be a date with hours, such as `2026-11-27 09:00-13:00` (got {words!r})") from error


class Hours(Part):
    """When somebody is there: weekly hours, and the days that differ."""

    hours: str | None = Field(
        default=None,
        description="Weekly hours: `24x7`, `Mon-Fri 09:00-17:00`, `Mon-Fri 08:00-12:00,13:30-18:00; Sat 10:00-12:00`, "
        "nights `22:00-06:00`. A tier without hours keeps the business calendar's.",
    )
    zone: ZoneName | None = Field(
        default=None, description="The IANA zone these hours run in; unset, they run in the customer's zone."
    )
    holidays: tuple[Place, ...] = Field(
        default=(),
        description="Whose public holidays are closed: `[US]`, `[DE-BY, AT]`; written out as dates when read.",
    )
    closed: tuple[Day, ...] = Field(default=(), description="Further closed dates: `[2026-12-24]`.")
    open: tuple[str, ...] = Field(
        default=(), description="Days with hours of their own, holidays included: `[2026-11-27 09:00-13:00]`."
    )
    public_holidays: dict[Day, Text] = Field(
        default_factory=dict,
        description="The public holidays as dates with their names. Written by the loader, never by hand.",
    )

    @field_validator("holidays", "closed", "open", mode="before")
    @classmethod
    def _one_is_a_list_of_one(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @field_validator("hours")
    @classmethod
    def _hours_can_be_read(cls, value: str | None) -> str | None:
        if value is not None:
            parse_hours(value)
        return value

    @field_validator("open")
    @classmethod
    def _open_days_can_be_read(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for words in value:
            open_day(words)
        return value

    def calendar(self, *, hours: str, zone: str, name: str) -> Calendar:
        """Give the calendar of these days for the weekly hours and zone to use; ValueError where it never opens."""
        return Calendar(
            hours=parse_hours(hours),
            zone=zone,
            closed=frozenset({*self.closed, *self.public_holidays}),
            open_on=dict(open_day(words) for words in self.open),
            name=name,
        )


class Targets(Part):
    """The targets of one severity in one tier; an unset one is not promised."""

    first_response: Promise | None = Field(
        default=None, description="Until a person of ours first answers in public. A range's lower end is internal."
    )
    next_response: Promise | None = Field(
        default=None, description="Until a person answers again when the customer wrote and the ball is with us."
    )
    resolution: Promise | None = Field(
        default=None, description="Until it is resolved, time spent waiting for the customer not counted."
    )

    def of(self, metric: str) -> str | None:
        """Give one metric's words. KeyError: a tier promises no such metric."""
        match metric:
            case "first_response":
                return self.first_response
            case "next_response":
                return self.next_response
            case "resolution":
                return self.resolution
            case _:
                raise KeyError(metric)


class ServiceLevels(Part):
    """Availability and performance figures; kept beside the tier, measured and published by no part of the bot yet."""

    uptime: str = Field(description="Share of the year: `99.5 %`.")
    downtime_per_year: Figure = Field(description="What that uptime allows in a year.")
    recovery_below: Figure = Field(description="Recovery takes less than this.")
    data_loss_below: Figure = Field(description="Data of less than this time is lost.")
    response_p95_below: Figure = Field(description="The service answers below this, 95th percentile.")
    api_p95_below: Figure = Field(description="The API answers below this, 95th percentile.")
    database_p95_below: Figure = Field(description="Database queries take less, 95th percentile.")
    external_api_p95_below: Figure = Field(description="External APIs answer below this, 95th percentile.")
    processing_p95_below: Figure = Field(description="Processing takes less, 95th percentile.")


class Tier(Hours):
    """One support tier: what a customer of it may count on."""

    label: Text = Field(description="The tier's name for people.")
    starts: Literal["opening", "escalation"] = Field(
        default="opening",
        description="When this tier's clocks start: when the ticket opens, or when it is first escalated to this tier.",
    )
    contractual: StrictBool = Field(
        default=False, description="Whether the targets are commitments that a customer may be shown."
    )
    after_hours: tuple[Severity, ...] | None = Field(
        default=None, description="Severities that page outside these hours too; unset, escalation.after_hours holds."
    )
    channels: tuple[Key, ...] | None = Field(
        default=None, description="Keys of `channels` that customers of this tier may use."
    )
    coverage: Text | None = Field(default=None, description="What is covered, in a sentence.")
    features: tuple[Text, ...] | None = Field(default=None, description="What the tier includes, as published.")
    later_features: tuple[Text, ...] = Field(
        default=(), description="What the source promises and the bot does not do yet: kept, never published."
    )
    price: Text | None = Field(default=None, description="What the tier costs.")
    account_manager: Text | None = Field(
        default=None, description="What the customer's own manager is called in this tier; unset, there is none."
    )
    targets: dict[Severity, Targets] = Field(default_factory=dict, description="The targets by severity (the SLA).")
    slo: dict[Severity, Targets] = Field(
        default_factory=dict,
        description="Internal targets, stricter than the SLA. Unset: the lower end of a range, else `warn_at`.",
    )
    service_levels: ServiceLevels | None = Field(
        default=None, description="Availability and performance figures of the source; not published yet."
    )


class Channel(Part):
    """One way to reach support. Source: customer operations §3."""

    label: Text = Field(description="The channel's name for people.")
    purpose: Text | None = Field(default=None, description="What it is for.")
    hours: Text | None = Field(default=None, description="When it is answered, in words; unset, the tier's hours.")
    notes: Text | None = Field(default=None, description="What to know before using it.")
    served_by: Literal["bot", "people"] = Field(
        default="bot", description="Whether the bot takes tickets there itself, or people do."
    )
