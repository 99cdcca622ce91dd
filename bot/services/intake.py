"""How does a customer's problem become a ticket?

A Sev 1 is paged first and asked about second: required metadata never blocks opening (channel handbook §4,
ledger IN-3).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.errors import BadInput, NotAllowed, TooLong, UnknownSeverity
from bot.domain.events import DetailsAdded, Opened, Words
from bot.domain.handbook import Handbook
from bot.domain.people import Action, Actor, check
from bot.domain.ticket import Severity, Source, State
from bot.domain.triage import check_length, check_summary, one_line, read_request
from bot.messages.words import escape
from bot.services import (
    alike,
    announce,
    clocks,
    customer_news,
    discretion,
    forms,
    ladder,
    paging,
    queries,
    room_news,
    updates,
    views,
    working,
)
from bot.services.desk import Answer, Work
from bot.services.tickets import still_open, ticket_of
from bot.store import conversation, people, tickets
from bot.store.tables import Customer, Ticket

DETAIL_FIELDS = ("environment", "steps", "logs", "timestamps", "impact")
"""The required metadata that people fill in; customer and severity are known from elsewhere."""


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
    in_thread: bool = False
    """Whether it is a reply itself: then the ticket cannot live under it, and our receipt begins its thread."""


def open_by_command(work: Work, *, actor: Actor, channel: str, text: str, now: datetime) -> Answer:
    """Open a ticket from "SEVERITY SUMMARY" in a customer's channel, or offer the form with the text kept.

    Source: ledger IN-1. Raises EmptySummary or TooLong, whose sentence gives the text back.
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
        known = ", ".join(handbook.severity_names().values())
        reason = UnknownSeverity(word=one_line(request.word, 40), known=known).sentence
        return forms.ticket_form(work, actor=actor, channel=channel, text=request.summary, reason=reason, now=now)
    if customer is None:
        reason = "Choose the customer: this is not a customer's channel."
        return forms.ticket_form(
            work, actor=actor, channel=channel, text=request.summary, severity=request.severity, reason=reason, now=now
        )
    try:
        row = _open(
            work, actor, customer, source=Source.COMMAND, severity=Severity(request.severity), summary=request.summary,
            now=now,
        )  # fmt: skip
    except TooLong as refusal:
        # Slack forgets what was typed into a command: it is given back whole.
        return Answer(text=f"{escape(refusal.sentence)}\n```{escape(request.summary[:GIVEN_BACK])}```")
    said = queries.opened_text(work, row, now=now)
    return Answer(text=discretion.beside(work, said, secrets, channel=row.channel, now=now), ticket=row.id)


def open_by_form(
    work: Work,
    *,
    actor: Actor,
    channel: str,
    values: dict[str, str],
    origin: Origin | None = None,
    now: datetime,
) -> Answer:
    """Open a ticket from the form; `values` by field name. A message it started from becomes its thread.

    Raises EmptySummary, TooLong, UnknownSeverity or BadInput with the field they belong to.
    """
    check(actor, Action.OPEN)
    values, secrets = discretion.without_secrets(values)
    customer = _customer_for(work, actor, origin.channel if origin else channel, values.get("customer", ""))
    handbook = handbook_for(work, customer)
    word = values.get("severity", "")
    severity = handbook.severity(word) if word else None
    if word and severity is None:
        raise UnknownSeverity(word=word, known=", ".join(handbook.severity_names().values()))
    details = {name: values[name].strip() for name in DETAIL_FIELDS if values.get(name, "").strip()}
    for name, text in details.items():
        check_length(text, what=views.field_label(handbook, name), field=name)
    row = _open(
        work, actor, customer, source=Source.SHORTCUT if origin else Source.FORM, severity=severity,
        category=values.get("category") or None, summary=values.get("summary", ""), details=details, origin=origin,
        now=now,
    )  # fmt: skip
    said = queries.opened_text(work, row, now=now)
    return Answer(text=discretion.beside(work, said, secrets, channel=row.channel, now=now), ticket=row.id)


def open_from_message(work: Work, *, actor: Actor, origin: Origin, source: Source, now: datetime) -> Ticket | None:
    """Make a message a ticket: by mention, by reaction, or because the customer has every message on.

    None where the message is a ticket's already. The author is the one who asked, whoever reacted.
    """
    if tickets.by_thread(work.session, origin.channel, origin.ts) is not None:
        return None
    customer = people.customer_of_channel(work.session, origin.channel)
    if customer is None:
        raise BadInput(what="This channel belongs to no customer, so I cannot open a ticket here. Use `/ticket`.")
    check(actor, Action.OPEN)
    request = read_request(origin.text, handbook_for(work, customer).severity, spoken=True)
    summary = request.summary or origin.text or "(no words, see the message)"
    severity = Severity(request.severity) if request.severity else None
    return _open(
        work, actor, customer, source=source, severity=severity, summary=one_line(summary, 3000), origin=origin, now=now
    )


def add_details(work: Work, *, actor: Actor, ticket: str, values: dict[str, str], now: datetime) -> Answer:
    """Fill in required metadata that was missing; a severity chosen here regrades the ticket."""
    check(actor, Action.ADD_DETAILS)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=True))
    values, secrets = discretion.without_secrets(values)
    handbook = work.handbook(row)
    given = {name: values[name].strip() for name in DETAIL_FIELDS if values.get(name, "").strip()}
    for name, text in given.items():
        check_length(text, what=views.field_label(handbook, name), field=name)
    severity = handbook.severity(values["severity"]) if values.get("severity") else None
    if not given and severity is None:
        raise BadInput(what="Fill in at least one field, or close the form.", field=DETAIL_FIELDS[0])
    if given:
        row.details = {**row.details, **given}
        _tell_details(work, row, given, by=actor.label, now=now)
    if severity is not None:
        reason = f"{actor.name} said how severe it is"
        working.grade(work, row, severity=severity, reason=reason, by=actor.label, now=now)
    customer_news.refresh_question(work, row, now=now)
    return Answer(text=discretion.beside(work, "", secrets, channel=row.channel, now=now), ticket=row.id)


