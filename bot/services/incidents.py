"""What can our people do with an incident: link tickets, write to all their customers at once, resolve them together?

The incident is locked first, then its tickets by number. A customer's message is made from its own ticket alone (as
every update is), so that nothing of the incident or of the others has a way into it; words that name another customer
are refused. Sources: ledger IN-11, UP-3, LC-2; design, invariant 8.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.errors import BadInput, MissingWords, NoSuchTicket
from bot.domain.events import Linked, Unlinked, Words
from bot.domain.events.incidents import (
    IncidentOpened,
    IncidentReopened,
    IncidentResolved,
    IncidentUpdated,
    TicketLinked,
    TicketUnlinked,
)
from bot.domain.incident import TITLE_LIMIT, IncidentState, betrayed, most_severe
from bot.domain.people import Action, Actor, check
from bot.domain.ticket import WORKED_STATES, Severity, State
from bot.domain.triage import check_length, one_line
from bot.services import announce, incident_news, leak_guard, tell, timeline, triggers, updates, working
from bot.services.desk import Answer, Work
from bot.services.tickets import still_open, ticket_of
from bot.store import incidents, people
from bot.store.incident_tables import Incident, IncidentTicket
from bot.store.tables import Ticket

NEW = "new"
"""What the form says in place of an incident's id."""


def link(work: Work, *, actor: Actor, ticket: str, incident: str, title: str, now: datetime) -> Answer:
    """Make a ticket part of an open incident, or of a new one with that title. A title wins over a choice.

    Raises NotAllowed, NoSuchTicket, Over, MissingWords, TooLong, or BadInput where it belongs to one already.
    """
    check(actor, Action.TRIAGE)
    still_open(ticket_of(work, ticket, actor=actor, lock=False))
    chosen = incident.strip()
    if title.strip() or chosen in ("", NEW):
        found = begin(work, title=title, by=actor.label, now=now)
    else:
        found = still_going(work, chosen)
    row = still_open(ticket_of(work, ticket, actor=actor))
    join(work, found, [row], by=actor.label, now=now)
    return tell.plain(work, "linked", ticket=row.id, incident=found.id, now=now)


