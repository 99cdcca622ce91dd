"""What has this support organisation promised, in which words, and what follows for a ticket?

A handbook is one file that the bot obeys and publishes. These models are its shape; `bot.handbook` reads the file.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Literal, get_args

from pydantic import Field, StrictBool

from bot.domain.business_calendar import Calendar
from bot.domain.handbook_escalation import Escalation, Level, Responsibility
from bot.domain.handbook_incidents import Incidents
from bot.domain.handbook_intake import Intake, Rating
from bot.domain.handbook_part import Part
from bot.domain.handbook_queue import Assignment, Queue
from bot.domain.handbook_tiers import Channel, Hours, Tier
from bot.domain.handbook_updates import Tone, Updates
from bot.domain.handbook_words import (
    Cadence,
    CadenceWords,
    Duration,
    Figure,
    Key,
    Rhythm,
    Share,
    Text,
    ZoneName,
    cadence,
    share,
    target,
)
from bot.domain.mark import Mark
from bot.domain.target import Target, TargetRange
from bot.domain.ticket import Severity

BUSINESS_HOURS = "Mon-Fri 09:00-17:00"
"""The business calendar of a handbook that sets none."""

BUSINESS = "business hours"
"""The name of the business calendar; no tier's key has a space."""

FieldKey = Literal["customer", "environment", "steps", "logs", "timestamps", "severity", "impact"]
ClosingKey = Literal["root_cause", "workaround", "prevention"]
Section = Literal[
    "scope",
    "tiers",
    "channels",
    "severities",
    "targets",
    "escalation",
    "communication",
    "responsibilities",
    "raci",
    "open_items",
    "law",
]
"""A section of the published document. Source: customer operations."""


class SeverityNames(Part):
    """What one severity is called and what it means."""

    label: Text = Field(description="The severity's name in this handbook: `Critical`, `P1`, `Severity 1: Urgent`.")
    aliases: tuple[Text, ...] = Field(default=(), description="Further words that mean it, whatever their case.")
    description: Text = Field(description="What makes a ticket this severe, shown when choosing.")
    examples: tuple[Text, ...] = Field(default=(), description="Examples, shown when choosing.")


class Category(Part):
    """What kind of request it is."""

    label: Text = Field(description="The category's name for people.")
    description: Text | None = Field(default=None, description="When to choose it.")
    proposes: Severity | None = Field(default=None, description="The severity that this category proposes.")


class RequiredField(Part):
    """One piece of information that support needs."""

    label: Text = Field(description="The field's name in the form and on the card.")
    question: Text = Field(description="How it is asked for when it is missing.")


class Closing(Part):
    """What a closing asks for, and when silence closes."""

    required: tuple[ClosingKey, ...] = Field(
        default=("root_cause", "workaround", "prevention"), description="What a closing note must say."
    )
    silence_closes_after: dict[Severity, Duration] = Field(
        default_factory=dict, description="How long a resolved ticket waits for the customer before it closes."
    )
    rating: Rating = Field(default_factory=Rating, description="The one question to the customer after closing.")


class Scope(Part):
    """What support covers. Source: customer operations §2."""

    included: tuple[Text, ...] | None = Field(default=None, description="Work that support does.")
    excluded: tuple[Text, ...] | None = Field(default=None, description="Work that it does not.")


class Link(Part):
    """A useful link."""

    label: Text = Field(description="What the link shows.")
    url: str = Field(pattern=r"^https?://\S+$", description="Where it leads, http or https.")


class Monitoring(Part):
    """When failing checks open a ticket; kept for the checks to come. Source: service policy §Proactive Monitoring."""

    check_every: Duration = Field(description="How often each server is checked.")
    failures: int = Field(ge=1, description="How many failed checks in a row open a ticket.")
    severity: Severity = Field(description="The severity of that ticket.")
    updates_if_beyond: Figure | None = Field(default=None, description="From when hourly updates are promised.")


class Changes(Part):
    """How this handbook may change. Source: channel handbook §10."""

    notice: Duration | None = Field(default=None, description="How long before a change it is announced.")
    agreement_needed: Text | None = Field(default=None, description="Which changes need the other side's agreement.")


