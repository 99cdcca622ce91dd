"""How does a ticket look as JSON, for scripts and for other programs?"""

from datetime import datetime
from typing import Any

from bot.domain.errors import NoSuchTicket
from bot.domain.ticket import Severity
from bot.services import timeline
from bot.services.audit import state_of
from bot.services.desk import Desk, Work
from bot.services.queries import in_order
from bot.services.tickets import ticket_of
from bot.store import clocks, people, tickets, trail
from bot.store.tables import Ticket


def listed(desk: Desk) -> list[dict[str, Any]]:
    """Every open ticket in the order of work, short."""
    with desk.db.reading() as session:
        work = Work(desk, session)
        return [_short(work, row) for row in in_order(work, tickets.queue(session, limit=10_000))]


def shown(desk: Desk, ticket: str, *, now: datetime) -> dict[str, Any]:
    """One ticket whole, with its clocks and timeline. Raises ValueError with the sentence for an operator."""
    with desk.db.reading() as session:
        work = Work(desk, session)
        try:
            row = ticket_of(work, ticket, lock=False)
        except NoSuchTicket:
            # The refusal itself speaks to somebody in Slack.
            raise ValueError(f"There is no ticket {ticket} here. `bot ticket list` names the open ones.") from None
        return {
            **_short(work, row),
            "clocks": [
                {"metric": clock.metric, "due_at": _iso(clock.due_at), "state": state_of(clock, now=now)}
                for clock in clocks.of_ticket(session, row.number_known)
            ],
            "timeline": [
                {"seq": entry.seq, "at": _iso(entry.at), "actor": entry.actor, "kind": entry.kind}
                for entry in trail.read(session, timeline.stream_of(row))
            ],
        }


def as_text(found: dict[str, Any]) -> str:
    """The same for a person's terminal."""
    head = [f"{found['id']}  {found['severity_label']}  {found['state']}  {found['customer']}", found["summary"], ""]
    clocks_ = [f"  {each['metric']:<16} {each['state']:<12} due {each['due_at'] or '-'}" for each in found["clocks"]]
    rows = [f"  {each['seq']:>3}  {each['at']}  {each['actor']:<16} {each['kind']}" for each in found["timeline"]]
    return "\n".join([*head, "Clocks", *clocks_, "", "Timeline", *rows])


def _short(work: Work, row: Ticket) -> dict[str, Any]:
    handbook = work.handbook(row)
    return {
        "id": row.id,
        "state": row.state,
        "severity": row.severity,
        "severity_label": handbook.severity_names()[Severity(row.severity)],
        "customer": row.customer_id,
        "owner": row.owner,
        "owner_name": people.name_of(work.session, row.owner) if row.owner else None,
        "handbook": handbook.name,
        "handbook_hash": row.handbook,
        "category": row.category,
        "summary": row.summary,
        "opened_at": _iso(row.opened_at),
        "level": row.level,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
