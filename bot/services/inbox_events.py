"""What follows from an event that Slack delivered: a message, an edit, a deletion, a reaction?

The intake loop takes one row at a time; the row is done in the transaction of its effect, so that killing the process
at any instruction neither loses nor doubles it. Bodies are described in slack/incoming.py.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog

from bot.domain.errors import Refused
from bot.domain.events import Continues, CustomerWrote, Deleted, Edited, Noted, Words
from bot.domain.message import Block
from bot.domain.people import CUSTOMERS, Action, Actor, Role, may
from bot.domain.ticket import OPEN_STATES, Source, State
from bot.domain.triage import is_courtesy, is_wordless
from bot.messages.sentences import worded
from bot.messages.words import escape
from bot.services import (
    announce,
    clocks,
    details,
    discretion,
    escalate,
    grouping,
    home,
    intake,
    invitation,
    leak_guard,
    moved_channel,
    overtaken,
    queries,
    staff_news,
    tell,
    tracing,
    whois,
    working,
)
from bot.services.desk import Desk, Work
from bot.services.tickets import may_know, of_thread, over, ticket_of
from bot.store import conversation, inbox, people, tickets, watch
from bot.store.people import KnownCustomer
from bot.store.savepoint import undoable
from bot.store.tables import InboxRow, Remark, Ticket

log = structlog.get_logger()

Body = Mapping[str, Any]

TICKET_REACTION = "ticket"
"""The emoji that makes a message a ticket (ledger IN-2)."""


@tracing.apart
def take_one(desk: Desk, *, now: datetime) -> bool:
    """Work off the oldest delivery that is due; False where none is. One that fails is put off and tried again."""
    failed: tuple[int, Exception] | None = None
    with desk.db.transaction() as session:
        row = inbox.next_pending(session, now=now)
        if row is None:
            return False
        tracing.about(delivery=row.key)
        log.debug("delivery", kind=row.kind)
        work = Work(desk, session)
        try:
            with undoable(session):
                later = overtaken.too_early_until(work, row, now=now)
                if later is not None:
                    inbox.wait(session, row, until=later)
                    return True
                _take(work, row, now=now)
            inbox.finish(session, row, now=now)
        except Exception as error:  # noqa: BLE001 - whatever broke, the other deliveries must not wait for this one
            failed = (int(row.id or 0), error)
    if failed:
        with _because_of(failed[1]), desk.db.transaction() as session:
            fate = inbox.put_off(session, failed[0], error=failed[1], now=now)
            if fate in (inbox.PutOff.GIVEN_UP, inbox.PutOff.STUCK):
                again = fate is inbox.PutOff.STUCK
                why = type(failed[1]).__name__
                staff_news.not_worked_off(Work(desk, session), key=failed[0], why=why, again=again, now=now)
        # Only now that it waits: a full disk refuses that as well, and is told by the loop, not many times a second.
        log.error("delivery_failed", exc_info=failed[1])
    return True


@contextmanager
def _because_of(first: Exception) -> Iterator[None]:
    """Whatever fails here bears what had failed before."""
    try:
        yield
    except Exception as error:
        raise error from first


def _take(work: Work, row: InboxRow, *, now: datetime) -> None:
    body = inbox.body_of(row)
    kinds: dict[str, Callable[..., None]] = {
        "message": _message, "edit": _edit, "delete": _delete, "reaction": _reaction, "joined": _joined,
        "home": _home, "moved": moved_channel.follow,
    }  # fmt: skip
    kinds[row.kind](work, body, now=now)
    if row.kind in {"message", "edit"}:
        discretion.told(work, body, now=now)
    if row.kind == "message":
        watch.seen(work.session, str(body["channel"]), str(body["ts"]))


def _message(work: Work, body: Body, *, now: datetime) -> None:
    channel, ts, thread = str(body["channel"]), str(body["ts"]), body.get("thread_ts")
    actor = _author(work, body)
    if body.get("channel_type") == "im":
        help_ = queries.help_text(work, actor=actor, now=now).text
        tell.directly(work, user=str(body["user"]), text=help_, key=f"help:{channel}:{ts}", now=now)
        return
    if conversation.by_ts(work.session, channel, ts) is not None:
        return
    if overtaken.was_removed(work, channel, ts):
        return
    room = tickets.by_room(work.session, channel, str(thread)) if thread else None
    ticket = of_thread(work, channel, str(thread)) if thread and room is None else None
    try:
        if room is not None:
            _in_room(work, room, actor, body, now=now)
        elif ticket is not None:
            _in_thread(work, ticket, actor, body, now=now)
        elif not thread or body.get("mentions_bot"):
            _at_root(work, actor, body, now=now)
    except Refused as refusal:
        _refuse(work, actor, body, refusal, now=now)


def _at_root(work: Work, actor: Actor, body: Body, *, now: datetime) -> None:
    """A message outside any ticket's thread: a request by mention, or a ticket where every message is one."""
    channel = str(body["channel"])
    customer = people.customer_of_channel(work.session, channel)
    going_on = (
        None
        if body.get("ask") or body.get("thread_ts") or _is_small_talk(body)
        else _continued(work, actor, body, now=now)
    )
    if going_on is not None:
        _on_ticket(work, going_on, actor, body, now=now)
    elif body.get("mentions_bot"):
        if body.get("ask"):
            _asked(work, actor, None, body, now=now)
        elif (_is_small_talk(body) and not body.get("files")) or (customer is None and not actor.is_staff):
            _say(work, body, queries.help_text(work, actor=actor, channel=str(body["channel"]), now=now).text, now=now)
        else:
            intake.open_from_message(work, actor=actor, origin=_origin(body, actor), source=Source.MENTION, now=now)
    elif customer is not None and customer.every_message and _is_theirs(actor, customer) and not _is_small_talk(body):
        intake.open_from_message(work, actor=actor, origin=_origin(body, actor), source=Source.MESSAGE, now=now)


