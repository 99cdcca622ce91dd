"""Who is called when, for how long, by which triggers, and who answers for what?

Sources: enterprise support §Escalation Procedures, channel handbook §2 and §4, service policy §Severity Level
Definition, SLA handbook §Escalation Paths.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PlainValidator, StrictBool

from bot.domain.handbook_part import Part
from bot.domain.handbook_words import Duration, Key, Text, Window, ZoneName, window_end
from bot.domain.opening_hours import checked_hours, parse_hours
from bot.domain.ticket import Severity
from bot.domain.weekly_spans import is_open


def _level_goal(value: object) -> Literal["next"] | int:
    if value == "next":
        return "next"
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError(f"must be `next` or the number of a level (got {value!r})")


LevelGoal = Annotated[Literal["next"] | int, PlainValidator(_level_goal)]
"""The next level, or a level by its number."""


class Order(StrEnum):
    """Whether somebody's contacts are tried one after the other or all together."""

    IN_ORDER = "in_order"
    PARALLEL = "parallel"


class LevelMedia(Part):
    """How one level's pages go out beside Slack, where it is not as everywhere else."""

    order: Order | None = Field(
        default=None, description="`parallel`: all contacts of a person at once. Unset, as in `escalation.media`."
    )
    wait: Duration | None = Field(
        default=None, description="How long until the next contact is tried too. Unset, as in `escalation.media`."
    )


class Level(Part):
    """One level of the ladder."""

    name: Text = Field(description="The level's name: `Technical`.")
    team: Text | None = Field(default=None, description="Who works at this level, in words; the directory names them.")
    duties: tuple[Text, ...] = Field(default=(), description="What this level does; they are rows of the RACI table.")
    criteria: Text | None = Field(default=None, description="What makes a ticket go on to the next level.")
    window: Window | None = Field(
        default=None, description="Within which a substantive answer comes from this level once engaged: `1-4 hours`."
    )
    tier: Key | None = Field(
        default=None, description="The tier that this level belongs to, where a partner hands over to a provider."
    )
    acknowledge_within: Duration = Field(description="How long one page waits for an acknowledgement.")
    repeat: int = Field(
        default=0, ge=0, le=10, description="How often the page is repeated before the next level is paged."
    )
    hours: Annotated[str, AfterValidator(checked_hours)] | None = Field(
        default=None,
        description="Weekly hours in which this level is paged: `Mon-Fri 08:00-18:00`; outside them the next one is at"
        " once. Unset: always, as the last level must be.",
    )
    zone: ZoneName | None = Field(
        default=None, description="The IANA zone these hours run in; unset, they run in the customer's zone."
    )
    severities: tuple[Severity, ...] = Field(
        default=(), description="Severities for which this level is paged; unset, for all, as the last level must be."
    )
    media: LevelMedia | None = Field(default=None, description="How this level's pages go out beside Slack.")

    def is_paged(self, severity: str, *, zone: str, at: datetime) -> bool:
        """Say whether its hours and severities let this level be paged at a moment; `zone` is the customer's."""
        if self.severities and Severity(severity) not in self.severities:
            return False
        return self.hours is None or is_open(parse_hours(self.hours), ZoneInfo(self.zone or zone), at)

    @property
    def respond_within(self) -> timedelta | None:
        """The end of the window, elapsed time from the moment the level is engaged."""
        return window_end(self.window) if self.window else None

    @property
    def gives_up_after(self) -> timedelta:
        """How long the level is paged in vain before the next one is: (1 + repeat) x acknowledge_within."""
        return self.acknowledge_within * (1 + self.repeat)


class AfterLast(Part):
    """What happens when the last level's pages went unanswered: never silence."""

    alarm: StrictBool = Field(
        default=True, description="Whether the operations channel is alarmed; a chain may not end in silence."
    )
    repeat_every: Duration = Field(
        default=timedelta(minutes=15),
        description="How long until the next try while nobody at all can be paged; else it goes on at once.",
    )
    rounds: int = Field(
        default=2,
        ge=1,
        le=100,
        description="How often all levels are walked; then the last one alone is paged, at its own rhythm, until"
        " somebody acts.",
    )


class Media(Part):
    """How a page goes out beside Slack: by its person's contacts, whose own words in the directory come first."""

    order: Order = Field(
        default=Order.IN_ORDER, description="`in_order`: one contact after the other; `parallel`: all at once."
    )
    wait: Duration = Field(
        default=timedelta(minutes=5),
        description="How long a page waits for an acknowledgement before its person's next contact is tried too.",
    )


