"""What burns right now: missed or nearly missed, unanswered, silent; at which customers, and who has how much?

For managers, in their home tab; who is paged also with `/oncall`. Source: ledger SV-3, ES-7.
"""

from collections import Counter
from datetime import datetime, timedelta

from bot.domain import sla
from bot.domain.people import Actor
from bot.domain.ticket import WORKED_STATES, Severity, State
from bot.messages import sentences
from bot.messages.manager import Burn, Overview, Paged, paged_text
from bot.messages.view import graded
from bot.messages.words import spoken_metric
from bot.services import ladder, oncall, queries, views
from bot.services.desk import Answer, Work
from bot.store import clocks, conversation, pages, people, tickets
from bot.store.tables import Clock, Ticket

SILENT_FOR = timedelta(days=1)
"""After how long without a word of ours a ticket is silent where its handbook says nothing (`escalation.quiet`)."""

SHOWN = 8
"""Burning tickets that are shown each with its menu; the rest is counted."""


def overview(work: Work, *, now: datetime) -> Overview:
    """Look at every ticket that is being worked on, the most urgent first."""
    rows = queries.in_order(work, [row for row in tickets.all_open(work.session) if State(row.state) in WORKED_STATES])
    numbers = [row.number_known for row in rows]
    running = clocks.of_tickets(work.session, numbers, states=[state.value for state in sla.OPEN_STATES])
    paging = pages.tickets_paging(work.session)
    heard = conversation.last_by_ours(work.session, numbers)
    burning: list[tuple[Ticket, tuple[str, ...]]] = []
    for row in rows:
        why = _why(
            work, row, running[row.number_known], is_paging=row.number in paging,
            heard_at=heard.get(row.number_known), now=now,
        )  # fmt: skip
        if why:
            burning.append((row, why))
    names = {each.id: each.name for each in people.customers(work.session)}
    hot = Counter(names.get(row.customer_id, row.customer_id) for row, _ in burning)
    by_customer = Counter(names.get(row.customer_id, row.customer_id) for row in rows)
    return Overview(
        total=len(rows),
        burning=tuple(Burn(views.staff_ticket(work, row, now=now), why) for row, why in burning[:SHOWN]),
        more=max(0, len(burning) - SHOWN),
        by_customer=tuple((name, count, hot[name]) for name, count in by_customer.most_common()),
        by_person=tuple(
            (people.name_of(work.session, owner) if owner else "", count)
            for owner, count in Counter(row.owner or "" for row in rows).most_common()
        ),
        paged=paged_now(work),
    )


def paged_now(work: Work) -> tuple[Paged, ...]:
    """Who is being paged at this moment, for what and since when."""
    found = []
    for number in sorted(pages.tickets_paging(work.session)):
        row = tickets.by_number(work.session, number)
        if row is None:
            continue
        for chain in pages.of_ticket(work.session, number, states=["paging"]):
            asked = pages.of_escalation(work.session, chain.id, states=("paging",))
            who = tuple(dict.fromkeys(people.name_of(work.session, page.person_id) for page in asked))
            duty = ladder.duty_words(chain.circle)
            found.append(Paged(row.id, _grade(work, row), who, chain.level, chain.started_at, duty))
    return tuple(found)


def on_call(work: Work, *, actor: Actor, now: datetime) -> Answer:
    """Say who is on call and who is next, and who is being paged at this moment. Raises NotAllowed."""
    shown = oncall.show(work, actor=actor, now=now)
    paged = paged_text(work.desk.catalog, paged=paged_now(work), zone=oncall.zone_of(work, actor), now=now)
    return Answer(text=f"{shown.text}\n{paged}")


def _why(
    work: Work, row: Ticket, found: list[Clock], *, is_paging: bool, heard_at: datetime | None, now: datetime
) -> tuple[str, ...]:
    """Why a ticket burns, the worst first; nothing where it does not."""
    catalog = work.desk.catalog
    promised = [clock for clock in found if clock.metric in views.PROMISES and not clock.excused]
    missed = [clock for clock in promised if clock.breached_at is not None or (clock.due_at and clock.due_at <= now)]
    near = [clock for clock in promised if clock not in missed and clock.warn_at is not None and clock.warn_at <= now]
    written_at = datetime.fromisoformat(row.last_said["at"]) if row.last_said else None
    last = max(filter(None, (heard_at, written_at, row.opened_at)))
    quiet_for = work.handbook(row).escalation.quiet.get(Severity(row.severity), SILENT_FOR)
    silent = State(row.state) is not State.WAITING and now - last > quiet_for
    return (
        *(sentences.reason(catalog, "missed_word", metric=_words(clock)) for clock in missed),
        *(sentences.reason(catalog, "nearly_missed_word", metric=_words(clock)) for clock in near),
        *((sentences.reason(catalog, "unacknowledged"),) if is_paging else ()),
        *((sentences.reason(catalog, "silent"),) if silent else ()),
    )


def _words(clock: Clock) -> str:
    return spoken_metric(clock.metric)


def _grade(work: Work, row: Ticket) -> str:
    severity = Severity(row.severity)
    return graded(severity, work.handbook(row).severity_names()[severity])