class Handbook(Part):
    """The rules that a ticket keeps from its opening to its closing, whole and resolved."""

    name: Key = Field(description="The handbook's short name; unset, the file's.")
    title: Text = Field(description="The handbook's title for people.")
    source: Text | None = Field(default=None, description="Where its figures come from.")
    ticket_prefix: str = Field(default="T", pattern=r"^[A-Z][A-Z0-9]{0,7}$", description="`T` makes T-1042.")
    zone: ZoneName = Field(default="UTC", description="The zone where neither tier nor customer names one.")
    holiday_years: str | None = Field(
        default=None,
        pattern=r"^\d{4}-\d{4}$",
        description="The years for which public holidays are written out: `2025-2035`.",
    )
    severities: dict[Severity, SeverityNames] = Field(description="sev1 to sev4: names, meaning, examples.")
    default_severity: Severity = Field(description="The severity of a ticket whose opener names none.")
    security_severity: Severity = Field(
        default=Severity.SEV1, description="The severity that a security incident proposes."
    )
    suggestions: dict[Severity, tuple[Text, ...]] = Field(
        default_factory=dict,
        description="Phrases of a message that suggest a severity when nobody named one; proposed, never decided.",
    )
    mark_suggestions: dict[Mark, tuple[Text, ...]] = Field(
        default_factory=dict, description="Phrases that suggest a mark, such as `security`, to triage; never decided."
    )
    categories: dict[Key, Category] = Field(default_factory=dict, description="What a request can be about.")
    required_fields: dict[FieldKey, RequiredField] = Field(
        default_factory=dict, description="What is asked for after opening, in this order."
    )
    required_fields_block: StrictBool = Field(
        default=True,
        description="Whether a missing field holds up `in progress` and handing over (never opening, never a sev1).",
    )
    intake: Intake = Field(default_factory=Intake, description="How what customers write becomes tickets.")
    channels: dict[Key, Channel] = Field(default_factory=dict, description="Every way to reach support, by key.")
    tiers: dict[Key, Tier] = Field(description="The support tiers by key.")
    business_calendar: Hours = Field(
        default=Hours(hours=BUSINESS_HOURS),
        description="What `business hours` and `business days` count on; unset, Monday to Friday from nine to five.",
    )
    updates: Updates = Field(default_factory=Updates, description="Status updates to the customer, by severity.")
    max_silence: Duration = Field(
        default=timedelta(minutes=15), description="How long `continuous` may go without a word."
    )
    escalated_update: CadenceWords | None = Field(
        default=None, description="The cadence of an escalated ticket whatever its severity; the denser one holds."
    )
    ask_for_update: Duration = Field(
        default=timedelta(minutes=10),
        description="How long before an update the engineer is asked for it; a third of the interval where shorter.",
    )
    warn_at: Share = Field(default="80 %", description="At which share of a target engineers are warned.")
    escalation: Escalation = Field(default_factory=Escalation, description="The ladder and what climbs it.")
    incidents: Incidents = Field(default_factory=Incidents, description="Several tickets that are one problem.")
    closing: Closing = Field(default_factory=Closing, description="Resolving and closing.")
    assignment: Assignment = Field(default_factory=Assignment, description="How the desk itself gives out tickets.")
    queue: Queue = Field(default_factory=Queue, description="When the open tickets are an alarm of their own.")
    tone: Tone = Field(default_factory=Tone, description="What to mind when writing to a customer.")
    pauses: tuple[Key, ...] = Field(
        default=("waiting_for_customer",), description="Reasons that pause the resolution clock."
    )
    regrade: Literal["from_start", "from_change"] = Field(
        default="from_start", description="From where a regrade counts the new target."
    )
    reopen: Literal["resume", "fresh"] = Field(
        default="resume", description="Whether a reopening goes on with the time used or starts afresh."
    )
    links: tuple[Link, ...] | None = Field(default=None, description="Useful links in the receipt.")
    end_users_note: Text | None = Field(
        default=None, description="A word in the receipt to end users whose first line is elsewhere."
    )
    scope: Scope = Field(default_factory=Scope, description="What support covers and what not.")
    responsibilities: tuple[Text, ...] | None = Field(default=None, description="What the customer takes care of.")
    raci: tuple[Responsibility, ...] | None = Field(default=None, description="Who answers for which task.")
    communication: tuple[Text, ...] = Field(default=(), description="Further rules of communication, as published.")
    monitoring: Monitoring | None = Field(default=None, description="Checks of servers; not at work yet.")
    changes: Changes | None = Field(default=None, description="How the handbook may change; not at work yet.")
    governing_law: Text | None = Field(default=None, description="The law clause, printed as it stands.")
    courts_in: Text | None = Field(default=None, description="The county whose courts decide, beside the law clause.")
    published: tuple[Section, ...] = Field(
        default=get_args(Section), description="The sections of the published document, in their order."
    )

    def severity(self, word: str) -> Severity | None:
        """Find the severity that a word means by key, label or alias, whatever its case: `P1`, `sev 1`, `critical`."""
        return self.severity_words.get(_folded(word))

    def suggestion(self, text: str) -> Severity | None:
        """Give the highest severity that a phrase in the text suggests. It is for people to decide."""
        said = f" {' '.join(text.casefold().split())} "
        for key in sorted(self.suggestions):
            if any(phrase.casefold() in said for phrase in self.suggestions[key]):
                return key
        return None

    def severity_names(self) -> dict[Severity, str]:
        """Give the severities of this handbook with their labels, the highest first."""
        return {key: self.severities[key].label for key in sorted(self.severities)}

    def tier(self, key: str) -> Tier | None:
        """Find a tier by its key."""
        return self.tiers.get(key)

    def target(self, tier: str, severity: str, metric: str) -> Target | TargetRange | None:
        """Give what the tier promises for the severity; None where nothing is promised. KeyError: no such tier."""
        row = self.tiers[tier].targets.get(Severity(severity))
        words = row.of(metric) if row else None
        return target(words) if words else None

    def sla(self, tier: str, severity: str, metric: str) -> Target | None:
        """Give the target whose passing is a breach: the upper end of a range."""
        match self.target(tier, severity, metric):
            case TargetRange(sla=sla):
                return sla
            case found:
                return found

    def slo(self, tier: str, severity: str, metric: str) -> Target | None:
        """Give the internal target where one is set: the `slo` key, else a range's lower end."""
        row = self.tiers[tier].slo.get(Severity(severity))
        words = row.of(metric) if row else None
        found = target(words) if words else self.target(tier, severity, metric)
        match found:
            case TargetRange(slo=slo):
                return slo
            case Target() if words:
                return found
            case _:
                return None

    @property
    def warn_share(self) -> Fraction:
        """At which part of a target engineers are warned where no SLO is set."""
        return share(self.warn_at)

    def cadence(self, severity: str, *, escalated: bool = False) -> Cadence | None:
        """Give how often the customer hears of such a ticket; None where the handbook leaves it open.

        Of an escalated ticket's two cadences the denser one holds. Source: ledger UP-2, UP-6.
        """
        words = [self.updates.of(severity), self.escalated_update if escalated else None]
        found = [cadence(each) for each in words if each]
        return min(found, key=self._density) if found else None

    def update_every(self, severity: str, *, escalated: bool = False) -> timedelta | None:
        """Give the longest elapsed time between two updates; None where there are none or they go by business days."""
        found = self.cadence(severity, escalated=escalated)
        if found is None:
            return None
        return self.max_silence if found.rhythm is Rhythm.CONTINUOUS else found.every

    def _density(self, found: Cadence) -> timedelta:
        match found.rhythm:
            case Rhythm.CONTINUOUS:
                return self.max_silence
            case Rhythm.EVERY:
                return found.every or timedelta.max
            case Rhythm.BUSINESS_DAY:
                return timedelta(days=1)
            case Rhythm.NONE:
                return timedelta.max

    @property
    def levels(self) -> Mapping[int, Level]:
        """The escalation levels by number."""
        return self.escalation.levels

    def level(self, number: int) -> Level | None:
        """Find a level by its number."""
        return self.escalation.levels.get(number)

    def next_level(self, number: int) -> int | None:
        """Give the level after this one; None after the last."""
        return number + 1 if number + 1 in self.escalation.levels else None

    def unworked_for(self, severity: str) -> timedelta | None:
        """Give how long such a ticket may go unworked, elapsed from being marked so. Source: service policy."""
        return self.escalation.unworked.get(Severity(severity))

    def pages_on_opening(self, severity: str) -> bool:
        """Say whether a ticket of that severity pages level 1 as it opens."""
        return Severity(severity) in self.escalation.page_severities

    def pages_after_hours(self, tier: str, severity: str) -> bool:
        """Say whether such a ticket pages outside the tier's hours; a sev1 always does."""
        after_hours = self.tiers[tier].after_hours
        allowed = self.escalation.after_hours if after_hours is None else after_hours
        return Severity(severity) is Severity.SEV1 or Severity(severity) in allowed

    def pages_at(self, tier: str, severity: str, *, zone: str | None, at: datetime) -> bool:
        """Say whether such a ticket of a customer in that zone may page anybody at a moment."""
        return self.pages_after_hours(tier, severity) or self.calendar(tier, zone).is_open(at)

    def blocking_fields(self, severity: str) -> tuple[FieldKey, ...]:
        """Give the fields without which such a ticket is neither worked nor handed over; none for a sev1."""
        if not self.required_fields_block or Severity(severity) is Severity.SEV1:
            return ()
        return tuple(self.required_fields)

    def field_label(self, name: str) -> str:
        """Give a field's name for people, whether or not this handbook requires the field."""
        asked = {str(key): field for key, field in self.required_fields.items()}
        return asked[name].label if name in asked else name.replace("_", " ").capitalize()

    def silence_closes_after(self, severity: str) -> timedelta | None:
        """Give how long a resolved ticket waits for the customer; None where it waits for ever."""
        return self.closing.silence_closes_after.get(Severity(severity))

    def shows_commitments(self, tier: str, *, contract: bool | None = None) -> bool:
        """Say whether a customer may be shown targets: as the customer's own contract says, else as the tier does."""
        return self.tiers[tier].contractual if contract is None else contract

    def calendar(self, tier: str, customer_zone: str | None = None) -> Calendar:
        """Give the calendar of a tier's clocks, in the tier's zone, else the customer's, else the handbook's.

        A tier without hours of its own keeps the business calendar. KeyError: no such tier.
        """
        found = self.tiers[tier]
        if found.hours is None:
            return self.business(customer_zone)
        return self._known(found, name=tier, hours=found.hours, customer_zone=customer_zone)

    def business(self, customer_zone: str | None = None) -> Calendar:
        """Give the calendar of `business hours` and `business days`."""
        days = self.business_calendar
        return self._known(days, name=BUSINESS, hours=days.hours or BUSINESS_HOURS, customer_zone=customer_zone)

    @cached_property
    def calendars(self) -> dict[tuple[str, str], Calendar]:
        """The calendars built so far, by name and zone: a handbook never changes, so each is built once."""
        return {}

    @cached_property
    def severity_words(self) -> dict[str, Severity]:
        """Every word that means a severity; keys win over labels, labels over aliases."""
        words: dict[str, Severity] = {}
        for key in self.severities:
            words.setdefault(_folded(key.value), key)
            words.setdefault(key.value.removeprefix("sev"), key)
        for key, names in self.severities.items():
            words.setdefault(_folded(names.label), key)
        for key, names in self.severities.items():
            for alias in names.aliases:
                words.setdefault(_folded(alias), key)
        return words

    def _known(self, days: Hours, *, name: str, hours: str, customer_zone: str | None) -> Calendar:
        zone = days.zone or customer_zone or self.zone
        if (name, zone) not in self.calendars:
            self.calendars[name, zone] = days.calendar(hours=hours, zone=zone, name=name)
        return self.calendars[name, zone]


def _folded(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())
