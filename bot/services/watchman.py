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
from bot.messages import alarms
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
SEEN = "watchman:seen"
TITLE = "ALARM: the desk missed a step of its own"
ADVICE = "See to these tickets yourself, and ask whoever runs the desk to look at its log and at /readyz."


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
    zone = staff_news.desk_zone(work)
    for due in audit.overdue(work.session, since=now - OVERDUE_AFTER):
        at = moment(due.planned_for, zone=zone, now=now)
        what = due.kind.replace("_", " ")
        yield Fault(f"overdue:{due.kind}:{due.subject}", f"{_ticket(work, due.ticket_number)}: {what} was due {at}")
    for chain in audit.chains_without_step(work.session):
        yield Fault(f"chain:{chain.id}", f"{_ticket(work, chain.ticket_number)} is paged, but nobody is next")
    for row in audit.tickets_without_update(work.session):
        if schedule.schedule_of(work.handbook(row), row) is not None:
            yield Fault(f"update:{row.number}", f"{row.id} is Sev 1, but its next customer update is not planned")
    for page in audit.pages_without_message(work.session):
        name = people.name_of(work.session, page.person_id)
        yield Fault(f"page:{page.id}", f"{_ticket(work, page.ticket_number)} pages {name}, but no message went out")
    for message in audit.unsent_pages(work.session, since=now - UNSENT_AFTER):
        at = moment(message.created_at, zone=zone, now=now)
        yield Fault(
            f"unsent:{message.id}", f"{_ticket(work, message.ticket_number)}: a {message.kind} has not left since {at}"
        )


def _ticket(work: Work, number: int | None) -> str:
    row = tickets.by_number(work.session, number) if number else None
    return row.id if row else "The desk"


def _alarm(work: Work, lasting: list[Fault], *, now: datetime) -> None:
    """Tell every manager in Slack and by their contacts; a fault that was told is not told again."""
    told = set(json.loads(remembered.value(work.session, f"{SEEN}:told") or "[]"))
    fresh = [fault for fault in lasting if fault.key not in told]
    remembered.keep(work.session, f"{SEEN}:told", json.dumps(sorted(fault.key for fault in lasting)))
    if not fresh:
        return
    identity = work.new_id()
    for person in people.of_role(work.session, [role.value for role in LEADS]):
        message = alarms.findings(
            work.desk.catalog, title=TITLE, lines=tuple(fault.said for fault in fresh), advice=ADVICE,
            zone=views.zone_of(work, person.id), now=now,
        )  # fmt: skip
        outbox.post(work.session, message=message, lane=f"@{person.slack}", id=work.new_id(), now=now)
        for number, contact in enumerate(person.contacts):
            outside.notify(
                work.session, place=Place(person.id, number), title=TITLE, body=message.text, id=work.new_id(),
                facts={"medium": contact.partition("://")[0], "action": "trigger", "dedup": f"watchman-{identity}"},
                key=f"watchman:{identity}:{person.id}:{number}", now=now,
            )  # fmt: skip
