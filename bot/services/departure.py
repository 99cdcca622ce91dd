"""Who has the tickets of somebody who leaves the team?

Nobody, and everybody sees that: a customer must not read that somebody works for them who is gone.
"""

from datetime import datetime

from bot.domain.events import Released
from bot.domain.people import STAFF, Role
from bot.domain.ticket import WORKED_STATES, Severity, State
from bot.messages import sentences
from bot.services import announce, attention, ladder, paging, staff_news
from bot.services.desk import Work
from bot.services.tickets import ticket_of
from bot.store import deadlines, pages, people, tickets
from bot.store.tables import Ticket

AT_OPENING = "left_at_night"
"""The kind of the deadline that pages when support hours begin."""

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
            _page(work, row, person, by=by, now=now)


def page_at_opening(work: Work, *, subject: str, now: datetime) -> None:
    """Page for a ticket that somebody left at night as support hours begin, unless somebody has it by then."""
    number, person = subject.split(":")
    row = ticket_of(work, int(number))
    if row.owner is None and State(row.state) in WORKED_STATES:
        _page(work, row, person, by=ladder.BOT, now=now)


def _page(work: Work, row: Ticket, person: str, *, by: str, now: datetime) -> None:
    reason = sentences.reason(work.desk.catalog, "left_the_team", who=people.name_of(work.session, person))
    opens_at = ladder.rests_until(work, row, pages.latest(work.session, row.number_known), at=now)
    if opens_at is not None:
        subject = f"{row.number_known}:{person}"
        deadlines.arm(work.session, kind=AT_OPENING, subject=subject, due_at=opens_at, ticket_number=row.number_known)
        staff_news.escalates_at(work, row, why=reason, at=opens_at, now=now)
        return
    level = row.level or min(work.handbook(row).levels, default=0)
    paging.engage(work, row, level=level, trigger="left", reason=reason, by=by, now=now)
