"""What happens when somebody answers a page outside Slack: by a mail's link, or in another incident system?

It is the same acknowledgement as a click in Slack: the first one wins, whoever comes later is told who it was.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import Refused
from bot.domain.signed_link import WrongLink
from bot.messages import sentences
from bot.services import drill, ladder, media, page_answers, tell, whois
from bot.services.desk import Answer, Work
from bot.services.tickets import ticket_of
from bot.store import inbox, pages, people
from bot.store.tables import Person


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link asks its reader to confirm: a question, what it is about, who they are, and the button."""

    question: str
    about: str
    person: str
    button: str


def behind(work: Work, *, purpose: str, token: str, now: datetime) -> Asked:
    """Say what a link would do. Raises Refused with the sentence that its reader sees."""
    page, row, _ = _read(work, purpose, token, now=now)
    catalog = work.desk.catalog
    if purpose == drill.LINK:
        question, about, button = (
            sentences.reason(catalog, part) for part in ("drill_asks", "drill_is_one", "drill_here")
        )
        return Asked(question, about, row.name, button)
    found = pages.page(work.session, page)
    if found is None:
        raise WrongLink
    page_answers.still_asked(work, actor=whois.listed(row), page=page, now=now)
    ticket = ticket_of(work, found.ticket_number)
    question = sentences.reason(catalog, "acknowledge_asks", ticket=ticket.id)
    return Asked(question, ticket.summary, row.name, sentences.reason(catalog, "acknowledge"))


def confirm(work: Work, *, purpose: str, token: str, now: datetime) -> Answer:
    """Do what a link stands for. Raises Refused: wrong, expired, or answered already by whom and when."""
    page, row, facts = _read(work, purpose, token, now=now)
    if purpose == drill.LINK:
        return drill.answer(work, actor=whois.listed(row), page=page, by=facts[0] if facts else "a link", now=now)
    answer = page_answers.acknowledge(work, actor=whois.listed(row), page=page, now=now)
    found = pages.page(work.session, page)
    chain = pages.escalation(work.session, found.escalation_id) if found else None
    duty = ladder.duty_words(chain.circle) if chain else ""
    return tell.plain(work, "yours_now", ticket=answer.ticket, duty=duty, now=now)


def heard(work: Work, *, event: str, chain: str, by: str, now: datetime) -> bool:
    """Acknowledge a chain whose incident somebody acknowledged elsewhere; False where there is nothing to take.

    `event` is the other system's id of what happened and takes effect once; `by` is the person's name there. Where
    the directory knows nobody of that name, it is whoever was paged by that system last.
    """
    if inbox.claim_key(work.session, key=f"elsewhere:{event}", kind="elsewhere", body={"chain": chain}, now=now):
        return False
    found = pages.escalation(work.session, chain)
    if found is None:
        return False
    paged = [each for each in pages.of_escalation(work.session, chain) if each.state in ("paging", "passed_on")]
    known = people.persons(work.session, {each.person_id for each in paged})
    named = [each for each in paged if known[each.person_id].name.casefold() == by.strip().casefold()]
    there = [each for each in paged if any(map(_is_incident, known[each.person_id].contacts))]
    for page in reversed(named or there):
        try:
            page_answers.acknowledge(work, actor=whois.listed(known[page.person_id]), page=page.id, now=now)
        except Refused:
            return False
        return True
    return False


def _is_incident(contact: str) -> bool:
    return contact.startswith(f"{media.INCIDENTS}://")


def _read(work: Work, purpose: str, token: str, *, now: datetime) -> tuple[str, Person, tuple[str, ...]]:
    """The page, the person and whatever else a link proves."""
    if work.desk.links is None:
        raise WrongLink
    facts = work.desk.links.read(purpose, token, now=now)
    row = people.person(work.session, facts[1]) if len(facts) > 1 else None
    if row is None:
        raise WrongLink
    return facts[0], row, facts[2:]
