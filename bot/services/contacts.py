"""How do we reach the customer's own people, by the kinds of contact that the directory names for it?

Where a system of theirs is involved, their technical staff and escalation managers are asked to look at it, in their
channel and by their media. Where a ticket went unworked, the contact is called: by telephone where one is known, and by
a person of ours in any case. Source: service policy §Severity 1; ledger PG-5, ES-6.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from bot.domain.events import CustomerContacted, Words
from bot.domain.message import InternalMessage, Kind, Priority, Visibility
from bot.domain.ticket import Severity
from bot.messages import outside as texts
from bot.messages import sentences, staff
from bot.services import announce, customer_news, ladder, staff_news, views
from bot.services.desk import Work
from bot.store import outside, people
from bot.store.outside import Place
from bot.store.people import KnownCustomer
from bot.store.tables import Person, Ticket

TECHNICAL, ESCALATION = "technical", "escalation"
"""The kinds of a customer's contacts: its technical staff, and its escalation managers."""


def ask_to_look(work: Work, row: Ticket, *, said: str, now: datetime) -> None:
    """Ask the customer's technical staff and escalation managers to look at their own system; `said` is at what.

    A telephone is called for a Sev 1 only. Where the directory names nobody, a person of ours is asked to find out.
    """
    customer = people.customer(work.session, row.customer_id)
    asked: dict[str, Person] = {}
    media: list[str] = []
    for kind in (TECHNICAL, ESCALATION):
        named = _people(work, customer, kind)
        places = [
            each
            for each in _places(customer, kind, named)
            if Severity(row.severity) is Severity.SEV1 or not outside.is_call(each[1])
        ]
        if not named and not places:
            continue
        reached = _write(work, row, places, about="system", said=said, now=now)
        event = CustomerContacted(
            contacts=kind, people=tuple(each.id for each in named), media=reached, called=False, said=Words(said)
        )
        announce.happened(work, row, event, by=ladder.BOT, now=now)
        asked |= {each.name: each for each in named}
        media += reached
    theirs = {name: each.slack for name, each in asked.items() if each.slack}
    customer_news.system_involved(work, row, people=theirs, said=said, now=now)
    if not asked and not media:
        name = customer.name if customer else row.customer_id
        sentence = sentences.reason(work.desk.catalog, "no_contact", customer=name)
        _ask_of_us(work, row, sentence, key=f"contactless:{row.number_known}:{now.isoformat()}", now=now)


def call(work: Work, row: Ticket, *, kind: str, now: datetime) -> None:
    """Call the customer's contact, by each telephone that is known, and ask a person of ours to call as well."""
    customer = people.customer(work.session, row.customer_id)
    named = _people(work, customer, kind)
    places = [each for each in _places(customer, kind, named) if outside.is_call(each[1])]
    media = _write(work, row, places, about="unworked", now=now)
    event = CustomerContacted(
        contacts=kind, people=tuple(each.id for each in named), media=media, called=True, said=Words("")
    )
    announce.happened(work, row, event, by=ladder.BOT, now=now)
    whom = [each.name for each in named] or [customer.name if customer else row.customer_id]
    sentence = sentences.reason(work.desk.catalog, "please_call", whom=whom, rings=bool(places))
    _ask_of_us(work, row, sentence, key=f"call:{row.number_known}:{row.severity_since.isoformat()}", now=now)


def _people(work: Work, customer: KnownCustomer | None, kind: str) -> list[Person]:
    """The customer's people who are contacts of a kind."""
    named = customer.contacts.get(kind, []) if customer else []
    found = [people.person(work.session, each) for each in named if "://" not in each]
    return [each for each in found if each is not None and each.active]


def _places(customer: KnownCustomer | None, kind: str, named: list[Person]) -> Iterator[tuple[Place, str]]:
    """Every address of a kind's contacts with its place: the customer's own, then those of its people."""
    if customer is not None:
        for number, address in enumerate(customer.contacts.get(kind, [])):
            if "://" in address:
                yield Place(customer.id, number, kind), address
    for person in named:
        for number, address in enumerate(person.contacts):
            yield Place(person.id, number), address


def _write(
    work: Work,
    row: Ticket,
    places: list[tuple[Place, str]],
    *,
    about: Literal["system", "unworked"],
    said: str = "",
    now: datetime,
) -> tuple[str, ...]:
    """Let a text go out to each address once; gives the media in words. The relay tries again what is refused."""
    media: list[str] = []
    for place, address in places:
        identity = work.new_id()
        text = texts.contact(
            work.desk.catalog, ticket=views.customer_ticket(work, row), about=about, said=said,
            reference=identity[:8], now=now,
        )  # fmt: skip
        medium = address.partition("://")[0]
        new = outside.notify(
            work.session, place=place, title=text.title, body=text.body, id=identity,
            facts={"medium": medium, "action": "trigger", "dedup": row.id},
            key=f"contact:{row.number_known}:{about}:{now.isoformat()}:{place.lane}", ticket_number=row.number_known,
            priority=Priority.UPDATE, kind=Kind.ESCALATION, visibility=Visibility.CUSTOMER, now=now,
        )  # fmt: skip
        if new:
            media.append("telephone" if outside.is_call(address) else medium)
    return tuple(media)


def _ask_of_us(work: Work, row: Ticket, sentence: str, *, key: str, now: datetime) -> None:
    def say(zone: str) -> InternalMessage:
        return staff.notice(work.desk.catalog, ticket_id=row.id, sentence=sentence, zone=zone, now=now)

    staff_news.alarm(work, say, row=row, key=key, now=now)
