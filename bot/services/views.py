"""How do the rows of a ticket become the values that messages are made of?

What a customer may know and what our own people see are two values on purpose (messages/view.py).
"""

from collections.abc import Collection
from datetime import datetime

from bot.domain import sla
from bot.domain.handbook import Handbook
from bot.domain.handbook_escalation import TriggerKind
from bot.domain.incident import IncidentState
from bot.domain.mark import Mark, suggested
from bot.domain.people import Actor
from bot.domain.ticket import Severity, State
from bot.domain.triage import missing
from bot.messages import sentences
from bot.messages.view import (
    Choice,
    ClockView,
    Contact,
    CustomerTicket,
    Question,
    StaffTicket,
    Step,
    StepKind,
    Weblink,
)
from bot.messages.words import moment, spoken_metric
from bot.services import ladder, page_views, schedule, timeline
from bot.services.desk import Work
from bot.services.thread_link import thread_link
from bot.services.tickets import WAITING, state_shown
from bot.store import clocks, conversation, incidents, marks, people, rooms, tickets, trail
from bot.store.clocks import KnownClock
from bot.store.tables import Ticket

EXAMPLES = 3
"""Examples of a severity that a form shows."""

PROMISES = frozenset(metric.value for metric in sla.Metric)
"""What a missed target is analysed and excused for; a level's window is our own business."""

STEPS = {
    "claimed": StepKind.CLAIMED,
    "acknowledged": StepKind.ACKNOWLEDGED,
    "work_started": StepKind.WORK_STARTED,
    "replied": StepKind.REPLIED,
    "escalated": StepKind.ESCALATED,
    "regraded": StepKind.REGRADED,
    "waiting_started": StepKind.WAITING,
    "waiting_ended": StepKind.RESUMED,
    "resolved": StepKind.RESOLVED,
    "reopened": StepKind.REOPENED,
}
"""What a customer may hear of a ticket's timeline."""

UPDATED = "update_posted"
NEVER_CAME = "never_came"
"""How the timeline calls an update, and what the customer never got."""

TOLD_TO_CUSTOMER = frozenset(
    {
        TriggerKind.CUSTOMER_REQUEST,
        TriggerKind.SUPPORT_DECISION,
        TriggerKind.MANAGEMENT_DECISION,
        TriggerKind.TECHNICAL_COMPLEXITY,
        TriggerKind.BUSINESS_IMPACT,
        TriggerKind.SLA_BREACH,
    }
)
"""Triggers of an escalation that the customer is told of; others are our own doing."""


def customer_ticket(work: Work, row: Ticket) -> CustomerTicket:
    """What the customer's people may know of their ticket."""
    handbook = work.handbook(row)
    return CustomerTicket(
        id=row.id,
        summary=row.summary,
        severity=Severity(row.severity),
        severity_label=handbook.severity_names()[Severity(row.severity)],
        state=state_shown(row),
        zone=row.zone,
        opened_at=row.opened_at,
        handled_by=people.name_of(work.session, row.owner) if row.owner else None,
        merged_into=tickets.merged_into(row),
    )


