"""Who marks a ticket as what, and what does that set off?

A mark is a statement of a person of ours. What it reaches is the handbook's to say (domain/triggers.py); that a system
of the customer's is involved calls the customer's own people in. Sources: enterprise support §Escalation Triggers,
channel handbook §4, service policy §Severity 1; ledger ES-2, PG-5.
"""

from datetime import datetime

from bot.domain.errors import BadInput, TooLate
from bot.domain.events import Marked, Unmarked, Words
from bot.domain.handbook_escalation import TriggerKind
from bot.domain.mark import Mark
from bot.domain.people import Action, Actor, check
from bot.domain.ticket import Severity
from bot.domain.triage import SUMMARY_LIMIT, check_length
from bot.domain.triggers import Fired, Occasion, fired
from bot.messages import marks as messages
from bot.messages import sentences
from bot.messages.view import Choice
from bot.services import announce, contacts, tell, triggers, views
from bot.services.desk import Answer, Work
from bot.services.tickets import still_worked, ticket_of
from bot.store import marks as rows
from bot.store.tables import Ticket


def mark(
    work: Work, *, actor: Actor, ticket: str, mark: str, reason: str, said: str = "", now: datetime
) -> Answer:  # fmt: skip
    """State something of a ticket, in a sentence; the handbook says who is paged for it.

    `said` is a word to the customer, where their own system is involved. Raises NotAllowed, Over, MissingWords,
    TooLong, or TooLate where the ticket is marked so already.
    """
    check(actor, Action.MARK)
    row = still_worked(ticket_of(work, ticket, actor=actor, lock=True))
    words = check_length(reason, what="seen", field="reason", limit=SUMMARY_LIMIT)
    kind = _known(mark)
    if said.strip() and kind is not Mark.CUSTOMER_SYSTEM:
        raise BadInput("only_their_system", field="said")
    put(work, row, kind, actor=actor, reason=words, said=said, now=now)
    found = triggers.answer(work, row, triggers.of_mark(work, row, kind), reason=words, by=actor.label, now=now)
    return _followed(work, row, kind, found, now=now)


def put(work: Work, row: Ticket, kind: Mark, *, actor: Actor, reason: str, said: str = "", now: datetime) -> None:
    """Let a ticket bear a mark, and call the customer's own people in where it says so. Raises TooLate."""
    before = rows.of_ticket(work.session, row.number_known).get(kind)
    if before is not None and not kind.counts:
        raise TooLate(
            "marked", ticket=row.id, mark=_label(work, kind), by=views.name_of_actor(work, before.by),
            at=views.said_at(work, before.at, actor=actor, now=now),
        )  # fmt: skip
    rows.put(work.session, row.number_known, kind, by=actor.label, now=now)
    announce.happened(work, row, Marked(mark=kind, reason=Words(reason)), by=actor.label, now=now)
    if kind is Mark.CUSTOMER_SYSTEM:
        words = check_length(said, what="said", field="said", limit=SUMMARY_LIMIT) if said.strip() else ""
        contacts.ask_to_look(work, row, said=words, now=now)


def unmark(work: Work, *, actor: Actor, ticket: str, mark: str, reason: str, now: datetime) -> Answer:
    """Say that a mark was wrong. Whoever was paged for it stays paged and sees it in the ticket's room.

    Raises NotAllowed, Over, MissingWords, TooLong, or BadInput where the ticket bears no such mark.
    """
    check(actor, Action.MARK)
    row = still_worked(ticket_of(work, ticket, actor=actor, lock=True))
    words = check_length(reason, what="really", field="reason", limit=SUMMARY_LIMIT)
    kind = _known(mark)
    found = rows.of_ticket(work.session, row.number_known).get(kind)
    if found is None:
        raise BadInput("not_marked", ticket=row.id, mark=_label(work, kind), field="mark")
    found.stands = False
    announce.happened(work, row, Unmarked(mark=kind, reason=Words(words)), by=actor.label, now=now)
    return Answer(ticket=row.id)


def mark_form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show the form that marks a ticket, with what each mark sets off."""
    check(actor, Action.MARK)
    row = still_worked(ticket_of(work, ticket, actor=actor, lock=False))
    return Answer(
        view=messages.mark_form(
            work.desk.catalog,
            name="mark",
            ticket=views.staff_ticket(work, row, now=now),
            kinds=choices(work, row, now=now),
            metadata={"ticket": row.id, "channel": row.channel},
        )
    )


def unmark_form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show the form that takes a mark back."""
    check(actor, Action.MARK)
    row = still_worked(ticket_of(work, ticket, actor=actor, lock=False))
    borne = rows.of_ticket(work.session, row.number_known)
    if not borne:
        raise BadInput("no_mark", ticket=row.id)
    return Answer(
        view=messages.mark_form(
            work.desk.catalog,
            name="unmark",
            ticket=views.staff_ticket(work, row, now=now),
            kinds=tuple(Choice(kind.value, _label(work, kind)) for kind in borne),
            metadata={"ticket": row.id, "channel": row.channel},
        )
    )


def choices(work: Work, row: Ticket, *, now: datetime) -> tuple[Choice, ...]:
    """The marks that a ticket can still get, each with what its handbook makes of it."""
    borne = rows.of_ticket(work.session, row.number_known)
    return tuple(
        Choice(kind.value, _label(work, kind), _promise(work, row, kind, now=now))
        for kind in Mark
        if kind.counts or kind not in borne
    )


def _known(word: str) -> Mark:
    try:
        return Mark(word)
    except ValueError:
        raise BadInput("choose_mark", field="mark") from None


def _label(work: Work, kind: Mark) -> str:
    return work.desk.catalog.label(f"mark_{kind.value}")


def _promise(work: Work, row: Ticket, kind: Mark, *, now: datetime) -> str:
    """What a mark sets off, before it is set."""
    if kind is Mark.CUSTOMER_SYSTEM:
        return sentences.reason(work.desk.catalog, "mark_asks_customer")
    escalation = work.handbook(row).escalation
    occasion = Occasion(Severity(row.severity), mark=kind)
    found = fired(escalation, occasion, now=now)
    if found:
        number = triggers.level_of(work, row, found[0])
        level = work.handbook(row).level(number)
        return sentences.reason(work.desk.catalog, "mark_pages", level=number, name=level.name if level else "")
    again = escalation.triggers.get(TriggerKind.REPEATED_FAILURES)
    if kind.counts and again is not None and again.enabled and again.count and again.window:
        return sentences.reason(work.desk.catalog, "mark_counts", count=again.count, window=again.window)
    return sentences.reason(work.desk.catalog, "mark_stands")


def _followed(work: Work, row: Ticket, kind: Mark, found: Fired | None, *, now: datetime) -> Answer:
    """What a mark set off, for the person who set it."""
    handbook = work.handbook(row)
    proposed = handbook.security_severity
    graver = kind is Mark.SECURITY and Severity(row.severity) > proposed
    return tell.plain(
        work, "marked", ticket=row.id, mark=_label(work, kind), level=row.level if found else 0,
        proposed=handbook.severity_names()[proposed] if graver else "", now=now,
    )  # fmt: skip
