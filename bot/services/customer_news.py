"""What does the customer hear, and where? Everything stands in the ticket's thread of the customer's channel.

One receipt, one question, one notice an escalation, the updates, the resolution and the closing; all else are edits.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from bot.domain.message import CustomerMessage, Kind, Unworded, Visibility
from bot.domain.sla import OPEN_STATES, level_metric
from bot.domain.target import Unit, in_words
from bot.domain.terms import tier_escalated_to
from bot.domain.ticket import Source, State
from bot.messages import customer, sentences
from bot.messages.view import Progress, RatingView, Weblink
from bot.services import schedule, timeline, views
from bot.services.desk import Work
from bot.services.thread_link import RECEIPT_CARD
from bot.services.tickets import waits_for_customer
from bot.store import clocks, conversation, deadlines, outbox, pages, people, standing, trail
from bot.store.clocks import KnownClock
from bot.store.tables import Remark, Ticket

ENDINGS: Mapping[str, customer.Ending] = MappingProxyType({"confirmed": "confirmed", "support": "support"})
"""How a ticket was closed, as its customer is told; else it was by silence."""

RECEIPT = Unworded(Kind.RECEIPT, Visibility.CUSTOMER)
QUESTION = Unworded(Kind.QUESTION, Visibility.CUSTOMER)
"""What a ticket's receipt and its question say is found as they leave (see standing.py)."""

UNWRITTEN = "plain-update"
"""How the key of an update begins that nobody wrote words for."""


def thread_of(row: Ticket) -> str:
    """The thread that the ticket lives in: under the customer's message, else under its receipt."""
    return row.thread_ts or outbox.thread_of(receipt_card(row))


def receipt_card(row: Ticket) -> str:
    """The card under which the ticket's receipt stands."""
    return RECEIPT_CARD.format(row.number_known)


def update_key(row: Ticket, *, nth: int) -> str:
    """The key under which the nth update of a ticket is posted as its words stand now."""
    return f"{'update' if row.draft else UNWRITTEN}:{row.number_known}:{nth}"


def receipt(work: Work, row: Ticket, *, now: datetime) -> None:
    """Say that it arrived (ledger IN-4)."""
    _post(work, row, RECEIPT, card=receipt_card(row), thread=row.thread_ts, now=now)


def refresh_receipt(work: Work, row: Ticket, *, now: datetime) -> None:
    """Let the receipt say how the ticket stands now."""
    _say_anew(work, row, RECEIPT, card=receipt_card(row), now=now)


def question(work: Work, row: Ticket, *, now: datetime) -> None:
    """Ask once for everything that is missing, and how severe it is where nobody said so."""
    if views.questions(work.handbook(row), row) or not row.details.get("severity"):
        _post(work, row, QUESTION, card=f"question:{row.number_known}", now=now)


def refresh_question(work: Work, row: Ticket, *, now: datetime) -> None:
    """Let the question say what is still missing."""
    _say_anew(work, row, QUESTION, card=f"question:{row.number_known}", now=now)


def escalated(
    work: Work, row: Ticket, *, escalation: str, level: int, asked_by: str = "", edit: bool = False, now: datetime
) -> None:
    """Say who handles it now and when the next word comes; edited once somebody has it (ledger ES-4)."""
    found = work.handbook(row).level(level)
    chain = pages.running(work.session, row.number_known)
    ticket = views.customer_ticket(work, row)
    message = customer.escalated(
        work.catalog(row),
        ticket=ticket,
        level=level,
        level_name=found.name if found else f"Level {level}",
        calling=chain is not None,
        asked_by=asked_by,
        next_at=schedule.next_update_at(work, row, now=now),
        now=now,
    )
    card = f"escalated:{escalation}:{level}"
    if edit:
        _edit(work, row, message, card=card, now=now)
    else:
        _post(work, row, message, card=card, key=card, now=now)


def escalation_requested(work: Work, row: Ticket, *, asked_by: str, now: datetime) -> None:
    """Say that the request to escalate is with the team."""
    message = customer.escalation_requested(
        work.catalog(row), ticket=views.customer_ticket(work, row), asked_by=asked_by, now=now
    )
    _post(work, row, message, now=now)


def system_involved(work: Work, row: Ticket, *, people: Mapping[str, str], said: str, now: datetime) -> None:
    """Ask people of the customer's, by name and Slack id, to look at a system of their own (ledger PG-5)."""
    message = customer.system_involved(
        work.catalog(row),
        ticket=views.customer_ticket(work, row),
        people=people,
        said=said,
        next_at=schedule.next_update_at(work, row, now=now),
        now=now,
    )
    _post(work, row, message, key=f"system:{row.number_known}:{now.isoformat()}", now=now)


