"""Is there a step that is due and that nobody did? The desk watches itself, and alarms by a path of its own.

It looks at what the rows promise, not at how the loops do: a chain that pages has a next step, an open Sev 1 has a
next update, a page has a message. What two looks in a row find is told to every manager, directly and by their
contacts, once.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.people import LEADS
from bot.messages import alarms, sentences
from bot.messages.words import moment
from bot.services import schedule, staff_news, views
from bot.services.desk import Desk, Work
from bot.store import audit, outbox, outside, people, remembered, tickets
from bot.store.outside import Place

log = structlog.get_logger()

EVERY = timedelta(minutes=1)
"""How often it looks. Source: design, invariant 5."""

OVERDUE_AFTER = timedelta(seconds=60)
UNSENT_AFTER = timedelta(minutes=2)
MOST_ATTEMPTS = 15
"""Tried so often, a message that is no page is amiss too, once others that were written after it have left."""

OTHERS_LEFT_BEFORE = timedelta(minutes=10)
"""So long ago: just after an outage it may be on its way as well."""

SEEN = "watchman:seen"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that should have happened; `key` is the same at every look."""

    key: str
    said: str


def look(desk: Desk, *, now: datetime) -> list[Fault]:
    """Look once; gives the faults that this look and the one before found, and has alarmed about the new ones."""
    with desk.db.transaction() as session:
        work = Work(desk, session)
        found = {fault.key: fault for fault in faults(work, now=now)}
        before = set(json.loads(remembered.value(session, SEEN) or "[]"))
        if before != set(found):
            remembered.keep(session, SEEN, json.dumps(sorted(found)))
        lasting = [fault for key, fault in found.items() if key in before]
        if lasting:
            _alarm(work, lasting, now=now)
    for fault in lasting:
        log.error("watchman", fault=fault.key, said=fault.said)
    return lasting


def faults(work: Work, *, now: datetime) -> Iterator[Fault]:
    """Give everything that is amiss now."""
    zone, catalog = staff_news.desk_zone(work), work.desk.catalog
    for due in audit.overdue(work.session, since=now - OVERDUE_AFTER):
        at = moment(due.planned_for, zone=zone, now=now)
        what = due.kind.replace("_", " ")
        said = sentences.reason(catalog, "step_overdue", ticket=_ticket(work, due.ticket_number), kind=what, at=at)
        yield Fault(f"overdue:{due.kind}:{due.subject}", said)
    for chain in audit.chains_without_step(work.session):
        said = sentences.reason(catalog, "nobody_next", ticket=_ticket(work, chain.ticket_number))
        yield Fault(f"chain:{chain.id}", said)
    for row in audit.tickets_without_update(work.session):
        if schedule.schedule_of(work.handbook(row), row) is not None:
            yield Fault(f"update:{row.number}", sentences.reason(catalog, "update_unplanned", ticket=row.id))
    for page in audit.pages_without_message(work.session):
        ticket, who = _ticket(work, page.ticket_number), people.name_of(work.session, page.person_id)
        yield Fault(f"page:{page.id}", sentences.reason(catalog, "page_without_message", ticket=ticket, who=who))
    unsent = audit.unsent_pages(work.session, since=now - UNSENT_AFTER)
    stuck = audit.held_back(work.session, attempts=MOST_ATTEMPTS, others_left_by=now - OTHERS_LEFT_BEFORE)
    for message in unsent + stuck:
        at = moment(message.created_at, zone=zone, now=now)
        ticket = _ticket(work, message.ticket_number)
        said = sentences.reason(catalog, "message_unsent", ticket=ticket, kind=message.kind, at=at)
        yield Fault(f"unsent:{message.id}", said)


def _ticket(work: Work, number: int | None) -> str:
    row = tickets.by_number(work.session, number) if number else None
    return row.id if row else ""


def _alarm(work: Work, lasting: list[Fault], *, now: datetime) -> None:
    """Tell every manager in Slack and by their contacts; a fault that was told is not told again."""
    told = set(json.loads(remembered.value(work.session, f"{SEEN}:told") or "[]"))
    fresh = [fault for fault in lasting if fault.key not in told]
    remembered.keep(work.session, f"{SEEN}:told", json.dumps(sorted(fault.key for fault in lasting)))
    if not fresh:
        return
    identity = work.new_id()
    title, advice = (sentences.reason(work.desk.catalog, each) for each in ("watchman", "watchman_advice"))
    for person in people.of_role(work.session, [role.value for role in LEADS]):
        message = alarms.findings(
            work.desk.catalog, title=title, lines=tuple(fault.said for fault in fresh), advice=advice,
            zone=views.zone_of(work, person.id), now=now,
        )  # fmt: skip
        outbox.post(work.session, message=message, lane=f"@{person.slack}", id=work.new_id(), now=now)
        for number, contact in enumerate(person.contacts):
            outside.notify(
                work.session, place=Place(person.id, number), title=title, body=message.text, id=work.new_id(),
                facts={"medium": contact.partition("://")[0], "action": "trigger", "dedup": f"watchman-{identity}"},
                key=f"watchman:{identity}:{person.id}:{number}", now=now,
            )  # fmt: skip
