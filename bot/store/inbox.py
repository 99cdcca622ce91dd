"""What did Slack deliver, and did it take effect already?

A key is unique for good. What is answered at once (commands, clicks, forms) is done in the transaction that inserts its
key; what is only noted (events) waits here and is worked off in order.
"""

import json
import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from bot.store import later
from bot.store.insertion import insert_once
from bot.store.literal import is_literally
from bot.store.prepared import Prepared
from bot.store.tables import InboxRow, metadata

MOST_ATTEMPTS = 10
LONGEST_WAIT_FOR = timedelta(minutes=5)

_INBOX = metadata.tables["inbox"]
_INSERT = Prepared(insert_once(_INBOX, "key", returning=_INBOX.c.id))
_ANSWER = select(_INBOX.c.answer).where(_INBOX.c.key == bindparam("known_key"))
_SET_ANSWER = update(_INBOX).where(_INBOX.c.key == bindparam("of_key")).values(answer=bindparam("given"))
# Written out: an index of what waits is of use only where the statement itself says so.
_PENDING = is_literally(_INBOX.c.state, "pending")
# No database finds the beginning of a text by its index in whatever language it sorts: few are looked through.
_IS_REACTION = is_literally(_INBOX.c.kind, "reaction")
_COUNT = select(func.count()).where(_PENDING, or_(_INBOX.c.not_before <= bindparam("now"), _INBOX.c.attempts > 0))
_NEXT_AT = select(func.min(_INBOX.c.not_before)).where(_PENDING)
_WAITING_BEFORE = select_rows(InboxRow).where(
    _PENDING, _INBOX.c.id < bindparam("this"), _INBOX.c.attempts == 0, _INBOX.c.kind.in_(("message", "edit"))
)
_NEXT = (
    select_rows(InboxRow)
    .where(_PENDING, col(InboxRow.not_before) <= bindparam("now"))
    .order_by(col(InboxRow.id))
    .limit(1)
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A delivery that took effect before; `answer` is what was said then."""

    answer: str | None


class PutOff(StrEnum):
    """What becomes of a delivery whose work raised: `STUCK` is said once, when it has been tried often and goes on."""

    WAITS = "waits"
    STUCK = "stuck"
    GIVEN_UP = "given_up"


def claim_key(session: Session, *, key: str, kind: str, body: dict[str, Any], now: datetime) -> Repeat | None:
    """Note that this delivery takes effect in this transaction, or give what was answered when it did.

    Waits for another transaction that is at the same key.
    """
    if _insert(session, key=key, kind=kind, body=body, state="done", now=now):
        return None
    return Repeat(session.connection().execute(_ANSWER, {"known_key": key}).scalar_one())


def set_answer(session: Session, key: str, answer: str) -> None:
    """Keep what was answered, for the repeats."""
    later.write(session, _SET_ANSWER, {"of_key": key, "given": answer})


def accept(session: Session, *, key: str, kind: str, body: dict[str, Any], now: datetime) -> bool:
    """Keep a delivery for later; False where it is known already."""
    return _insert(session, key=key, kind=kind, body=body, state="pending", now=now)


def next_pending(session: Session, *, now: datetime) -> InboxRow | None:
    """The oldest delivery that is due, locked until this transaction ends; rows that others work on are passed over."""
    return session.exec(_NEXT, params={"now": now}).first()


def body_of(row: InboxRow) -> dict[str, Any]:
    """What was delivered."""
    body: dict[str, Any] = json.loads(row.body)
    return body


def finish(session: Session, row: InboxRow, *, now: datetime) -> None:
    """Mark a delivery as worked off, in the transaction of its effect."""
    row.state, row.done_at, row.error = "done", now, None
    session.add(row)


def wait(session: Session, row: InboxRow, *, until: datetime) -> None:
    """Leave a delivery for later, of which it cannot be known yet what it belongs to."""
    row.not_before = until
    session.add(row)


def waiting_before(session: Session, row: InboxRow) -> list[InboxRow]:
    """Older messages that wait or are in another process's hands; those whose work raised are left out."""
    return list(session.exec(_WAITING_BEFORE, params={"this": row.id}))


def put_off(session: Session, row_id: int, *, error: Exception, now: datetime) -> PutOff | None:
    """Try a delivery whose work raised again later, with growing waits; None where nothing is left to do of it.

    What the database could not do just now (a full disk, a cut connection) is never given up. For a new transaction,
    since that of the work was rolled back.
    """
    row = session.get(InboxRow, row_id, with_for_update=True)
    if row is None or row.state != "pending":
        return None
    row.attempts += 1
    row.error = _where(error)
    row.not_before = now + min(timedelta(seconds=2 ** min(row.attempts - 1, MOST_ATTEMPTS)), LONGEST_WAIT_FOR)
    session.add(row)
    if row.attempts >= MOST_ATTEMPTS and not isinstance(error, OperationalError):
        row.state = "failed"
        return PutOff.GIVEN_UP
    return PutOff.STUCK if row.attempts == MOST_ATTEMPTS else PutOff.WAITS


def _where(error: Exception) -> str:
    """What broke and where; an error's own words may quote what somebody wrote, or a token."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "bot" in Path(frame.filename).parts] or frames
    place = f" in {Path(ours[-1].filename).name}, line {ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}"


def state_of(session: Session, key: str) -> str | None:
    """`pending`, `done` or `failed`; None for a delivery that was never kept."""
    return session.exec(select_rows(InboxRow.state).where(col(InboxRow.key) == key)).first()


def is_reaction_known(session: Session, key: str) -> bool:
    """Whether a reaction was ever delivered whose key begins with that one and goes on."""
    longer = col(InboxRow.key).startswith(key, autoescape=True)
    statement = select_rows(InboxRow.id).where(_IS_REACTION, longer, col(InboxRow.key) != key)
    return session.exec(statement.limit(1)).first() is not None


def pending_count(session: Session, *, now: datetime) -> int:
    """How many deliveries are to be worked off now or failed before; not those that wait for another one."""
    return int(session.connection().execute(_COUNT, {"now": now}).scalar_one())


def next_at(session: Session) -> datetime | None:
    """When the next delivery can be worked off; None where none waits."""
    moment: datetime | None = session.connection().execute(_NEXT_AT).scalar_one()
    return moment


def _insert(session: Session, *, key: str, kind: str, body: dict[str, Any], state: str, now: datetime) -> bool:
    row = {
        "key": key,
        "kind": kind,
        "body": json.dumps(body, ensure_ascii=False, sort_keys=True),
        "state": state,
        "received_at": now,
        "not_before": now,
        "attempts": 0,
        "done_at": now if state == "done" else None,
    }
    return _INSERT.first(session, **row) is not None