def _in_thread(work: Work, ticket: Ticket, actor: Actor, body: Body, *, now: datetime) -> None:
    """A message in a ticket's thread belongs to its conversation, whoever wrote it."""
    row = ticket_of(work, ticket.number_known)
    while row.followed_by is not None:
        row = ticket_of(work, row.followed_by)
    if not may(actor.role, Action.WRITE):
        return
    if body.get("mentions_bot") and body.get("ask"):
        _asked(work, actor, row, body, now=now)
        return
    # Somebody of another customer who shares the room is no part of this conversation.
    if not may_know(actor, row):
        return
    if not actor.is_staff and State(row.state) not in OPEN_STATES and not _is_small_talk(body):
        follow_up = intake.open_from_message(
            work, actor=actor, origin=_origin({**body, "in_thread": True}, actor), source=Source.MESSAGE, now=now
        )
        row.followed_by = follow_up.number if follow_up else None
        if follow_up is not None:
            announce.happened(work, follow_up, Continues(ticket=row.id, how="written"), by=actor.label, now=now)
        return
    _on_ticket(work, row, actor, body, now=now)


def _on_ticket(work: Work, row: Ticket, actor: Actor, body: Body, *, now: datetime) -> None:
    """Take a message into a ticket's conversation, from its thread or from the channel beside it."""
    text = str(body["text"])
    remark = conversation.add(
        work.session, ticket_number=row.number_known, channel=str(body["channel"]), ts=str(body["ts"]),
        visibility="customer", author=actor.label, author_name=actor.name, text=text, files=list(body["files"]),
        at_root=not body.get("thread_ts"), at=now,
    )  # fmt: skip
    if actor.is_staff:
        is_answer = bool(body.get("files")) or not is_wordless(text)
        if not is_answer or State(row.state) in (State.CLOSED, State.DECLINED, State.MERGED):
            announce.happened(work, row, Noted(message=remark.ts, text=Words(text)), by=actor.label, now=now)
            return
        working.replied(work, row, message=remark.ts, text=text, actor=actor, now=now)
        leak_guard.noticed(work, row, actor=actor, ts=remark.ts, text=text, now=now)
        return
    _customer_wrote(work, row, remark, actor, now=now)


def _customer_wrote(work: Work, row: Ticket, remark: Remark, actor: Actor, *, now: datetime) -> None:
    courtesy = is_courtesy(remark.text)
    if row.state == State.RESOLVED and not courtesy:
        working.close_later(work, row, now=now)
    event = CustomerWrote(message=remark.ts, text=Words(remark.text), courtesy=courtesy)
    announce.happened(work, row, event, by=actor.label, now=now)
    details.take(work, row, remark, actor=actor, now=now)
    if row.state == State.WAITING and not courtesy:
        working.customer_answered(work, row, by=actor.label, now=now)
        return
    clocks.refresh(work, row, now=now)


