"""How does a customer's problem become a ticket?

A Sev 1 is paged first and asked about second: required metadata never blocks opening (channel handbook §4,
ledger IN-3).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.domain.details import Read
from bot.domain.errors import BadInput, NotAllowed, TooLong, TooManyTickets, UnknownSeverity
from bot.domain.events import Opened, Words
from bot.domain.handbook import Handbook
from bot.domain.people import Action, Actor, check
from bot.domain.ticket import OPEN_STATES, Severity, Source, State
from bot.domain.triage import SUMMARY_LIMIT, Request, check_summary, one_line, read_request
from bot.messages import sentences
from bot.messages.sentences import plainly, worded
from bot.messages.view import CustomerTicket
from bot.messages.words import escape
from bot.services import beginning, details, discretion, forms, pace, queries, timeline, views
from bot.services.desk import Answer, Work
from bot.services.tickets import of_thread, ticket_of
from bot.store import conversation, people, tickets
from bot.store.newborn import born
from bot.store.people import KnownCustomer
from bot.store.tables import Remark, Ticket

READ_LATE_AFTER = timedelta(minutes=1)
"""A message that we read later than this was written while the desk was away."""

GIVEN_BACK = 30_000
"""Characters of a refused text that fit into the answer to a command."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The message that a ticket came from: where it stands, who wrote it and what."""

    channel: str
    ts: str
    author: str
    author_name: str
    workspace: str
    user: str
    text: str
    files: tuple[dict[str, str], ...] = ()
    thread: str | None = None
    """The thread that it was written in, which then is the ticket's; None where it stands in the channel itself."""
    in_thread: bool = False
    """Whether that thread is another ticket's: then our receipt begins this one's."""
    at: datetime | None = None
    """When it said what it says, where that is not when it was written."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """A ticket as it was just written down."""

    number: int
    id: str
    channel: str
    handbook: Handbook
    event: Opened

    @property
    def ticket(self) -> CustomerTicket:
        """What the customer's people may know of it."""
        event = self.event
        return CustomerTicket(
            id=self.id,
            summary=event.summary,
            severity=event.severity,
            severity_label=self.handbook.severity_names()[event.severity],
            state=State.NEW,
            zone=event.zone,
            opened_at=event.written_at,
        )


def open_by_command(work: Work, *, actor: Actor, channel: str, text: str, now: datetime) -> Answer:
    """Open a ticket from "SEVERITY SUMMARY" in a customer's channel, or offer the form with the text kept.

    Source: ledger IN-1. Raises EmptySummary. What is too long or one too many is given back with the reason.
    """
    check(actor, Action.OPEN)
    kept, secrets = discretion.without_secrets({"text": text})
    text = kept["text"]
    customer = people.customer_of_channel(work.session, channel)
    if not text.strip():
        return forms.ticket_form(work, actor=actor, channel=channel, now=now)
    handbook = handbook_for(work, customer or _own_customer(work, actor))
    request = read_request(text, handbook.severity)
    if request.severity is None:
        refusal = UnknownSeverity(word=one_line(request.word, 40), known=[*handbook.severity_names().values()])
        reason = worded(work.words_for(actor), refusal).sentence
        return forms.ticket_form(work, actor=actor, channel=channel, text=request.summary, reason=reason, now=now)
    if customer is None:
        reason = plainly(work.words_for(actor), sheet="answers", part="choose_the_customer", facts={})
        return forms.ticket_form(
            work, actor=actor, channel=channel, text=request.summary, severity=request.severity, reason=reason, now=now
        )
    try:
        opening = _write(
            work, actor, customer, source=Source.COMMAND, severity=Severity(request.severity), summary=request.summary,
            begun=False, now=now,
        )  # fmt: skip
    except (TooLong, TooManyTickets) as refusal:
        # Slack forgets what was typed into a command: it is given back whole.
        said = worded(work.words_for(actor), refusal).sentence
        return Answer(text=f"{escape(said)}\n```{escape(request.summary[:GIVEN_BACK])}```")
    # Who typed it waits for the answer: what follows from a ticket does so in a transaction of its own.
    beginning.later(work, opening.number, now=now)
    words = work.words_of(customer.id)
    said = queries.opened_text(words, opening.handbook, opening.ticket, graded=True, now=now)
    return Answer(text=discretion.beside(work, said, secrets, channel=opening.channel, now=now), ticket=opening.id)


