"""What did somebody's free words answer of what we asked, so that the question shows only what is still missing?

Source: channel handbook §4; ledger IN-3.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.domain.details import FIELDS, Read, read_details
from bot.domain.events import DetailsRead
from bot.domain.handbook import Handbook
from bot.domain.people import Actor
from bot.domain.ticket import Severity
from bot.domain.triage import SUMMARY_LIMIT
from bot.services import announce, customer_news, working
from bot.services.desk import Work
from bot.store.tables import Remark, Ticket

SEVERITY_LABELS = ("severity", "priority", "prio", "sev")


def read(handbook: Handbook, text: str, files: Iterable[Mapping[str, str]] = ()) -> Read:
    """Read what a text gives of the fields that this handbook requires."""
    asked = {str(name): field.label for name, field in handbook.required_fields.items() if name in FIELDS}
    found = read_details(text, labels=asked, files=[each.get("name", "file") for each in files])
    return Read({name: words[:SUMMARY_LIMIT] for name, words in found.given.items()}, found.rest)


def take(work: Work, row: Ticket, remark: Remark, *, actor: Actor, now: datetime) -> None:
    """Fill in what a message on the ticket answers; what is known already stays, and support's severity too."""
    handbook = work.handbook(row)
    found = read(handbook, remark.text, remark.files).given
    given = {name: words for name, words in found.items() if not row.details.get(name)}
    if given:
        row.details = {**row.details, **given}
        event = DetailsRead(message=remark.ts, fields_given=tuple(given))
        announce.happened(work, row, event, by=actor.label, now=now)
    severity = None if row.details.get("severity") else said_severity(handbook, remark.text)
    if severity is not None:
        reason = f"{actor.name} said how severe it is"
        working.grade(work, row, severity=severity, reason=reason, by=actor.label, now=now)
    if given or severity is not None:
        customer_news.refresh_question(work, row, now=now)


def said_severity(handbook: Handbook, text: str) -> Severity | None:
    """Give the severity that a message says and nothing else: `Critical`, `P1`, `severity: high` on a line."""
    for line in text.splitlines():
        label, mark, word = line.strip().partition(":")
        if mark and label.strip(" *_").casefold() in SEVERITY_LABELS:
            return handbook.severity(word.strip(" *_.!"))
    word = text.strip().strip(".!*_ ")
    return handbook.severity(word) if word and not word.isdigit() and len(word.split()) <= 2 else None