def _continued(work: Work, actor: Actor, body: Body, *, now: datetime) -> Ticket | None:
    return grouping.continued(
        work, actor=actor, channel=str(body["channel"]), ts=str(body["ts"]), text=str(body["text"]), now=now
    )


def _in_room(work: Work, ticket: Ticket, actor: Actor, body: Body, *, now: datetime) -> None:
    """Writing in the card's thread is internal: it is kept as a note, unless it tells us to do something."""
    if not actor.is_staff:
        return
    row = ticket_of(work, ticket.number_known)
    if body.get("mentions_bot") and body.get("ask"):
        _asked(work, actor, row, body, now=now)
        return
    text = str(body["text"])
    remark = conversation.add(
        work.session, ticket_number=row.number_known, channel=str(body["channel"]), ts=str(body["ts"]),
        visibility="internal", author=actor.label, author_name=actor.name, text=text, files=list(body["files"]), at=now,
    )  # fmt: skip
    announce.happened(work, row, Noted(message=remark.ts, text=Words(text)), by=actor.label, now=now)


def _asked(work: Work, actor: Actor, ticket: Ticket | None, body: Body, *, now: datetime) -> None:
    """`@bot escalate`, `@bot status`, `@bot help`, for people who have no slash commands."""
    ask, text = str(body["ask"]), str(body.get("rest", ""))
    match ask:
        case "escalate":
            answer = escalate.asked_by_mention(
                work, actor=actor, ticket=ticket.id if ticket else None, channel=str(body["channel"]),
                message=str(body["ts"]), text=text, now=now,
            )  # fmt: skip
            if answer.text:
                _say(work, body, answer.text, now=now)
        case "status":
            found = queries.status(
                work, actor=actor, channel=str(body["channel"]), ticket=text or (ticket.id if ticket else None), now=now
            )
            _say(work, body, found.text, blocks=found.blocks, now=now)
        case _:
            _say(work, body, queries.help_text(work, actor=actor, channel=str(body["channel"]), now=now).text, now=now)


def _edit(work: Work, body: Body, *, now: datetime) -> None:
    channel, ts, text = str(body["channel"]), str(body["ts"]), str(body["text"])
    found = _kept(work, channel, ts)
    if found is None:
        _message(work, body, now=now)
        conversation.dated(work.session, channel, ts, version=str(body["edited_ts"]))
        return
    row, remark = found
    if not overtaken.is_newer(body, remark):
        return
    remark.version = str(body["edited_ts"])
    if remark.text == text:
        return
    before, remark.text, remark.edited_at = remark.text, text, now
    intake.follow_edit(work, row, remark, before=before)
    actor = _author(work, body)
    if remark.visibility == "customer" and _says_more(before, text, ours=actor.is_staff):
        _said_at_last(work, row, remark, actor, body, now=now)
    else:
        announce.happened(work, row, Edited(message=remark.ts, text=Words(text)), by=remark.author, now=now)
    if actor.is_staff and remark.visibility == "customer":
        leak_guard.noticed(work, row, actor=actor, ts=ts, text=text, before=before, now=now)


def _kept(work: Work, channel: str, ts: str) -> tuple[Ticket, Remark] | None:
    """The message that stands at a place and its ticket, locked, as others left it who were at it; None where none."""
    remark = conversation.by_ts(work.session, channel, ts)
    while remark is not None:
        row = ticket_of(work, remark.ticket_number)
        remark = conversation.by_ts(work.session, channel, ts, lock=True)
        # A split may have given it to another ticket meanwhile.
        if remark is not None and remark.ticket_number == row.number:
            return row, remark
    return None


def _says_more(before: str, text: str, *, ours: bool) -> bool:
    """Whether an edit made something of what said nothing that anybody acts on."""
    says_nothing = is_wordless if ours else is_courtesy
    return says_nothing(before) and not says_nothing(text)


