"""What did one person write, and in which rows does it stand as theirs?"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import Session, col, or_
from sqlmodel import select as select_rows

from bot.store.rating_tables import Rating
from bot.store.rota_tables import Absence
from bot.store.tables import Escalation, InboxRow, Remark, Ticket, metadata

_WORDS = metadata.tables["words"]
_TIMELINE = metadata.tables["timeline"]
_INBOX = metadata.tables["inbox"]
_TEXTS = select(_WORDS.c.text).where(_WORDS.c.author.in_(bindparam("authors", expanding=True)))
_TAKE = delete(_WORDS).where(_WORDS.c.author.in_(bindparam("authors", expanding=True)))
_ACTS = (
    select(_TIMELINE.c.stream, _TIMELINE.c.kind, _TIMELINE.c.actor, _TIMELINE.c.text)
    .where(_TIMELINE.c.kind.in_(("details_added", "resolved", "update_written", "opened")))
    .where(_TIMELINE.c.stream.in_(bindparam("streams", expanding=True)))
    .order_by(_TIMELINE.c.stream, _TIMELINE.c.seq)
)
_STREAMS = (
    select(_TIMELINE.c.stream)
    .where(_TIMELINE.c.actor.in_(bindparam("authors", expanding=True)), _TIMELINE.c.stream.startswith("ticket:"))
    .distinct()
)


def texts(session: Session, authors: Collection[str]) -> list[str]:
    """What the record keeps of their words."""
    return list(session.connection().execute(_TEXTS, {"authors": list(authors)}).scalars())


def take_texts(session: Session, authors: Collection[str]) -> int:
    """Take their words out of the record and say how many texts that were; the digests stay."""
    return session.connection().execute(_TAKE, {"authors": list(authors)}).rowcount


def take_quoting(session: Session, quotes: Any) -> int:
    """Take out other people's texts for which `quotes(text)` is true, and say how many."""
    columns = (_WORDS.c.stream, _WORDS.c.digest, _WORDS.c.text)
    rows = session.connection().execute(select(*columns).execution_options(yield_per=500))
    found = [(row.stream, row.digest) for row in rows if quotes(row.text)]
    for stream, digest in found:
        session.connection().execute(delete(_WORDS).where(_WORDS.c.stream == stream, _WORDS.c.digest == digest))
    return len(found)


def remarks(session: Session, authors: Collection[str]) -> list[Remark]:
    """Their messages on tickets."""
    return list(session.exec(select_rows(Remark).where(col(Remark.author).in_(list(authors)))).all())


def tickets(session: Session, accounts: Collection[tuple[str, str]], authors: Collection[str]) -> list[Ticket]:
    """The tickets that they asked for, or did something on."""
    theirs = [(Ticket.requester_workspace == ws) & (Ticket.requester_slack == user) for ws, user in accounts]
    streams = session.connection().execute(_STREAMS, {"authors": list(authors)}).scalars()
    numbers = [int(stream.partition(":")[2]) for stream in streams]
    statement = select_rows(Ticket).where(or_(col(Ticket.number).in_(numbers), *theirs))
    return list(session.exec(statement.order_by(col(Ticket.number))).all())


def acts(session: Session, numbers: Collection[int]) -> dict[int, list[tuple[str, str, dict[str, Any]]]]:
    """Who opened, gave details, wrote updates and resolved on these tickets: kind, actor and facts, in order."""
    streams = [f"ticket:{number}" for number in numbers]
    found: dict[int, list[tuple[str, str, dict[str, Any]]]] = {number: [] for number in numbers}
    for row in session.connection().execute(_ACTS, {"streams": streams}):
        number = int(row.stream.partition(":")[2])
        found[number].append((row.kind, row.actor, json.loads(row.text)["facts"]))
    return found


def chains(session: Session, authors: Collection[str]) -> list[Escalation]:
    """The escalations that they began, with a reason."""
    return list(session.exec(select_rows(Escalation).where(col(Escalation.started_by).in_(list(authors)))).all())


def ratings(session: Session, authors: Collection[str]) -> list[Rating]:
    """What they answered about how it went."""
    return list(session.exec(select_rows(Rating).where(col(Rating.person).in_(list(authors)))).all())


def absences(session: Session, person: str) -> list[Absence]:
    """When they were away, and why."""
    return list(session.exec(select_rows(Absence).where(col(Absence.person_id) == person)).all())


def deliveries(session: Session, users: Collection[str]) -> list[InboxRow]:
    """What Slack brought from them."""
    found = []
    for row in session.exec(select_rows(InboxRow).where(col(InboxRow.body) != "{}")):
        body = json.loads(row.body)
        message = body.get("message") or {}
        if body.get("user") in users or (isinstance(message, dict) and message.get("user") in users):
            found.append(row)
    return found


def empty_deliveries(session: Session, ids: Collection[int]) -> None:
    """Keep of these deliveries only that they took effect."""
    for number in ids:
        session.connection().execute(
            update(_INBOX).where(_INBOX.c.id == number).values(body="{}", answer=None, error=None)
        )