def update(work: Work, row: Ticket, *, due_at: datetime, nth: int, missed: int, now: datetime) -> None:
    """Post the update that is due, in somebody's words or with the plain truth (ledger UP-1, UP-3)."""
    draft = row.draft
    chain = pages.running(work.session, row.number_known)
    resolved = row.state == State.RESOLVED
    closes_at = deadlines.due_of(work.session, kind="close", subject=str(row.number_known)) if resolved else None
    progress = Progress(
        nth=nth,
        due_at=due_at,
        **{name: draft.get(name, "") for name in schedule.FIELDS},
        author=draft.get("by"),
        steps=views.steps(work, row, since_update=True),
        paging_since=chain.started_at if chain else None,
        waiting_for=sentences.reason(work.catalog(row), "waits_for_answer") if waits_for_customer(row) else "",
        resolved_at=row.resolved_at if resolved else None,
        closes_at=closes_at,
        last_at=row.updated_at,
        late_for=now - due_at if now - due_at > schedule.LATE_AFTER else None,
        missed=missed,
        next_at=schedule.next_update_at(work, row, now=now),
    )
    message = customer.update(work.catalog(row), ticket=views.customer_ticket(work, row), progress=progress, now=now)
    _post(work, row, message, key=update_key(row, nth=nth), broadcast=True, now=now)


def withdraw_unsent(work: Work, row: Ticket, *, now: datetime) -> int:
    """Take back updates that Slack has not taken yet, and say how many; those with a person's words stay."""
    plain = f"{UNWRITTEN}:{row.number_known}:"
    return len(outbox.cancel(work.session, key_prefix=plain, ticket_number=row.number_known, now=now))


def resolution(work: Work, row: Ticket, *, edit: bool = False, now: datetime) -> None:
    """Sum up the resolution and ask for a yes or no (ledger LC-2, LC-3)."""
    silence = work.handbook(row).silence_closes_after(row.severity)
    closes_at = row.resolved_at + silence if silence and row.resolved_at else None
    message = customer.resolution(
        work.catalog(row),
        ticket=views.customer_ticket(work, row),
        root_cause=row.closing.get("root_cause", ""),
        workaround=row.closing.get("workaround", ""),
        prevention=row.closing.get("prevention", ""),
        by=row.closing.get("by", ""),
        closes_at=closes_at,
        now=now,
    )
    card = f"resolution:{row.number_known}:{row.times_resolved}"
    if edit:
        _edit(work, row, message, card=card, now=now)
    else:
        _post(work, row, message, card=card, key=card, broadcast=True, now=now)


def closing(
    work: Work, row: Ticket, *, how: customer.Ending, by: str, reason: str = "", into: str = "", now: datetime
) -> None:
    """Say that triage ended it."""
    message = customer.closing(
        work.catalog(row),
        ticket=views.customer_ticket(work, row),
        how=how,
        by=by,
        reason=reason,
        into=into,
        now=now,
    )
    _post(work, row, message, key=f"closing:{row.number_known}", now=now)


def over(work: Work, row: Ticket, *, rating: RatingView | None, edit: bool = False, now: datetime) -> None:
    """Say that it is closed, after an escalation also what was learned (ledger UP-6), and ask how it went."""
    message = customer.closing(
        work.catalog(row),
        ticket=views.customer_ticket(work, row),
        how=ENDINGS.get(row.closing.get("how", ""), "silence"),
        by=row.closing.get("closed_by", ""),
        lessons=row.closing.get("prevention", "") if row.escalated_at is not None else "",
        rating=rating,
        now=now,
    )
    card = f"closing:{row.number_known}"
    if edit:
        _edit(work, row, message, card=card, now=now)
    else:
        _post(work, row, message, card=card, key=card, now=now)


def reopened(work: Work, row: Ticket, *, by: str, ours: bool, now: datetime) -> None:
    """Say that it is being worked on again."""
    handbook = work.handbook(row)
    message = customer.reopened(
        work.catalog(row),
        ticket=views.customer_ticket(work, row),
        by=by,
        ours=ours,
        calling=handbook.pages_on_opening(row.severity)
        and handbook.pages_at(row.tier, row.severity, zone=row.zone, at=now),
        next_at=schedule.next_update_at(work, row, now=now),
        now=now,
    )
    _post(work, row, message, now=now)


def rhythm(work: Work, row: Ticket, *, before: datetime, next_at: datetime | None, now: datetime) -> None:
    """Say that the update announced for `before` does not come then, and when the next one does."""
    ticket = views.customer_ticket(work, row)
    _post(
        work, row, customer.rhythm(work.catalog(row), ticket=ticket, before=before, next_at=next_at, now=now), now=now
    )


def reply(work: Work, row: Ticket, remark: Remark, *, now: datetime) -> None:
    """Carry a reply that one of ours wrote elsewhere to the customer, or follow its edit or deletion."""
    message = customer.reply(
        work.catalog(row),
        ticket=views.customer_ticket(work, row),
        author=remark.author_name,
        text=remark.text,
        files=files_of(remark),
        edited=remark.edited_at is not None,
        deleted=remark.deleted_at is not None,
        now=now,
    )
    card = f"reply:{remark.id}"
    if remark.edited_at or remark.deleted_at:
        _edit(work, row, message, card=card, now=now)
    else:
        _post(work, row, message, card=card, now=now)


