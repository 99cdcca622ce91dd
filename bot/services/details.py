"""What did somebody's free words answer of what we asked, so that the question shows only what is still missing?

Source: channel handbook §4; ledger IN-3.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.domain.details import FIELDS, OFFERED, Read, read_details
from bot.domain.errors import BadInput, UnknownSeverity
from bot.domain.events import DetailsAdded, DetailsRead, Words
from bot.domain.handbook import Handbook
from bot.domain.people import Action, Actor, check
from bot.domain.ticket import Severity
from bot.domain.triage import SUMMARY_LIMIT, check_length, read_request
from bot.messages import sentences
from bot.services import announce, customer_news, discretion, views, working
from bot.services.desk import Answer, Work
from bot.services.tickets import still_open, ticket_of
from bot.store import conversation
from bot.store.tables import Remark, Ticket

Files = Sequence[Mapping[str, str]]
"""Attached files: `name` and `permalink`."""

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
        reason = sentences.reason(work.desk.catalog, "said_severity", who=actor.name)
        working.grade(work, row, severity=severity, reason=reason, by=actor.label, now=now)
    if given or severity is not None:
        customer_news.refresh_question(work, row, now=now)


def filled_in(handbook: Handbook, values: Mapping[str, str], files: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Give what a form brought of its fields; files count as logs where nobody wrote of any. Raises TooLong."""
    given = {name: values[name].strip() for name in OFFERED if values.get(name, "").strip()}
    for name, text in given.items():
        check_length(text, what=views.field_label(handbook, name), field=name)
    if files and "logs" not in given:
        given["logs"] = ", ".join(each.get("name", "file") for each in files)[:SUMMARY_LIMIT]
    return given


def add(work: Work, *, actor: Actor, ticket: str, values: dict[str, str], files: Files = (), now: datetime) -> Answer:
    """Fill in required metadata that was missing; a severity chosen here regrades the ticket."""
    check(actor, Action.ADD_DETAILS)
    row = still_open(ticket_of(work, ticket, actor=actor, lock=True))
    values, secrets = discretion.without_secrets(values)
    handbook = work.handbook(row)
    given = filled_in(handbook, values, files)
    severity = handbook.severity(values["severity"]) if values.get("severity") else None
    if not given and severity is None:
        raise BadInput("nothing_filled_in", field=FIELDS[0])
    if given:
        row.details = {**row.details, **given}
        tell(work, row, given, files=files, by=actor.label, now=now)
    if severity is not None:
        reason = sentences.reason(work.desk.catalog, "said_severity", who=actor.name)
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
        raise UnknownSeverity(word=severity, known=[*handbook.severity_names().values()])
    if row.details.get("severity"):
        name = handbook.severity_names()[Severity(row.severity)]
        raise BadInput("severity_said", ticket=row.id, severity=name)
    reason = sentences.reason(work.desk.catalog, "said_severity", who=actor.name)
    working.grade(work, row, severity=key, reason=reason, by=actor.label, now=now)
    customer_news.refresh_question(work, row, now=now)
    return Answer(ticket=row.id)


def tell(work: Work, row: Ticket, given: dict[str, str], *, files: Files = (), by: str, now: datetime) -> None:
    """Tell the room what was filled in, in the words that were given and with the files that came with them."""
    handbook = work.handbook(row)
    words = Words("\n".join(f"{views.field_label(handbook, name)}: {text}" for name, text in given.items()))
    message = ""
    if files:
        remark = conversation.add(
            work.session, ticket_number=row.number_known, channel=row.channel, ts=f"out:{work.new_id()}",
            visibility="customer", author=by, author_name=views.name_of_actor(work, by), text=words,
            files=[dict(each) for each in files], at=now,
        )  # fmt: skip
        message = remark.ts
    event = DetailsAdded(fields_given=tuple(given), text=words, message=message)
    announce.happened(work, row, event, by=by, now=now)


def said_severity(handbook: Handbook, text: str) -> Severity | None:
    """Give the severity that a message says: `Critical` alone, `P1: ...` first, or `severity: high` on a line."""
    for line in text.splitlines():
        label, mark, word = line.strip().partition(":")
        if mark and label.strip(" *_").casefold() in SEVERITY_LABELS:
            return handbook.severity(word.strip(" *_.!"))
    word = text.strip(" .!*_\n")
    whole = handbook.severity(word) if not word.isdigit() and len(word.split()) <= 2 else None
    begun = read_request(text, handbook.severity, spoken=True).severity
    return whole or (Severity(begun) if begun else None)
