"""What must wait so that Slack need not refuse it, or because it did: one channel, one of its methods, or everything?

Slack limits messages by channel, and every other method by itself: that edits come too fast is no reason to let a page
wait. A hold is a row among the lanes; it only ever grows longer. Edits, of which there are as many as all else
together, have a pace of their own: what they have used up is a hold too.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, select, update
from sqlmodel import Session

from bot.store.insertion import insert_once
from bot.store.tables import metadata

EVERY_LANE = "*"
OUTSIDE = "notify"
"""What goes out beside Slack; Slack's own limits do not hold it up."""

BY_CHANNEL = frozenset({"post", OUTSIDE})
"""What is limited by the place where it goes."""

EDIT = "edit"
EDIT_EVERY = timedelta(seconds=1.5)
EDITS_AT_ONCE = 10
"""Slack takes fifty edits a minute in a workspace: ten at once and forty a minute are never more in any minute.

Source: Slack's rate limits, chat.update (tier 3).
"""

_EDITS_LEAD = EDIT_EVERY * (EDITS_AT_ONCE - 1)
_OUTBOX = metadata.tables["outbox"]
_LANE = metadata.tables["lane"]
_ADD = insert_once(_LANE, "id")
_PROLONG = (
    update(_LANE)
    .where(_LANE.c.id == bindparam("held"), _LANE.c.free_at < bindparam("until", type_=_LANE.c.free_at.type))
    .values(free_at=bindparam("until", type_=_LANE.c.free_at.type))
)
_HELD = select(_LANE.c.id, _LANE.c.free_at).where(
    _LANE.c.id.in_(bindparam("held", expanding=True)), _LANE.c.free_at > bindparam("now", type_=_LANE.c.free_at.type)
)
_LOCK = select(_LANE.c.free_at).where(_LANE.c.id == bindparam("held")).with_for_update(skip_locked=True)
_OPS = (
    EDIT, "delete", "ephemeral", "view_update", "home", "files", "files_gone", "room", "invite", "topic", "bookmark",
    "archive",
)  # fmt: skip
"""All that the relay does beside posting, by name: bot/store/rooms.py, which names its own, stands on what is here."""
_NAMES = [EVERY_LANE, *(f"{EVERY_LANE}{op}" for op in _OPS)]

AnySelect = TypeVar("AnySelect", bound=Select[Any])


@dataclass(frozen=True, slots=True)
class Holds:
    """What waits at a moment: `until` everything that goes to Slack, `ops` what is done so, each until when."""

    until: datetime | None = None
    ops: dict[str, datetime] = field(default_factory=dict)

    @property
    def ends_at(self) -> datetime | None:
        """When the first of them ends; None where nothing is held."""
        return min(filter(None, (self.until, *self.ops.values())), default=None)

    def only_free(self, statement: AnySelect) -> AnySelect:
        """The statement about the outbox, for what is not held."""
        return statement if self.ends_at is None else statement.where(self._is_free())

    def _is_free(self) -> ColumnElement[bool]:
        if self.until is not None:
            return _OUTBOX.c.op == OUTSIDE
        return _OUTBOX.c.op.not_in(sorted(self.ops))


def method_of(op: str) -> str:
    """The hold of everything that is done so, for `hold`."""
    return f"{EVERY_LANE}{op}"


def hold(session: Session, *, until: datetime, lane: str = EVERY_LANE) -> None:
    """Let nothing leave for a lane, by a method (`method_of`), or at all, before that moment, as Retry-After asks."""
    connection = session.connection()
    connection.execute(_ADD.on(session), {"id": lane, "free_at": until, "channel": None})
    connection.execute(_PROLONG, {"held": lane, "until": until})


def of(session: Session, *, now: datetime) -> Holds:
    """What is held at this moment."""
    found = {row.id: row.free_at for row in session.connection().execute(_HELD, {"held": _NAMES, "now": now})}
    return Holds(found.pop(EVERY_LANE, None), {name.removeprefix(EVERY_LANE): until for name, until in found.items()})


def edits_left(session: Session, *, now: datetime) -> int:
    """How many edits may leave now; nobody else lets any leave until this transaction ends."""
    known = {"held": method_of(EDIT)}
    connection = session.connection()
    free_at = connection.execute(_LOCK, known).scalar_one_or_none()
    if free_at is None:
        # Nobody has edited yet, or another process does just now.
        connection.execute(_ADD.on(session), {"id": known["held"], "free_at": now - _EDITS_LEAD, "channel": None})
        free_at = connection.execute(_LOCK, known).scalar_one_or_none()
    return 0 if free_at is None else max((now - max(free_at, now - _EDITS_LEAD)) // EDIT_EVERY + 1, 0)


def count_edits(session: Session, times: int, *, now: datetime) -> None:
    """Note that so many edits leave, of those that are left."""
    known = method_of(EDIT)
    connection = session.connection()
    free_at = connection.execute(_LOCK, {"held": known}).scalar_one()
    connection.execute(_PROLONG, {"held": known, "until": max(free_at, now - _EDITS_LEAD) + EDIT_EVERY * times})