def open_by_form(
    work: Work,
    *,
    actor: Actor,
    channel: str,
    values: dict[str, str],
    files: details.Files = (),
    origin: Origin | None = None,
    now: datetime,
) -> Answer:
    """Open a ticket from the form; `values` by field name. A message it started from becomes its thread.

    Raises EmptySummary, TooLong, UnknownSeverity or BadInput with the field they belong to.
    """
    check(actor, Action.OPEN)
    values, secrets = discretion.without_secrets(values)
    known = tickets.by_thread(work.session, origin.channel, origin.ts) if origin else None
    if known is not None:
        raise BadInput("message_is_ticket", ticket=known.id)
    if origin is not None:
        _refuse_taken(work, origin, actor)
    customer = _customer_for(work, actor, origin.channel if origin else channel, values.get("customer", ""))
    if origin is not None and people.customer_of_channel(work.session, origin.channel) is None:
        # Written where no customer reads: whoever the ticket is for hears of it in their own channel.
        origin = None
    handbook = handbook_for(work, customer)
    word = values.get("severity", "")
    severity = handbook.severity(word) if word else None
    if word and severity is None:
        raise UnknownSeverity(word=word, known=[*handbook.severity_names().values()])
    given = details.filled_in(handbook, values, files)
    row = _open(
        work, actor, customer, source=Source.SHORTCUT if origin else Source.FORM, severity=severity,
        category=values.get("category") or None, summary=values.get("summary", ""), given=given, files=files,
        origin=origin, now=now,
    )  # fmt: skip
    said = queries.opened_text(
        work.catalog(row), handbook, views.customer_ticket(work, row), graded=severity is not None, now=now
    )
    return Answer(text=discretion.beside(work, said, secrets, channel=row.channel, now=now), ticket=row.id)


def open_from_message(work: Work, *, actor: Actor, origin: Origin, source: Source, now: datetime) -> Ticket | None:
    """Make a message a ticket: by mention, by reaction, or because the customer has every message on.

    None where the message is a ticket's already. The author is the one who asked, whoever reacted.
    """
    if tickets.by_thread(work.session, origin.channel, origin.ts) is not None:
        return None
    _refuse_taken(work, origin, actor)
    customer = people.customer_of_channel(work.session, origin.channel)
    if customer is None:
        raise BadInput("no_customers_channel")
    check(actor, Action.OPEN)
    handbook = handbook_for(work, customer)
    found, request = _understood(handbook, origin.text, origin.files)
    severity = Severity(request.severity) if request.severity else details.said_severity(handbook, origin.text)
    return _open(
        work, actor, customer, source=source, severity=severity, summary=_summary(work, request, origin.text),
        given=dict(found.given), origin=origin, now=now,
    )  # fmt: skip


def follow_edit(work: Work, row: Ticket, remark: Remark, *, before: str) -> None:
    """Let a ticket be called by what began it as that reads now, unless somebody chose other words for it."""
    if remark.ts != row.thread_ts or State(row.state) not in OPEN_STATES or not remark.text.strip():
        return
    handbook = work.handbook(row)
    was, reads = (_summary(work, _understood(handbook, text, remark.files)[1], text) for text in (before, remark.text))
    if row.summary == was:
        row.summary = reads


def _understood(handbook: Handbook, text: str, files: details.Files) -> tuple[Read, Request]:
    """What a message gives of the fields that are required, and what is asked in the words beside them."""
    found = details.read(handbook, text, files)
    return found, read_request(found.rest or text, handbook.severity, spoken=True)


def _summary(work: Work, request: Request, text: str) -> str:
    return one_line(request.summary or text or sentences.reason(work.desk.catalog, "no_words"), SUMMARY_LIMIT)


def open_apart(
    work: Work, row: Ticket, *, actor: Actor, origin: Origin, texts: Sequence[str], summary: str, now: datetime
) -> Ticket:
    """Make messages of a ticket's a ticket of their own, which began when the first of them, `origin`, was written.

    `texts` is what all of them say: a severity and details are read from it as from any message.
    """
    customer = people.customer(work.session, row.customer_id)
    if customer is None:
        raise BadInput("customer_gone", ticket=row.id)
    handbook = handbook_for(work, customer)
    said = "\n".join(texts)
    severities = (details.said_severity(handbook, each) for each in texts)
    found = details.read(handbook, said, origin.files)
    return _open(
        work, actor, customer, source=Source.SPLIT, severity=next(filter(None, severities), None), summary=summary,
        given=dict(found.given), origin=origin, now=now,
    )  # fmt: skip


def handbook_for(work: Work, customer: KnownCustomer | None) -> Handbook:
    """Give the handbook that a new ticket of this customer would pin."""
    return work.handbook_of(customer).handbook


def _customer_for(work: Work, actor: Actor, channel: str, chosen: str) -> KnownCustomer:
    """Find whose ticket it is: the channel's, the person's own, or the one chosen in the form (our people only)."""
    customer = people.customer_of_channel(work.session, channel) or _own_customer(work, actor)
    if customer is None and actor.is_staff and chosen:
        customer = people.customer(work.session, chosen)
    if customer is None:
        raise BadInput("choose_customer", field="customer")
    return customer