class TriggerKind(StrEnum):
    """What can escalate a ticket: by itself, or from `customer_request` on because a person says so.

    Source: enterprise support §Escalation Triggers, channel handbook §4, service policy §Severity 1.
    """

    SLA_BREACH = "sla_breach"
    SEVERITY = "severity"
    SEVERAL_CUSTOMERS = "several_customers"
    SECURITY = "security"
    DATA_LOSS = "data_loss"
    REPEATED_FAILURES = "repeated_failures"
    SLA_WARNING = "sla_warning"
    UNWORKED = "unworked"
    CUSTOMER_REQUEST = "customer_request"
    SUPPORT_DECISION = "support_decision"
    MANAGEMENT_DECISION = "management_decision"
    TECHNICAL_COMPLEXITY = "technical_complexity"
    BUSINESS_IMPACT = "business_impact"


class Trigger(Part):
    """One trigger and how far it reaches."""

    label: Text = Field(description="The trigger's name for people.")
    enabled: StrictBool = Field(default=True, description="`false` keeps an inherited trigger quiet.")
    level: LevelGoal = Field(description="The level to engage: a number, or `next`.")
    severities: tuple[Severity, ...] = Field(default=(), description="`severity`: which ones; elsewhere, only these.")
    count: int | None = Field(default=None, ge=1, description="How many customers, or failures, make it fire.")
    window: Duration | None = Field(default=None, description="Within how long they are counted.")
    reopenings: int | None = Field(default=None, ge=1, description="How many reopenings of a ticket make it fire.")


class Reason(Part):
    """A reason that a person gives for escalating."""

    label: Text = Field(description="The reason's name in the form.")
    description: Text | None = Field(default=None, description="When to choose it.")


class Escalation(Part):
    """The ladder and everything that climbs it."""

    levels: dict[int, Level] = Field(default_factory=dict, description="The levels by number, from 1 without a gap.")
    after_last: AfterLast = Field(default_factory=AfterLast, description="When nobody acknowledged at the last level.")
    media: Media = Field(default_factory=Media, description="How a page goes out beside Slack.")
    page_severities: tuple[Severity, ...] = Field(
        default=(Severity.SEV1,), description="Severities whose opening pages level 1 at once."
    )
    after_hours: tuple[Severity, ...] = Field(
        default=(Severity.SEV1,),
        description="Severities that page outside support hours too, sev1 always; others page as support hours begin.",
    )
    quiet: dict[Severity, Duration] = Field(
        default_factory=dict,
        description="How long an acknowledged ticket may go without activity of ours before its owner is paged again.",
    )
    quiet_ends_after: Duration = Field(
        default=timedelta(days=7), description="How long after the acknowledgement a quiet ticket pages at most."
    )
    unworked: dict[Severity, Duration] = Field(
        default_factory=dict,
        description="How long a ticket may go unworked once marked so: elapsed, ended by work or a public answer.",
    )
    unworked_pages: tuple[Key, ...] = Field(
        default=("vp_operations",), description="Duties of the directory that are paged when that time is over."
    )
    unworked_calls: Key | None = Field(
        default=None, description="The kind of the customer's contact that is then called: `escalation`."
    )
    roles: dict[Severity, tuple[Key, ...]] = Field(
        default_factory=dict, description="Duties of the directory that are paged when a ticket of that severity opens."
    )
    ladder_role: Key | None = Field(
        default=None, description="The role that is level 1 of the ladder itself: its acknowledgement stops the ladder."
    )
    mobilises: dict[Severity, Text] = Field(
        default_factory=dict, description="Who else is called together for that severity, in words for the card."
    )
    playbooks: dict[Severity, Text] = Field(
        default_factory=dict, description="Which queue and playbook such a ticket goes by, in words for the card."
    )
    triggers: dict[TriggerKind, Trigger] = Field(
        default_factory=dict, description="What escalates a ticket by itself, by kind."
    )
    reasons: dict[Key, Reason] = Field(default_factory=dict, description="Reasons for escalating by hand.")
    who_asks: Text | None = Field(default=None, description="How a customer asks for escalation, as published.")
    who_handles: Text | None = Field(default=None, description="Who handles an escalation, as published.")

    def media_wait(self, level: int | None) -> timedelta:
        """How long a person's next contact waits for a page of that level; nothing where all get it at once.

        Without a level, as for a duty's page, it is as the handbook says for all.
        """
        found = self.levels.get(level) if level is not None else None
        own = found.media if found and found.media else LevelMedia()
        if (own.order or self.media.order) is Order.PARALLEL:
            return timedelta()
        return own.wait or self.media.wait


class Responsibility(Part):
    """One row of the RACI table; an unset cell is an open item."""

    task: Text = Field(description="What is to be done.")
    responsible: Text | None = Field(default=None, description="Who does it.")
    accountable: Text | None = Field(default=None, description="Who answers for it.")
    consulted: Text | None = Field(default=None, description="Who is asked.")
    informed: Text | None = Field(default=None, description="Who is told.")
