"""When does the customer hear of an open ticket, and in whose words?

Updates fall on a grid (R19). The owner is asked for the words a little ahead; if none come, an honest update goes out
all the same. After an outage there is one catch-up, labelled late, never one for each missed hour (R6).

Sources: service policy §Severity 1 (hourly until closed), SLA handbook §Communications; ledger UP-1, UP-2, UP-3, UP-6.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from bot.domain.cadence import Every, ask_at, grid, missed
from bot.domain.errors import MissingWords, TooLate
from bot.domain.events import UpdateAsked, UpdatePosted, UpdateWritten, Words
from bot.domain.handbook import Handbook
from bot.domain.people import Action, Actor, check
from bot.domain.ticket import State
from bot.messages import answers
from bot.services import announce, clocks, customer_news, drafting, leak_guard, schedule, views
from bot.services.desk import Answer, Work
from bot.services.tickets import mark_answered, still_open, ticket_of
from bot.store import deadlines
from bot.store.newborn import is_born
from bot.store.tables import Ticket


def plan(work: Work, ticket: Ticket, *, now: datetime) -> None:
    """Give the ticket its next update and the asking for it, or take both away where nothing is left to tell."""
    subject = str(ticket.number_known)
    planned = schedule.schedule_of(work.handbook(ticket), ticket)
    if planned is None:
        if not is_born(work.session, ticket.number):
            deadlines.cancel(work.session, kind="update", subject=subject)
            deadlines.cancel(work.session, kind="update_ask", subject=subject)
        return
    due_at = grid(planned.anchor, planned.every, now)
    deadlines.arm(work.session, kind="update", subject=subject, due_at=due_at, ticket_number=ticket.number)
    if State(ticket.state) is State.RESOLVED:
        deadlines.cancel(work.session, kind="update_ask", subject=subject)
        return
    asked_at = max(_ask_at(work.handbook(ticket), due_at, planned.every), now)
    deadlines.arm(work.session, kind="update_ask", subject=subject, due_at=asked_at, ticket_number=ticket.number)


def plan_anew(work: Work, ticket: Ticket, *, now: datetime) -> None:
    """Plan the updates of a ticket whose rhythm changed, and take back aloud what was announced and does not come."""
    subject = str(ticket.number_known)
    before = deadlines.due_of(work.session, kind="update", subject=subject)
    plan(work, ticket, now=now)
    after = deadlines.due_of(work.session, kind="update", subject=subject)
    if before is not None and (after is None or after > before):
        customer_news.rhythm(work, ticket, before=before, next_at=after, now=now)


def ask(work: Work, *, number: int, now: datetime) -> None:
    """Ask for the words of the next update: its owner, else those who are paged for it."""
    ticket = ticket_of(work, number)
    due_at = schedule.next_update_at(work, ticket, now=now)
    if due_at is None or ticket.draft:
        return
    ticket.proposal = {**drafting.propose(work, ticket, now=now), "nth": str(ticket.updates_sent + 1)}
    announce.happened(work, ticket, UpdateAsked(due_at=due_at), by="bot", now=now)


def post(work: Work, *, number: int, planned_for: datetime, now: datetime) -> None:
    """Post the update that is due and plan the next one."""
    ticket = ticket_of(work, number)
    planned = schedule.schedule_of(work.handbook(ticket), ticket)
    if planned is None:
        return
    swallowed = missed(planned.anchor, planned.every, since=planned_for, now=now)
    _post(work, ticket, due_at=planned_for, swallowed=swallowed, now=now)
    plan(work, ticket, now=now)


def fingerprint(draft: Mapping[str, str]) -> str:
    """What tells the words of an update from others; empty where none are written."""
    return hashlib.sha256(json.dumps(draft, sort_keys=True).encode()).hexdigest()[:16] if draft else ""


def write(
    work: Work,
    *,
    actor: Actor,
    ticket: str,
    values: dict[str, str],
    promised: str = "",
    seen: str | None = None,
    now: datetime,
) -> Answer:
    """Keep the words of the next update; it goes out at its moment, or at once where none is planned or each is.

    `promised` is the moment that the form named, ISO 8601: where that is not it any more, the author hears which is.
    `seen` is the fingerprint of the words that the form began with: those of somebody else that came after
    them are gone from the update, and the author reads them. Raises MissingWords where nothing was written, Over.
    """
    check(actor, Action.WORK)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=True))
    leak_guard.ask_twice(work, [row], actor=actor, where="update", values=values, now=now)
    before = row.draft
    _keep(work, row, actor=actor, values=values, now=now)
    _post_unless_planned(work, row, now=now)
    return Answer(
        text=_since_opened(work, row, before, actor=actor, promised=promised, seen=seen, now=now), ticket=row.id
    )


def _since_opened(
    work: Work, row: Ticket, before: Mapping[str, str], *, actor: Actor, promised: str, seen: str | None, now: datetime
) -> str:
    """What is otherwise than the author's form said, when it was opened; empty where nothing is."""
    said = []
    if before and seen not in {None, fingerprint(before)} and before.get("by") != actor.name:
        words = "\n".join(before[name] for name in schedule.FIELDS if name in before)
        said.append(
            answers.update_replaced(
                work.desk.catalog, ticket_id=row.id, by=before.get("by", ""), words=words,
                zone=views.zone_of(work, actor.person), now=now,
            )
        )  # fmt: skip
    due_at = schedule.next_update_at(work, row, now=now)
    if row.draft and promised and due_at is not None and due_at != datetime.fromisoformat(promised):
        said.append(
            answers.update_kept(
                work.desk.catalog, ticket_id=row.id, promised_at=datetime.fromisoformat(promised), due_at=due_at,
                zone=views.zone_of(work, actor.person), now=now,
            )
        )  # fmt: skip
    return "\n\n".join(said)