def _said_at_last(work: Work, row: Ticket, remark: Remark, actor: Actor, body: Body, *, now: datetime) -> None:
    """Take an edit for what it is: something that is said now, and waits for others to act on it."""
    if State(row.state) not in OPEN_STATES:
        announce.happened(work, row, Edited(message=remark.ts, text=Words(remark.text)), by=remark.author, now=now)
        if not actor.is_staff:
            _refuse(work, actor, body, over(row), now=now)
    elif actor.is_staff:
        working.replied(work, row, message=remark.ts, text=remark.text, actor=actor, now=now)
    else:
        _customer_wrote(work, row, remark, actor, now=now)


def _delete(work: Work, body: Body, *, now: datetime) -> None:
    found = _kept(work, str(body["channel"]), str(body["ts"]))
    if found is None or found[1].deleted_at is not None:
        return
    row, remark = found
    remark.deleted_at = now
    announce.happened(work, row, Deleted(message=remark.ts), by=remark.author, now=now)


def _reaction(work: Work, body: Body, *, now: datetime) -> None:
    """The ticket emoji on a message makes it a ticket in its author's name, whoever reacted."""
    message = body.get("message")
    if body.get("name") != TICKET_REACTION or not isinstance(message, Mapping):
        return
    if body.get("read_back") and _was_heard(work, body):
        return
    actor = _author(work, body)
    if not may(actor.role, Action.OPEN):
        return
    origin = _origin({**message, "channel": body["channel"]}, _author(work, {**message, "channel": body["channel"]}))
    try:
        intake.open_from_message(work, actor=actor, origin=origin, source=Source.REACTION, now=now)
    except Refused as refusal:
        _refuse(work, actor, body, refusal, now=now)


def _was_heard(work: Work, body: Body) -> bool:
    """Whether something came of a reaction when it happened: whoever was refused then is not told once more."""
    channel, ts = str(body["channel"]), str(body["ts"])
    key = f"reaction:{channel}:{ts}:{body['user']}:{body['name']}:"
    return inbox.is_reaction_known(work.session, key) or conversation.by_ts(work.session, channel, ts) is not None


def _joined(work: Work, body: Body, *, now: datetime) -> None:
    """A channel that we joined is watched from now on; where it is no customer's, administrators hear of it."""
    if body.get("user") == work.desk.bot_user:
        customer = people.customer_of_channel(work.session, str(body["channel"]))
        watch.follow(work.session, str(body["channel"]), external=customer is not None)
        invitation.came(work, body, now=now)


def _home(work: Work, body: Body, *, now: datetime) -> None:
    """Somebody looks at their home tab."""
    home.opened(work, user=str(body["user"]), workspace=str(body.get("workspace", "")), now=now)


def _author(work: Work, body: Body) -> Actor:
    return whois.find(
        work.session, workspace=str(body.get("workspace", "")), user=str(body["user"]), channel=str(body["channel"])
    )


def _origin(body: Body, author: Actor) -> intake.Origin:
    named = str(body.get("name") or "")
    return intake.Origin(
        channel=str(body["channel"]), ts=str(body["ts"]), author=author.label,
        author_name=author.name if author.role is not Role.NOBODY else named or author.name,
        workspace=str(body.get("workspace", "")), user=str(body["user"]), text=str(body["text"]),
        files=tuple(body.get("files") or ()), thread=str(body["thread_ts"]) if body.get("thread_ts") else None,
        in_thread=bool(body.get("in_thread")), at=overtaken.edited_at(body),
    )  # fmt: skip


def _is_theirs(actor: Actor, customer: KnownCustomer) -> bool:
    return actor.role in CUSTOMERS and actor.customer == customer.id


def _is_small_talk(body: Body) -> bool:
    return is_courtesy(str(body["text"])) or not (str(body["text"]).strip() or body.get("files"))


def _refuse(work: Work, actor: Actor, body: Body, refusal: Refused, *, now: datetime) -> None:
    _say(work, body, escape(worded(work.words_for(actor), refusal).sentence), now=now)


def _say(work: Work, body: Body, text: str, *, blocks: tuple[Block, ...] = (), now: datetime) -> None:
    thread = body.get("thread_ts")
    tell.privately(
        work, user=str(body["user"]), channel=str(body["channel"]), thread=str(thread) if thread else None, text=text,
        blocks=blocks, now=now,
    )  # fmt: skip
