"""How do messages that are another problem become a ticket of their own?

Its clocks run from when the first of them was written, and what is written below one of them belongs to it from then
on. Sources: ledger IN-2, IN-3; SLA rules R4, R12.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.errors import BadInput
from bot.domain.events import Continues, CustomerWrote, SplitOff, Words
from bot.domain.people import Action, Actor, check
from bot.domain.ticket import Source
from bot.domain.triage import check_length, is_courtesy, one_line
from bot.messages import forms
from bot.messages.view import Choice
from bot.messages.words import moment
from bot.services import announce, clocks, discretion, intake, leak_guard, tell, views
from bot.services.desk import Answer, Work
from bot.services.tickets import still_open, ticket_of
from bot.store import conversation, people
from bot.store.tables import Remark, Ticket

OFFERED = 100
"""Messages that the form offers, the last ones: as many as one field of Slack's holds."""

BEGUN_BY_MESSAGE = frozenset({Source.MENTION, Source.MESSAGE, Source.REACTION, Source.SHORTCUT, Source.SPLIT})
"""Tickets that began with a message, which stays with them."""


def split_form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show what the customer wrote on a ticket, to choose from it what is another problem."""
    check(actor, Action.TRIAGE)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=False))
    zone = views.zone_of(work, actor.person)
    found = movable(work, row)[-OFFERED:]
    return Answer(
        view=forms.split_form(
            work.desk.catalog,
            ticket=views.staff_ticket(work, row, now=now),
            messages=tuple(
                Choice(
                    each.ts,
                    one_line(each.text, 75) or _file_names(each),
                    f"{each.author_name}, {moment(_written_at(each), zone=zone, now=now)}",
                )
                for each in found
            ),
            metadata={"ticket": row.id, "channel": row.channel},
        )
    )


def split(
    work: Work, *, actor: Actor, ticket: str, messages: str, summary: str, anyway: str = "", now: datetime
) -> Answer:
    """Make messages of a ticket's a ticket of their own, in the name of who wrote the first of them.

    `messages` are Slack's ids, parted by commas; `summary` is what the customer reads on the receipt. Raises BadInput
    where one of them is not the ticket's to give away, HeldBack where the summary holds what is not the customer's.
    """
    check(actor, Action.TRIAGE)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=True))
    kept, secrets = discretion.without_secrets({"summary": summary})
    said = check_length(kept["summary"], what="summary", field="summary")
    chosen = _chosen(work, row, [each for each in messages.split(",") if each])
    leak_guard.ask_twice(work, [row], actor=actor, where="summary", values={"summary": said, "anyway": anyway}, now=now)
    origins = [_origin(work, each) for each in chosen]
    roots = {each.ts for each in chosen if each.at_root}
    versions = {each.ts: each.version for each in chosen}
    first = _first(chosen, origins)
    for remark in chosen:
        # They begin anew on the other ticket, so that its room gets them all and this one's keeps what it showed.
        work.session.delete(remark)
    work.session.flush()
    texts = [each.text for each in origins]
    new = intake.open_apart(work, row, actor=actor, origin=first, texts=texts, summary=said, now=now)
    announce.happened(work, new, Continues(ticket=row.id, how="split"), by=actor.label, now=now)
    for each in origins:
        if each.ts != first.ts:
            conversation.add(
                work.session, ticket_number=new.number_known, channel=each.channel, ts=each.ts, visibility="customer",
                author=each.author, author_name=each.author_name, text=each.text, files=list(each.files),
                at_root=each.ts in roots, at=now,
            )  # fmt: skip
        conversation.dated(work.session, each.channel, each.ts, version=versions[each.ts])
        wrote = CustomerWrote(message=each.ts, text=Words(each.text), courtesy=is_courtesy(each.text))
        announce.happened(work, new, wrote, by=each.author, now=now)
    row.split_into = [*row.split_into, new.id]
    moved = SplitOff(ticket=new.id, messages=tuple(each.ts for each in origins))
    announce.happened(work, row, moved, by=actor.label, now=now)
    clocks.refresh(work, new, now=now)
    clocks.refresh(work, row, now=now)
    text = tell.plain(work, "split_off", ticket=new.id, before=row.id, count=len(chosen), now=now).text
    return Answer(text=discretion.beside(work, text, secrets, channel=row.channel, now=now), ticket=new.id)


def movable(work: Work, row: Ticket) -> list[Remark]:
    """Give what the customer's people wrote on a ticket after it began, in that order; removed messages left out."""
    said = [
        each
        for each in conversation.of_ticket(work.session, row.number_known)
        if each.visibility == "customer" and not each.ts.startswith("out:")
    ]
    begun_by = said[0].ts if said and Source(row.source) in BEGUN_BY_MESSAGE else ""
    ours = {f"person:{key}" for key, each in people.persons(work.session).items() if each.customer_id is None}
    found = [each for each in said if each.deleted_at is None and each.ts != begun_by and each.author not in ours]
    return sorted(found, key=_written_at)


def _chosen(work: Work, row: Ticket, chosen: Sequence[str]) -> list[Remark]:
    """Give the chosen messages in the order in which they were written. Raises BadInput."""
    if not chosen:
        raise BadInput("choose_message", field="messages")
    here = {each.ts: each for each in movable(work, row)}
    for ts in chosen:
        if ts in here:
            continue
        found = conversation.by_ts(work.session, row.channel, ts)
        if found is not None and found.ticket_number != row.number:
            other = ticket_of(work, found.ticket_number, lock=False)
            raise BadInput("message_of_other", ticket=other.id, field="messages")
        if found is not None and found.deleted_at is None:
            raise BadInput("message_first", ticket=row.id, field="messages")
        raise BadInput("message_gone", field="messages")
    return [each for ts, each in here.items() if ts in chosen]


def _origin(work: Work, remark: Remark) -> intake.Origin:
    """The message as one that a ticket can come from."""
    workspace, user = people.account_of(work.session, remark.author)
    return intake.Origin(
        channel=remark.channel, ts=remark.ts, author=remark.author, author_name=remark.author_name,
        workspace=workspace, user=user, text=remark.text, files=tuple(remark.files), at=_written_at(remark),
    )  # fmt: skip


def _first(chosen: Sequence[Remark], origins: Sequence[intake.Origin]) -> intake.Origin:
    """The first message, in the thread that the new ticket gets: below one in the channel itself, else below ours."""
    roots = [each.ts for each in chosen if each.at_root]
    if chosen[0].at_root:
        return origins[0]
    return replace(origins[0], thread=roots[0]) if roots else replace(origins[0], in_thread=True)


def _written_at(remark: Remark) -> datetime:
    return datetime.fromtimestamp(float(remark.ts), tz=UTC)


def _file_names(remark: Remark) -> str:
    return one_line(", ".join(each.get("name", "file") for each in remark.files), 75)