def staff_ticket(work: Work, row: Ticket, *, now: datetime) -> StaffTicket:
    """What our own people see of a ticket."""
    handbook = work.handbook(row)
    customer = people.customer(work.session, row.customer_id)
    level = handbook.level(row.level) if row.level else None
    tier = handbook.tier(row.tier)
    category = handbook.categories.get(row.category)
    manager = account_manager(work, row)
    found = clocks.known_of(work.session, row.number_known)
    clock = next_clock(found)
    decided = marks.ever_of_ticket(work.session, row.number_known)
    return StaffTicket(
        id=row.id,
        summary=row.summary,
        severity=Severity(row.severity),
        severity_label=handbook.severity_names()[Severity(row.severity)],
        state=State(row.state),
        customer=customer.name if customer else row.customer_id,
        tier=tier.label if tier else row.tier,
        opened_at=row.opened_at,
        requester=row.requester_name,
        owner=people.name_of(work.session, row.owner) if row.owner else None,
        owner_key=row.owner or "",
        given_because=row.assigned.get("why", "") if row.owner and row.assigned.get("to") == row.owner else "",
        clock=clock,
        next_update_at=None if clock else schedule.next_update_at(work, row, now=now),
        category=category.label if category else row.category,
        level=row.level,
        level_name=level.name if level else "",
        paging=page_views.paging_words(work, row, handbook, now=now),
        missing=lacking_labels(handbook, row),
        account_manager=manager.name if manager else None,
        marks=tuple(work.desk.catalog.label(f"mark_{mark.value}") for mark, each in decided.items() if each.stands),
        suggested_marks=_suggested(work, row, handbook, known=decided),
        playbook=handbook.escalation.playbooks.get(Severity(row.severity), ""),
        incident=_incident_of(work, row),
        alike=_looks_like(work, row),
        channel=rooms.of_ticket(work.session, row.number_known) is not None,
        missed=any(clock.breached_at is not None and not clock.excused for clock in found if clock.metric in PROMISES),
        waits_for=tuple(row.waiting_for),
        merged_into=tickets.merged_into(row),
        link=thread_link(work, row),
    )


def _suggested(work: Work, row: Ticket, handbook: Handbook, *, known: Collection[Mark]) -> tuple[str, ...]:
    """The marks that the customer's words suggest and nobody has set or taken back, until somebody works on it."""
    if State(row.state) not in {State.NEW, State.RESPONDED}:
        return ()
    said = " ".join([row.summary, *row.details.values()])
    return tuple(
        work.desk.catalog.label(f"mark_{mark.value}")
        for mark in suggested(handbook.mark_suggestions, said, known=known)
    )


def _incident_of(work: Work, row: Ticket) -> str:
    found = incidents.of_ticket(work.session, row.number_known)
    return found.id if found is not None and found.state == IncidentState.OPEN else ""


def _looks_like(work: Work, row: Ticket) -> str:
    found = incidents.alike(work.session, row.number_known)
    if found is None or found.state != "waiting" or found.offer == row.number or _incident_of(work, row):
        return ""
    return tickets.id_of(work.session, found.offer) or ""


def next_clock(found: list[KnownClock]) -> ClockView | None:
    """The clock that runs out next, in words."""
    running = [clock for clock in found if clock.state in sla.OPEN_STATES]
    if not running:
        return None
    first = min(running, key=lambda clock: (clock.due_at is None, clock.due_at or clock.started_at, clock.metric))
    return clock_view(first)


def clock_view(clock: KnownClock) -> ClockView:
    """One clock as people read it."""
    excused = ", excused" if clock.excused else ""
    return ClockView(spoken_metric(clock.metric), clock.due_at, clock.state.replace("_", " ") + excused)


def lacking(handbook: Handbook, row: Ticket) -> tuple[str, ...]:
    """The required fields that a ticket still lacks, in the handbook's order."""
    return missing(tuple(handbook.required_fields), row.details)


def lacking_labels(handbook: Handbook, row: Ticket) -> tuple[str, ...]:
    """The same as people read them."""
    return tuple(field_label(handbook, name) for name in lacking(handbook, row))


def questions(handbook: Handbook, row: Ticket) -> tuple[Question, ...]:
    """What to ask for, in the handbook's words."""
    asked = lacking(handbook, row)
    return tuple(
        Question(field.label, field.question) for name, field in handbook.required_fields.items() if name in asked
    )


def field_label(handbook: Handbook, name: str) -> str:
    """What a field is called in this handbook."""
    field = {str(key): field for key, field in handbook.required_fields.items()}.get(name)
    return field.label if field else name.replace("_", " ")


def severities(handbook: Handbook) -> tuple[Choice, ...]:
    """The handbook's severities with what they mean and examples, the highest first (SV-1)."""
    found = []
    for key, label in handbook.severity_names().items():
        names = handbook.severities[key]
        example = f" For example: {'; '.join(names.examples[:EXAMPLES])}" if names.examples else ""
        found.append(Choice(key.value, label, names.description + example))
    return tuple(found)