def say_severity(work: Work, *, actor: Actor, ticket: str, severity: str, now: datetime) -> Answer:
    """Say with one click how severe it is, where nobody has said so yet; later changes are support's (ledger SV-2)."""
    check(actor, Action.ADD_DETAILS)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=True))
    handbook = work.handbook(row)
    key = handbook.severity(severity)
    if key is None:
        raise UnknownSeverity(word=severity, known=", ".join(handbook.severity_names().values()))
    if row.details.get("severity"):
        name = handbook.severity_names()[Severity(row.severity)]
        raise BadInput(what=f"{row.id} is {name} already. If that is wrong, say so in its thread or press Escalate.")
    reason = f"{actor.name} said how severe it is"
    working.grade(work, row, severity=key, reason=reason, by=actor.label, now=now)
    customer_news.refresh_question(work, row, now=now)
    return Answer(ticket=row.id)


def handbook_for(work: Work, customer: Customer | None) -> Handbook:
    """Give the handbook that a new ticket of this customer would pin."""
    return work.handbook_of(customer).handbook


def _customer_for(work: Work, actor: Actor, channel: str, chosen: str) -> Customer:
    """Find whose ticket it is: the channel's, the person's own, or the one chosen in the form (our people only)."""
    customer = people.customer_of_channel(work.session, channel) or _own_customer(work, actor)
    if customer is None and actor.is_staff and chosen:
        customer = people.customer(work.session, chosen)
    if customer is None:
        raise BadInput(what="Choose the customer that this ticket is for.", field="customer")
    if not actor.is_staff and actor.customer != customer.id:
        raise NotAllowed(action=Action.OPEN.value + " there", needed="one of that customer's people", ask="support")
    return customer


def _own_customer(work: Work, actor: Actor) -> Customer | None:
    return people.customer(work.session, actor.customer) if actor.customer else None


def _written_at(source: Source, origin: Origin | None, *, now: datetime) -> datetime:
    """Give the moment from which a ticket's clocks run: when the customer wrote, even if we read it later.

    An old message that somebody makes a ticket now begins now.
    """
    if origin is None or source not in (Source.MENTION, Source.MESSAGE):
        return now
    written_at = datetime.fromtimestamp(float(origin.ts), tz=UTC)
    return written_at if now - written_at > READ_LATE_AFTER else now


def _open(
    work: Work,
    actor: Actor,
    customer: Customer,
    *,
    source: Source,
    severity: Severity | None,
    summary: str,
    category: str | None = None,
    details: dict[str, str] | None = None,
    origin: Origin | None = None,
    now: datetime,
) -> Ticket:
    opened_at = _written_at(source, origin, now=now)
    loaded = work.handbook_of(customer)
    handbook = loaded.handbook
    proposed = handbook.categories[category].proposes if category in handbook.categories else None
    graded = severity or proposed or handbook.default_severity
    summary = check_summary(summary, severity=handbook.severity_names()[graded])
    if customer.channel is None:
        raise BadInput(what=f"{customer.name} has no channel yet. Ask an administrator to add it to the directory.")
    number = tickets.next_number(work.session)
    row = Ticket(
        number=number,
        id=f"{handbook.ticket_prefix}-{number}",
        customer_id=customer.id,
        handbook=work.desk.handbooks.pin(work.session, loaded, now=now),
        tier=customer.tier,
        zone=customer.timezone or handbook.zone,
        severity=graded.value,
        severity_since=opened_at,
        category=category or next(iter(handbook.categories), ""),
        state=State.NEW.value,
        source=source.value,
        summary=summary,
        details={
            "customer": customer.name,
            **({"severity": graded.value} if severity else {}),
            **(details or {}),
        },
        channel=origin.channel if origin else customer.channel,
        thread_ts=origin.ts if origin and not origin.in_thread else None,
        requester_workspace=origin.workspace if origin else actor.slack.workspace,
        requester_slack=origin.user if origin else actor.slack.user,
        requester_name=origin.author_name if origin else actor.name,
        opened_at=opened_at,
    )
    work.session.add(row)
    work.session.flush()
    if origin:
        conversation.add(
            work.session, ticket_number=row.number_known, channel=origin.channel, ts=origin.ts, visibility="customer",
            author=origin.author, author_name=origin.author_name, text=origin.text, files=list(origin.files), at=now,
        )  # fmt: skip
    event = Opened(
        written_at=row.opened_at,
        customer=customer.id, severity=graded, category=row.category, source=source, tier=row.tier, zone=row.zone,
        handbook=row.handbook, summary=Words(summary), requester=origin.author if origin else actor.label,
    )  # fmt: skip
    announce.happened(work, row, event, by=actor.label, now=now)
    paging.page_if_due(work, row, by=ladder.BOT, now=now)
    customer_news.question(work, row, now=now)
    if details:
        _tell_details(work, row, details, by=actor.label, now=now)
    clocks.refresh(work, row, now=now)
    updates.plan(work, row, now=now)
    alike.later(work, row, now=now)
    room_news.open_if_asked(work, row, now=now)
    return row


def _tell_details(work: Work, row: Ticket, given: dict[str, str], *, by: str, now: datetime) -> None:
    handbook = work.handbook(row)
    words = Words("\n".join(f"{views.field_label(handbook, name)}: {text}" for name, text in given.items()))
    announce.happened(work, row, DetailsAdded(fields_given=tuple(given), text=words), by=by, now=now)