def files_of(remark: Remark) -> tuple[Weblink, ...]:
    """The files of a message as links."""
    return tuple(Weblink(item.get("name", "file"), item.get("permalink", "")) for item in remark.files)


def receipt_words(work: Work, row: Ticket, *, now: datetime) -> CustomerMessage:
    """What the receipt says of a ticket as it stands now."""
    handbook = work.handbook(row)
    return customer.receipt(
        work.catalog(row),
        ticket=views.customer_ticket(work, row),
        calling=pages.running(work.session, row.number_known) is not None,
        commitment=_commitment(work, row, now=now),
        next_at=schedule.next_update_at(work, row, now=now),
        account_manager=views.account_manager(work, row),
        missing=views.lacking_labels(handbook, row),
        joined=conversation.joined(work.session, row.number_known, row.thread_ts or ""),
        split_into=tuple(row.split_into),
        split_from=_split_from(work, row),
        links=views.links(handbook),
        end_users_note=handbook.end_users_note or "",
        now=now,
    )


def question_words(work: Work, row: Ticket, *, now: datetime) -> CustomerMessage:
    """What the question asks as the ticket stands now."""
    handbook = work.handbook(row)
    graded = bool(row.details.get("severity"))
    return customer.question(
        work.catalog(row),
        ticket=views.customer_ticket(work, row),
        questions=views.questions(handbook, row),
        severities=() if graded else views.severity_choices(handbook),
        suggested=handbook.suggestion(row.summary) or "",
        now=now,
    )


def _split_from(work: Work, row: Ticket) -> str:
    """The ticket of the same customer whose messages this one began with."""
    if row.source != Source.SPLIT:
        return ""
    told = trail.read(work.session, timeline.stream_of(row), words=False)
    return next((str(each.facts["ticket"]) for each in told if each.kind == "continues"), "")


def _commitment(work: Work, row: Ticket, *, now: datetime) -> str:
    """The first response that was promised, only where the contract shows it and it is still to come (ledger SL-8).

    Where a partner's case is with its provider, the sooner of both promises: one answer keeps both (ledger SL-3).
    """
    handbook = work.handbook(row)
    found = people.customer(work.session, row.customer_id)
    if row.responded_at or not handbook.shows_commitments(row.tier, contract=found.contract if found else None):
        return ""
    known = {each.metric: each for each in clocks.known_of(work.session, row.number_known)}
    tier, clock = row.tier, known.get("first_response")
    for level in handbook.levels:
        handed_to, theirs = tier_escalated_to(handbook, level), known.get(level_metric(level))
        if handed_to and theirs and theirs.state in OPEN_STATES and _is_sooner(theirs, clock):
            tier, clock = handed_to, theirs
    if clock is not None and clock.rebased and clock.due_at is not None:
        # Counted from the opening the new target has gone by: what holds is the moment (R10).
        return sentences.reason(work.catalog(row), "promised_by", promised_at=clock.due_at, zone=row.zone, now=now)
    promised = handbook.sla(tier, row.severity, "first_response")
    if promised is None:
        return ""
    # Four hours of a desk that opens on Monday are not what somebody reads on Saturday night: the moment is said too.
    resting = promised.unit is Unit.COUNTED and not handbook.calendar(tier, row.zone).always_open
    return sentences.reason(
        work.catalog(row), "within", promised=in_words(promised), resting=resting,
        promised_at=clock.due_at if clock is not None else None, zone=row.zone, now=now,
    )  # fmt: skip


def _is_sooner(clock: KnownClock, other: KnownClock | None) -> bool:
    return clock.due_at is not None and (other is None or other.due_at is None or clock.due_at < other.due_at)


def _post(
    work: Work,
    row: Ticket,
    message: CustomerMessage | Unworded,
    *,
    card: str | None = None,
    key: str | None = None,
    thread: str | None = "",
    broadcast: bool = False,
    now: datetime,
) -> None:
    outbox.post(
        work.session, message=message, lane=row.channel, id=work.new_id(), card=card, key=key or card,
        thread=thread_of(row) if thread == "" else thread, ticket_number=row.number_known, broadcast=broadcast,
        now=now,
    )  # fmt: skip


def _edit(work: Work, row: Ticket, message: CustomerMessage, *, card: str, now: datetime) -> None:
    outbox.edit(work.session, message=message, card=card, id=work.new_id(), ticket_number=row.number_known, now=now)


def _say_anew(work: Work, row: Ticket, message: Unworded, *, card: str, now: datetime) -> None:
    standing.say_anew(
        work.session, message=message, card=card, token=work.new_id, ticket_number=row.number_known, now=now
    )
