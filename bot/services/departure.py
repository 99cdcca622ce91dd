"""Who has the tickets of somebody who leaves the team?

Nobody, and everybody sees that: a customer must not read that somebody works for them who is gone.
"""

from datetime import datetime

from bot.domain.events import Released
from bot.domain.people import STAFF, Role
from bot.domain.ticket import WORKED_STATES, Severity, State
from bot.messages import sentences
from bot.services import announce, attention, paging
from bot.services.desk import Work
from bot.services.tickets import ticket_of
from bot.store import people, tickets

MOST = 1000
"""Tickets of one person; nobody has as many."""


def settle(work: Work, person: str, *, by: str, now: datetime) -> None:
    """Take the tickets of somebody who works no longer; for a Sev 1 and what is escalated its level is paged."""
    found = people.person(work.session, person)
    if found is not None and found.active and Role(found.role) in STAFF:
        return
    for each in tickets.queue(work.session, owner=person, limit=MOST):
        row = ticket_of(work, each.number_known, lock=True)
        if row.owner != person or State(row.state) not in WORKED_STATES:
            continue
        row.owner, row.assigned = None, {}
        announce.happened(work, row, Released(before=person, left=True), by=by, now=now)
        attention.plan(work, row, now=now)
        if Severity(row.severity) is Severity.SEV1 or row.level:
            level = row.level or min(work.handbook(row).levels, default=0)
            name = found.name if found is not None else person
            reason = sentences.reason(work.desk.catalog, "left_the_team", who=name)
            paging.engage(work, row, level=level, trigger="left", reason=reason, by=by, now=now)
