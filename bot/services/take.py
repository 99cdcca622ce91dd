"""How does one click on a bundle become many acknowledgements? One a transaction, so that each keeps its own winner."""

from datetime import datetime

import structlog

from bot.domain.errors import Refused
from bot.services import page_answers, whois
from bot.services.desk import Work
from bot.store import pages, people

log = structlog.get_logger()


def take(work: Work, *, page: str, now: datetime) -> None:
    """Acknowledge a page in its person's name, as they asked; where somebody was faster, it is theirs."""
    found = pages.page(work.session, page)
    person = people.person(work.session, found.person_id) if found else None
    if person is None:
        return
    try:
        page_answers.acknowledge(work, actor=whois.listed(person), page=page, now=now)
    except Refused as refused:
        log.info("not_taken", page=page, why=str(refused))