def severity_choices(handbook: Handbook) -> tuple[Choice, ...]:
    """The same in short, to choose from with one click."""
    return tuple(
        Choice(key.value, label, handbook.severities[key].description)
        for key, label in handbook.severity_names().items()
    )


def account_manager(work: Work, row: Ticket) -> Contact | None:
    """The customer's own manager by tier, with the tier's word for the role. Source: ledger PG-6."""
    tier = work.handbook(row).tier(row.tier)
    customer = people.customer(work.session, row.customer_id)
    if tier is None or tier.account_manager is None or customer is None or customer.account_manager is None:
        return None
    return Contact(tier.account_manager, people.name_of(work.session, customer.account_manager))


def links(handbook: Handbook) -> tuple[Weblink, ...]:
    """The handbook's useful links."""
    return tuple(Weblink(link.label, link.url) for link in handbook.links or ())


def steps(work: Work, row: Ticket, *, since_update: bool = False) -> tuple[Step, ...]:
    """What a customer may hear of what happened: in all, or since the last update by the timeline's order."""
    handbook = work.handbook(row)
    names = handbook.severity_names()
    found: list[Step] = []
    stream = timeline.stream_of(row)
    entries = (
        trail.since_last(work.session, stream, row.number_known, kind=UPDATED)
        if since_update
        else trail.read(work.session, stream, words=False)
    )
    lost = {entry.facts["message"] for entry in entries if entry.kind == NEVER_CAME}
    for entry in entries:
        if since_update and entry.kind == UPDATED and int(entry.facts["nth"]) < row.updates_sent:
            found = []
        kind = STEPS.get(entry.kind)
        if kind is None or (kind is StepKind.ESCALATED and entry.facts["trigger"] not in TOLD_TO_CUSTOMER):
            continue
        if kind in (StepKind.WAITING, StepKind.RESUMED) and entry.facts["reason"] != WAITING:
            continue
        if kind is StepKind.REPLIED and entry.facts["message"] in lost:
            continue
        what = ""
        if kind is StepKind.ESCALATED:
            level = handbook.level(int(entry.facts["level"]))
            what = level.name if level else ""
        elif kind is StepKind.ACKNOWLEDGED:
            what = entry.facts.get("duty", "")
        elif kind is StepKind.REGRADED:
            what = names[Severity(entry.facts["after"])]
        found.append(Step(kind, entry.at, who=name_of_actor(work, entry.actor), what=what))
    return tuple(found)


def said_at(work: Work, at: datetime, *, actor: Actor, now: datetime) -> str:
    """Say a moment in the zone of the person who asks."""
    return moment(at, zone=zone_of(work, actor.person), now=now)


def zone_of(work: Work, person: str | None) -> str:
    """The zone in which one of our people reads times; the handbook's where the directory says none."""
    row = people.person(work.session, person) if person else None
    return (row.timezone if row else None) or work.desk.handbooks.default.handbook.zone


def all_names(work: Work) -> dict[str, str]:
    """Everybody's name by the directory's id and by the trail's word for them."""
    found = {key: row.name for key, row in people.persons(work.session).items()}
    return {**found, **{f"person:{key}": name for key, name in found.items()}}


def name_of_actor(work: Work, label: str) -> str:
    """The name behind the trail's word for who did something."""
    if label.startswith("person:"):
        return people.name_of(work.session, label.removeprefix("person:"))
    if label == ladder.BOT:
        return "Watchbell"
    if label == ladder.OPERATOR:
        return sentences.reason(work.desk.catalog, "operator")
    workspace, _, user = label.removeprefix("slack:").partition("/")
    known = conversation.author_name(work.session, label) or tickets.requester_name(work.session, workspace, user)
    return known or sentences.reason(work.desk.catalog, "somebody")