def approve(work: Work, *, actor: Actor, asked: str, at_once: bool = False, now: datetime) -> Answer:
    """Let the desk's draft go out as it was shown: at the update's moment, or at once beside it.

    `asked` names ticket and update, `T-1042:3`. Raises TooLate where that update is out or somebody has written it.
    """
    check(actor, Action.WORK)
    ticket, _, nth = asked.partition(":")
    row = still_open(ticket_of(work, ticket, actor=actor, lock=True))
    if row.draft:
        raise TooLate("update_written", ticket=row.id, by=row.draft.get("by", ""))
    if not row.proposal or row.proposal.get("nth") != nth:
        raise TooLate("update_sent", ticket=row.id)
    if at_once:
        write_now(work, row, actor=actor, values=row.proposal, now=now)
        return Answer(ticket=row.id)
    _keep(work, row, actor=actor, values=row.proposal, now=now)
    _post_unless_planned(work, row, now=now)
    return Answer(ticket=row.id)


def write_now(work: Work, row: Ticket, *, actor: Actor, values: dict[str, str], now: datetime) -> None:
    """Send words at once as the update of a locked ticket; its grid stays where it is (R19).

    A draft that its owner wrote meanwhile is kept for its own moment. Raises MissingWords where nothing was written.
    """
    draft = row.draft
    _keep(work, row, actor=actor, values=values, now=now)
    _post(work, row, due_at=now, swallowed=0, now=now)
    row.draft = draft
    plan(work, row, now=now)


def _keep(work: Work, row: Ticket, *, actor: Actor, values: dict[str, str], now: datetime) -> None:
    words = {name: values.get(name, "").strip() for name in schedule.FIELDS}
    if not any(words.values()):
        raise MissingWords("missing_update", field="known")
    row.draft = {**{name: text for name, text in words.items() if text}, "by": actor.name}
    text = Words("\n".join(text for text in words.values() if text))
    announce.happened(work, row, UpdateWritten(text=text), by=actor.label, now=now)


def _post_unless_planned(work: Work, row: Ticket, *, now: datetime) -> None:
    planned = schedule.schedule_of(work.handbook(row), row)
    if planned is None or planned.continuous:
        _post(work, row, due_at=now, swallowed=0, now=now)


def _post(work: Work, ticket: Ticket, *, due_at: datetime, swallowed: int, now: datetime) -> None:
    written = bool(ticket.draft)
    if written:
        mark_answered(ticket, now=now)
    # What Slack would not take yet is out of date now: one update tells that the others were missed (R6).
    swallowed += customer_news.withdraw_unsent(work, ticket, now=now)
    ticket.updates_sent += 1
    event = UpdatePosted(due_at=due_at, nth=ticket.updates_sent, written=written, missed=swallowed)
    announce.happened(work, ticket, event, by="bot", now=now)
    if written:
        ticket.last_said = {**ticket.draft, "at": now.isoformat()}
    ticket.draft, ticket.proposal, ticket.updated_at = {}, {}, now
    if written:
        clocks.refresh(work, ticket, now=now)


def _ask_at(handbook: Handbook, due_at: datetime, every: Every) -> datetime:
    return max(ask_at(due_at, every), due_at - handbook.ask_for_update)