def unlink(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Take a ticket out of its incident. Raises BadInput where it belongs to none."""
    check(actor, Action.TRIAGE)
    place = incidents.of_ticket(work.session, ticket_of(work, ticket, actor=actor, lock=False).number_known)
    found = incidents.incident(work.session, place.number_known, lock=True) if place else None
    row = ticket_of(work, ticket, actor=actor)
    place_row = work.session.get(IncidentTicket, row.number_known)
    if found is None or place_row is None:
        raise BadInput("of_no_incident", ticket=row.id)
    work.session.delete(place_row)
    work.session.flush()
    timeline.record_incident(work, found, TicketUnlinked(ticket=row.id), by=actor.label, now=now)
    announce.happened(work, row, Unlinked(incident=found.id), by=actor.label, now=now)
    incident_news.card(work, found, now=now)
    return tell.plain(work, "unlinked", ticket=row.id, incident=found.id, now=now)


def write_update(work: Work, *, actor: Actor, incident: str, values: dict[str, str], now: datetime) -> Answer:
    """Send one text to the customer of each ticket that is being worked on, as an update of that ticket.

    It goes out at once and counts as theirs: each keeps its own number, template and rhythm (UP-3, R19). Raises
    MissingWords, TooLong, or BadInput where the words name another customer.
    """
    check(actor, Action.WORK)
    found = still_going(work, incident)
    rows = [each for each in _locked(work, found) if State(each.state) in WORKED_STATES]
    if not rows:
        raise BadInput("nobody_reads", incident=found.id, field="known")
    for name, text in values.items():
        _check_discreet(work, found, text, field=name)
    leak_guard.ask_twice(work, rows, actor=actor, where="update", values=values, now=now)
    said = Words("\n".join(text.strip() for name, text in values.items() if text.strip() and name != leak_guard.ANYWAY))
    for row in rows:
        updates.write_now(work, row, actor=actor, values=values, now=now)
    event = IncidentUpdated(tickets=tuple(row.id for row in rows), text=said)
    timeline.record_incident(work, found, event, by=actor.label, now=now)
    incident_news.card(work, found, now=now)
    customers = len({row.customer_id for row in rows})
    return tell.plain(work, "incident_update", incident=found.id, count=customers, now=now)


def resolve(
    work: Work, *, actor: Actor, incident: str, values: dict[str, str], chosen: Iterable[str], now: datetime
) -> Answer:
    """Resolve an incident and with it the chosen tickets, each by its own rules and with its own summary (LC-2).

    The others stay as they are, on their own. Raises MissingWords or TooLong as resolving one ticket does, BadInput
    where the words name another customer.
    """
    check(actor, Action.RESOLVE)
    found = still_going(work, incident)
    wanted = set(chosen)
    rows = [row for row in _locked(work, found) if row.id in wanted and State(row.state) in WORKED_STATES]
    if not values.get("root_cause", "").strip():
        raise MissingWords("missing_closing", what="root_cause", field="root_cause")
    for name, text in values.items():
        _check_discreet(work, found, text, field=name)
    leak_guard.ask_twice(work, rows, actor=actor, where="resolution", values=values, now=now)
    found.state, found.resolved_at = IncidentState.RESOLVED.value, now
    for row in rows:
        working.resolve(work, actor=actor, ticket=row.id, values=values, guarded=False, now=now)
    event = IncidentResolved(
        how="resolved", tickets=tuple(row.id for row in rows), root_cause=Words(values["root_cause"].strip())
    )
    timeline.record_incident(work, found, event, by=actor.label, now=now)
    incident_news.card(work, found, now=now)
    return tell.plain(work, "incident_resolved", incident=found.id, count=len(rows), now=now)


def reopen(work: Work, *, actor: Actor, incident: str, now: datetime) -> Answer:
    """Go on with an incident that was resolved too soon; no customer hears of it, and its tickets stand as they are.

    What is solved stays so until somebody presses Still broken there: only its own customer was asked whether it works.
    Raises NoSuchTicket, or BadInput where it is open.
    """
    check(actor, Action.RESOLVE)
    found = incidents.incident(work.session, incident, lock=True)
    if found is None:
        raise NoSuchTicket("no_such_incident", incident=incident[:40])
    if found.state == IncidentState.OPEN:
        raise BadInput("incident_goes_on", incident=found.id)
    found.state, found.resolved_at = IncidentState.OPEN.value, None
    rows = incidents.tickets_of(work.session, found.number_known)
    event = IncidentReopened(tickets=tuple(row.id for row in rows))
    timeline.record_incident(work, found, event, by=actor.label, now=now)
    incident_news.card(work, found, now=now)
    solved = [row.id for row in rows if row.state == State.RESOLVED]
    return tell.plain(work, "incident_reopened", incident=found.id, solved=solved, now=now)


def begin(work: Work, *, title: str, by: str, now: datetime) -> Incident:
    """Open an incident without tickets. Raises MissingWords or TooLong."""
    if not title.strip():
        raise MissingWords("missing_incident", field="title")
    said = one_line(check_length(title, what="title", field="title", limit=TITLE_LIMIT), TITLE_LIMIT)
    found = Incident(title=said, state=IncidentState.OPEN.value, opened_by=by, opened_at=now)
    work.session.add(found)
    work.session.flush()
    timeline.record_incident(work, found, IncidentOpened(title=Words(said)), by=by, now=now)
    return found


def join(work: Work, incident: Incident, rows: list[Ticket], *, by: str, now: datetime) -> None:
    """Make locked tickets part of a locked incident; where enough customers are affected, their trigger fires once.

    Raises BadInput where one belongs to another open incident.
    """
    for row in rows:
        before = work.session.get(IncidentTicket, row.number_known)
        if before is not None and before.incident_number == incident.number:
            raise BadInput("of_incident", ticket=row.id, incident=incident.id, field="incident")
        other = incidents.incident(work.session, before.incident_number) if before else None
        if before is not None and other is not None and other.state == IncidentState.OPEN:
            raise BadInput("of_other_incident", ticket=row.id, incident=other.id, field="incident")
        place = before or IncidentTicket(ticket_number=row.number_known, incident_number=0, linked_by=by, linked_at=now)
        place.incident_number, place.linked_by, place.linked_at = incident.number_known, by, now
        work.session.add(place)
        work.session.flush()
        event = TicketLinked(ticket=row.id, customer=row.customer_id)
        timeline.record_incident(work, incident, event, by=by, now=now)
        announce.happened(work, row, Linked(incident=incident.id), by=by, now=now)
    incident_news.card(work, incident, now=now)
    _count_customers(work, incident, now=now)


def inherit(work: Work, row: Ticket, survivor: Ticket, *, by: str, now: datetime) -> None:
    """Let a ticket that another one was merged into take its place in an open incident, unless it has one."""
    found = incidents.of_ticket(work.session, row.number_known)
    taken = incidents.of_ticket(work.session, survivor.number_known)
    if found is None or found.state != IncidentState.OPEN:
        return
    if taken is None or taken.state != IncidentState.OPEN:
        join(work, found, [survivor], by=by, now=now)
    elif taken.number != found.number:
        incident_news.end_if_over(work, found, now=now)
        incident_news.card(work, found, now=now)


def still_going(work: Work, which: str | int, *, lock: bool = True) -> Incident:
    """Find an open incident, locked where asked. Raises NoSuchTicket, or BadInput where it is resolved."""
    found = incidents.incident(work.session, which, lock=lock)
    if found is None:
        raise NoSuchTicket("no_such_incident", incident=str(which)[:40])
    if found.state != IncidentState.OPEN:
        raise BadInput("incident_resolved", incident=found.id)
    return found


def _locked(work: Work, incident: Incident) -> list[Ticket]:
    return [
        ticket_of(work, each.number_known) for each in incidents.tickets_of(work.session, incident.number_known)
    ]  # fmt: skip


def _count_customers(work: Work, incident: Incident, *, now: datetime) -> None:
    """Page for an outage of several customers, once for the incident, on its most severe ticket (ledger ES-1)."""
    rows = [
        row for row in incidents.tickets_of(work.session, incident.number_known) if State(row.state) in WORKED_STATES
    ]
    organisations = len({row.customer_id for row in rows})
    if incident.triggered_at is not None or organisations < 2:
        return
    worst = ticket_of(work, most_severe((Severity(row.severity), row.number_known) for row in rows))
    if triggers.several_customers(work, worst, organisations=organisations, now=now) is not None:
        incident.triggered_at = now


def _check_discreet(work: Work, incident: Incident, text: str, *, field: str) -> None:
    """Refuse words that tell one customer of another: the same words go to all of them."""
    rows = incidents.tickets_of(work.session, incident.number_known)
    names: list[str] = []
    for customer_id in dict.fromkeys(row.customer_id for row in rows):
        customer = people.customer(work.session, customer_id)
        names += [customer.name] if customer else []
    found = betrayed(text, names=names, ids=[incident.id, *(row.id for row in rows)])
    if found is not None:
        raise BadInput("not_discreet", incident=incident.id, name=found, field=field)
