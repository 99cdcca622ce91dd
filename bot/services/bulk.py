"""How does a manager act on several tickets at once, without surprises and without doing anything twice?

Choose, see what would happen and what is refused, then do: each ticket is a deadline of its own and one transaction, so
that a crash in between loses none and repeats none. The last one tells how it went. Source: ledger LC-4.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from bot.domain.errors import BadInput, MissingWords, Refused
from bot.domain.people import STAFF, Action, Actor, Role, check
from bot.domain.ticket import OPEN_STATES, WORKED_STATES, State
from bot.domain.triage import check_length, one_line
from bot.messages import bulk_forms as forms
from bot.messages.sentences import worded
from bot.messages.view import Choice
from bot.services import holding, queries, views, whois, working
from bot.services.desk import Answer, Work
from bot.services.tickets import ticket_of
from bot.store import bulks, deadlines, outbox, people, tickets
from bot.store.bulk_tables import Bulk, BulkItem
from bot.store.savepoint import undoable
from bot.store.tables import Ticket

KIND = "bulk"

MOST = 200
"""Tickets of one action, and how many the form offers: their ids fit into what Slack keeps with it."""

Deed = Callable[[Work, Actor, str, Mapping[str, str], datetime], Answer]

DEEDS: Mapping[str, Deed] = MappingProxyType(
    {
        "assign": lambda work, actor, ticket, chosen, now: holding.assign(
            work, actor=actor, ticket=ticket, person=chosen["person"], now=now
        ),
        "wait": lambda work, actor, ticket, _chosen, now: working.wait(work, actor=actor, ticket=ticket, now=now),
        "close": lambda work, actor, ticket, _chosen, now: working.close_resolved(
            work, actor=actor, ticket=ticket, now=now
        ),
        "note": lambda work, actor, ticket, chosen, now: working.note(
            work, actor=actor, ticket=ticket, text=chosen["text"], now=now
        ),
    }
)
"""What can be done with several tickets."""


def choose_form(work: Work, *, actor: Actor, now: datetime) -> Answer:  # noqa: ARG001 - every use case takes it
    """Show the form in which tickets and an action are chosen."""
    check(actor, Action.BULK)
    rows = queries.in_order(work, tickets.queue(work.session, limit=MOST))
    staff = people.of_role(work.session, [role.value for role in STAFF])
    return Answer(
        view=forms.choose_form(
            work.desk.catalog,
            tickets=tuple(Choice(row.id, f"{row.id} {one_line(row.summary, 55)}") for row in rows),
            people=tuple(Choice(each.id, each.name) for each in staff),
        )
    )


def preview(work: Work, *, actor: Actor, values: Mapping[str, str], now: datetime) -> Answer:  # noqa: ARG001 - as above
    """Show what would happen to each chosen ticket, and which are refused and why; nothing is changed.

    Raises MissingWords or BadInput where the action lacks something.
    """
    check(actor, Action.BULK)
    action, chosen = _asked(work, values)
    rows = [ticket_of(work, each, actor=actor, lock=False) for each in _split(values.get("tickets", ""))]
    whys = [_refusal(row, action, chosen) for row in rows]
    told = tuple(
        (row.id, one_line(row.summary, 80), worded(work.desk.catalog, why).sentence if why else "")
        for row, why in zip(rows, whys, strict=True)
    )
    if not any(why == "" for _, _, why in told):
        raise BadInput("none_fits", field="action")
    person = people.name_of(work.session, chosen["person"]) if chosen["person"] else ""
    fitting = [ticket for ticket, _, why in told if not why]
    return Answer(
        view=forms.preview_form(
            work.desk.catalog,
            action=action,
            person=person,
            text=chosen["text"],
            told=told,
            metadata={"action": action, "person": chosen["person"], "tickets": ",".join(fitting)},
        )
    )


def begin(work: Work, *, actor: Actor, action: str, ticket_ids: str, person: str, text: str, now: datetime) -> Answer:
    """Let it be done, a ticket at a time. Raises MissingWords or BadInput as the preview does."""
    check(actor, Action.BULK)
    action, chosen = _asked(work, {"action": action, "person": person, "text": text})
    rows = [ticket_of(work, each, actor=actor, lock=False) for each in _split(ticket_ids)][:MOST]
    if not rows or actor.person is None:
        raise BadInput("choose_ticket", field="tickets")
    bulk = Bulk(id=work.new_id(), action=action, chosen=chosen, by=actor.person, asked_at=now)
    work.session.add(bulk)
    for row in rows:
        work.session.add(BulkItem(bulk_id=bulk.id, ticket_number=row.number_known))
        deadlines.arm(work.session, kind=KIND, subject=f"{bulk.id}:{row.number_known}", due_at=now)
    return Answer()


def step(work: Work, *, subject: str, now: datetime) -> None:
    """Do it for one ticket, in the name of who asked; a refusal is kept and told at the end."""
    bulk_id, _, number = subject.partition(":")
    bulk, item = bulks.bulk(work.session, bulk_id), bulks.item(work.session, bulk_id, int(number))
    if bulk is None or item is None or item.state != "waiting":
        return
    asker = people.person(work.session, bulk.by)
    row = ticket_of(work, item.ticket_number)
    try:
        if asker is None:
            raise BadInput("bulk_asker_gone")
        actor = whois.listed(asker)
        check(actor, Action.BULK)
        if why := _refusal(row, bulk.action, bulk.chosen):
            raise why
        with undoable(work.session):
            DEEDS[bulk.action](work, actor, row.id, bulk.chosen, now)
        item.state = "done"
    except Refused as refused:
        item.state, item.said = "refused", worded(work.desk.catalog, refused).sentence
    work.session.add(item)
    work.session.flush()
    if asker is not None and not bulks.waiting(work.session, bulk_id):
        _tell(work, bulk, asker.slack, now=now)


def _tell(work: Work, bulk: Bulk, slack: str, *, now: datetime) -> None:
    items = bulks.items(work.session, bulk.id)
    refused = []
    for each in items:
        row = tickets.by_number(work.session, each.ticket_number)
        if each.state == "refused" and row is not None:
            refused.append((row.id, each.said))
    message = forms.done(
        work.desk.catalog, action=bulk.action, done=len(items) - len(refused), refused=tuple(refused),
        zone=views.zone_of(work, bulk.by), now=now,
    )  # fmt: skip
    outbox.post(work.session, message=message, lane=f"@{slack}", id=work.new_id(), key=f"bulk:{bulk.id}", now=now)


def _asked(work: Work, values: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    action, person, text = (values.get(name, "").strip() for name in ("action", "person", "text"))
    if action not in DEEDS:
        raise BadInput("choose_action", field="action")
    if action == "assign":
        found = people.person(work.session, person) if person else None
        if found is None or not found.active or Role(found.role) not in STAFF:
            raise MissingWords("missing_person", field="person")
    if action == "note":
        text = check_length(text, what="note", field="text")
    return action, {"person": person if action == "assign" else "", "text": text if action == "note" else ""}


def _refusal(row: Ticket, action: str, chosen: Mapping[str, str]) -> BadInput | None:
    """Why an action would be refused for a ticket as it stands; nothing where it would be done."""
    state = State(row.state)
    match action:
        case "assign" if state in WORKED_STATES and row.owner == chosen["person"]:
            return BadInput("theirs_already")
        case "wait" if state is State.WAITING:
            return BadInput("it_waits")
        case "assign" | "wait" if state not in WORKED_STATES:
            return BadInput("it_is", state=state)
        case "close" if state is not State.RESOLVED:
            return BadInput("it_is_not_resolved", state=state)
        case "note" if state not in OPEN_STATES:
            return BadInput("it_is", state=state)
    return None


def _split(ids: str) -> Sequence[str]:
    return tuple(dict.fromkeys(each for each in ids.split(",") if each))[:MOST]
