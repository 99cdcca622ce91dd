"""Who is asked why targets were missed, and how does the request stand afterwards?

One request a ticket and a day, to its owner, else to every manager (ledger SL-9).
"""

from datetime import datetime

from bot.domain.events import AnalysisAsked, BreachAnalysed
from bot.domain.message import InternalMessage
from bot.domain.people import LEADS
from bot.messages import alarms
from bot.messages.words import moment, spoken_metric
from bot.services import views
from bot.services.desk import Work
from bot.store import clocks, outbox, people
from bot.store.tables import Person, Ticket


def who_answers(work: Work, row: Ticket) -> tuple[Person, ...]:
    """The owner, where they are still there; else every manager."""
    owner = people.person(work.session, row.owner) if row.owner else None
    if owner is not None and owner.active:
        return (owner,)
    return tuple(people.of_role(work.session, [role.value for role in LEADS]))


def ask(work: Work, row: Ticket, event: AnalysisAsked, *, now: datetime) -> None:
    """Ask each of them in a direct message."""
    for person in people.persons(work.session, event.people).values():
        card = f"analysis:{row.number_known}:{now.date().isoformat()}:{person.id}"
        message = _request(work, row, event.breaches, person=person.id, now=now)
        outbox.post(
            work.session, message=message, lane=f"@{person.slack}", id=work.new_id(), card=card, key=card,
            ticket_number=row.number_known, now=now,
        )  # fmt: skip


def end(work: Work, row: Ticket, event: BreachAnalysed, *, by: str, now: datetime) -> None:
    """Let every request say who wrote it; its buttons are gone."""
    name = views.name_of_actor(work, by)
    number = row.number_known
    for card in outbox.cards(work.session, kind="analysis", prefix=f"{number}:", ticket_number=number):
        person = card.rpartition(":")[2]
        message = _request(work, row, event.breaches, person=person, analysed_by=name, now=now)
        outbox.edit(work.session, message=message, card=card, id=work.new_id(), ticket_number=row.number, now=now)


def _request(
    work: Work, row: Ticket, breaches: tuple[str, ...], *, person: str, analysed_by: str = "", now: datetime
) -> InternalMessage:
    zone = views.zone_of(work, person)
    return alarms.analysis_request(
        work.desk.catalog,
        ticket=views.staff_ticket(work, row, now=now),
        missed=tuple(in_words(work, row, each, zone=zone, now=now) for each in breaches),
        analysed_by=analysed_by,
        zone=zone,
        now=now,
    )


def in_words(work: Work, row: Ticket, breach: str, *, zone: str, now: datetime) -> str:
    """Say one missed target, `first_response:1`, with the moment at which it was due."""
    metric, _, nth = breach.partition(":")
    found = clocks.known_one(work.session, row.number_known, metric, int(nth))
    due = f", due {moment(found.breached_at, zone=zone, now=now)}" if found and found.breached_at else ""
    return spoken_metric(metric) + due