def _refuse_taken(work: Work, origin: Origin, actor: Actor) -> None:
    """Refuse a message that belongs to a ticket already, and say what to do instead."""
    taken = conversation.by_ts(work.session, origin.channel, origin.ts)
    if taken is not None:
        which = ticket_of(work, taken.ticket_number)
        raise BadInput("message_of_ticket", ticket=which.id, inside=actor.is_staff)


def _own_customer(work: Work, actor: Actor) -> KnownCustomer | None:
    return people.customer(work.session, actor.customer) if actor.customer else None


def _written_at(source: Source, origin: Origin | None, *, now: datetime) -> datetime:
    """Give the moment from which a ticket's clocks run: when the customer wrote, even if we read it later.

    An old message that somebody makes a ticket now begins now.
    """
    if origin is not None and origin.at is not None and source is Source.SPLIT:
        return min(origin.at, now)
    if origin is None or source not in (Source.MENTION, Source.MESSAGE):
        return now
    written_at = origin.at or datetime.fromtimestamp(float(origin.ts), tz=UTC)
    return written_at if now - written_at > READ_LATE_AFTER else now


def _write(
    work: Work,
    actor: Actor,
    customer: KnownCustomer,
    *,
    source: Source,
    severity: Severity | None,
    summary: str,
    category: str | None = None,
    given: dict[str, str] | None = None,
    origin: Origin | None = None,
    begun: bool = True,
    now: datetime,
) -> _Opening:
    """Write a ticket and its opening down; `begun` where what follows from it happens at once."""
    # Several customers' people may share a room: each opens for its own only.
    if not actor.is_staff and actor.customer != customer.id:
        raise NotAllowed("open_elsewhere")
    opened_at = _written_at(source, origin, now=now)
    loaded = work.handbook_of(customer)
    handbook = loaded.handbook
    proposed = handbook.categories[category].proposes if category in handbook.categories else None
    graded = severity or proposed or handbook.default_severity
    summary = check_summary(summary, severity=handbook.severity_names()[graded])
    if customer.channel is None:
        raise BadInput("customer_without_channel", customer=customer.name)
    pace.check(work, actor, handbook, severity=graded, source=source, now=now)
    if origin and origin.thread and of_thread(work, origin.channel, origin.thread) is not None:
        origin = replace(origin, in_thread=True)
    number = tickets.next_number(work.session)
    event = Opened(
        written_at=opened_at,
        customer=customer.id, severity=graded, category=category or next(iter(handbook.categories), ""), source=source,
        tier=customer.tier, zone=customer.timezone or handbook.zone,
        handbook=work.desk.handbooks.pin(work.session, loaded, now=now), summary=Words(summary),
        requester=origin.author if origin else actor.label,
    )  # fmt: skip
    known = f"{handbook.ticket_prefix}-{number}"
    channel = origin.channel if origin else customer.channel
    row = {
        "number": number,
        "id": known,
        "customer_id": customer.id,
        "handbook": event.handbook,
        "tier": event.tier,
        "zone": event.zone,
        "severity": graded.value,
        "severity_since": opened_at,
        "category": event.category,
        "state": State.NEW.value,
        "source": source.value,
        "summary": summary,
        "details": {
            "customer": customer.name,
            **({"severity": graded.value} if severity else {}),
            **(given or {}),
        },
        "channel": channel,
        "thread_ts": (origin.thread or origin.ts) if origin and not origin.in_thread else None,
        "requester_workspace": origin.workspace if origin else actor.slack.workspace,
        "requester_slack": origin.user if origin else actor.slack.user,
        "requester_name": origin.author_name if origin else actor.name,
        "opened_at": opened_at,
        "begun": begun,
    }
    born(work.session, number)
    tickets.add(work.session, row)
    if origin:
        conversation.add(
            work.session, ticket_number=number, channel=origin.channel, ts=origin.ts, visibility="customer",
            author=origin.author, author_name=origin.author_name, text=origin.text, files=list(origin.files),
            at_root=not origin.thread and not origin.in_thread, at=now,
        )  # fmt: skip
    timeline.record_opening(work, number, event, by=actor.label, now=now)
    return _Opening(number, known, channel, handbook, event)


def _open(
    work: Work,
    actor: Actor,
    customer: KnownCustomer,
    *,
    source: Source,
    severity: Severity | None,
    summary: str,
    category: str | None = None,
    given: dict[str, str] | None = None,
    files: details.Files = (),
    origin: Origin | None = None,
    now: datetime,
) -> Ticket:
    """Write the ticket down, and let it begin."""
    opening = _write(
        work, actor, customer, source=source, severity=severity, summary=summary, category=category, given=given,
        origin=origin, now=now,
    )  # fmt: skip
    row = tickets.as_written(work.session, opening.number)
    beginning.begin(work, row, opening.event, by=actor.label, now=now)
    if given:
        details.tell(work, row, given, files=files, by=actor.label, now=now)
    return row
