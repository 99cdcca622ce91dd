"""Which rows does the desk keep? Tables without behaviour; moments are aware UTC on every database.

People's words live in `words` and in the conversation; the trail holds only digests of them (see trail_tables.py).
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

import bot.store.bulk_tables
import bot.store.drill_tables
import bot.store.incident_tables
import bot.store.mark_tables
import bot.store.rating_tables
import bot.store.rota_tables
import bot.store.seal_tables
import bot.store.trail_tables  # noqa: F401 - the metadata below has the tables of these rooms too

metadata = SQLModel.metadata  # all the tables by name, for statements that hot paths build once


def _json() -> Any:
    # A default of its own is copied for each row; a factory would be looked at anew each time, which is slow.
    return Field(default={}, sa_column=Column(JSON, nullable=False))


def _json_list() -> Any:
    return Field(default=[], sa_column=Column(JSON, nullable=False))


def _text() -> Any:
    return Field(sa_column=Column(Text, nullable=False))


def _index_where(name: str, *columns: str, where: str) -> Index:
    # A row that nobody looks for in an index costs a page of each commit all the same.
    return Index(name, *columns, sqlite_where=sql(where), postgresql_where=sql(where))


class Customer(SQLModel, table=True):
    """An organisation that we support, with its dedicated channel."""

    id: str = Field(primary_key=True)
    name: str
    tier: str
    channel: str | None = Field(default=None, unique=True)
    timezone: str | None = None
    every_message: bool = False
    contract: bool | None = None
    handbook: str | None = None
    account_manager: str | None = None
    language: str | None = None
    contacts: dict[str, Any] = _json()
    active: bool = True


class Person(SQLModel, table=True):
    """Somebody whom the desk knows. `workspace` is empty for people of the installing workspace."""

    __table_args__ = (UniqueConstraint("workspace", "slack"),)

    id: str = Field(primary_key=True)
    slack: str
    workspace: str = ""
    name: str
    role: str
    customer_id: str | None = Field(default=None, index=True)
    timezone: str | None = None
    hours: str | None = None
    skills: list[str] = _json_list()
    contacts: list[str] = _json_list()
    active: bool = True


class TeamMember(SQLModel, table=True):
    """A person's place in a team; a team is what its rows say."""

    __tablename__: ClassVar[Any] = "team_member"

    team: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    person_id: str


class LevelTarget(SQLModel, table=True):
    """Whom an escalation level pages: `rotation:first-line`, `team:technical` or `person:vic`, in order."""

    __tablename__: ClassVar[Any] = "level_target"

    level: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    target: str


class Duty(SQLModel, table=True):
    """Who holds a duty, such as incident commander."""

    id: str = Field(primary_key=True)
    target: str


class Setting(SQLModel, table=True):
    """One remembered value: the internal channels, the directory file's hash, the salt of the trail."""

    id: str = Field(primary_key=True)
    value: str = _text()


class HandbookVersion(SQLModel, table=True):
    """A handbook as some ticket pinned it, whole, with the time zone data it was read with."""

    __tablename__: ClassVar[Any] = "handbook_version"

    hash: str = Field(primary_key=True)
    name: str
    text: str = _text()
    tzdata: str
    stored_at: datetime


class Ticket(SQLModel, table=True):
    """One customer's problem from intake to closure, as it stands now; how it came to be so is in the timeline."""

    __table_args__ = (
        UniqueConstraint("channel", "thread_ts"),
        Index("ix_ticket_queue", "state", "severity", "number"),
        Index("ix_ticket_customer", "customer_id", "state"),
        Index("ix_ticket_requester", "requester_slack", "requester_workspace"),
        _index_where("ix_ticket_owner", "owner", where="owner IS NOT NULL"),
        _index_where("ix_ticket_closed", "state", "closed_at", where="state = 'closed'"),
    )

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    customer_id: str
    handbook: str
    tier: str
    zone: str
    severity: str
    severity_since: datetime
    category: str
    state: str
    source: str
    summary: str = _text()
    details: dict[str, str] = _json()
    channel: str
    thread_ts: str | None = None
    requester_workspace: str
    requester_slack: str
    requester_name: str
    owner: str | None = None
    assigned: dict[str, str] = _json()
    """The last assignment by the desk itself: `to` whom and `why`."""
    followed_by: int | None = None
    split_into: list[str] = _json_list()
    """The tickets that parts of it became, all of the same customer."""
    snoozed_until: datetime | None = None
    waiting_for: list[str] = _json_list()
    level: int | None = None
    escalated_at: datetime | None = None
    opened_at: datetime
    begun: bool = True
    """Whether what follows from its opening has happened: clocks, pages and messages."""
    responded_at: datetime | None = None
    worked_at: datetime | None = None
    resolved_at: datetime | None = None
    times_resolved: int = 0
    closed_at: datetime | None = None
    closing: dict[str, str] = _json()
    draft: dict[str, str] = _json()
    proposal: dict[str, str] = _json()
    """What the desk proposes for the next update; a person approves, edits or leaves it."""
    last_said: dict[str, str] = _json()
    """The words of the last update that had some."""
    updates_sent: int = 0
    updated_at: datetime | None = None

    @property
    def number_known(self) -> int:
        """The number of a ticket that has its row: it is given as the row is written."""
        if self.number is None:
            raise ValueError("the ticket has no number yet: flush the session first")
        return self.number


class Remark(SQLModel, table=True):
    """One message of a ticket's conversation as it reads now. `ts` is Slack's, or the outbox id of one of ours."""

    __table_args__ = (UniqueConstraint("channel", "ts"),)

    id: int | None = Field(default=None, primary_key=True)
    ticket_number: int = Field(index=True)
    channel: str
    ts: str
    visibility: str
    author: str = Field(index=True)
    author_name: str
    text: str = _text()
    files: list[dict[str, str]] = _json_list()
    at: datetime
    at_root: bool = False
    """Whether it stands in the channel itself, not in a thread."""
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    version: str | None = None
    """When Slack says these words were edited, as Slack writes it; None for the words as they were first written."""


class Clock(SQLModel, table=True):
    """A running or finished measurement against one target, as the fold over the timeline last gave it."""

    __table_args__ = (_index_where("ix_clock_breached", "metric", where="state = 'breached'"),)

    ticket_number: int = Field(primary_key=True)
    metric: str = Field(primary_key=True)
    nth: int = Field(primary_key=True)
    severity: str
    started_at: datetime
    due_at: datetime | None = None
    warn_at: datetime | None = None
    state: str
    ended_at: datetime | None = None
    breached_at: datetime | None = None
    warned_at: datetime | None = None
    announced_at: datetime | None = None
    rebased: bool = False
    excused: bool = False


class Escalation(SQLModel, table=True):
    """A chain of pages for a ticket: which level and attempt it is at, and who acknowledged it.

    `circle` says whom it goes round: the `ladder` of levels, or the holder of a duty, as `duty:vp_operations`.
    """

    __table_args__ = (_index_where("ix_escalation_paging", "state", "started_at", where="state = 'paging'"),)

    id: str = Field(primary_key=True)
    ticket_number: int = Field(index=True)
    circle: str = "ladder"
    state: str
    level: int
    attempt: int
    round: int
    trigger: str
    reason: str = _text()
    started_by: str
    started_at: datetime
    stepped_at: datetime
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None


class Page(SQLModel, table=True):
    """One page to one person. Its card in Slack has the key `page:{id}`."""

    __table_args__ = (
        Index("ix_page_person", "person_id", "paged_at"),
        Index("ix_page_waiting", "person_id", "state"),
    )

    id: str = Field(primary_key=True)
    escalation_id: str = Field(index=True)
    ticket_number: int = Field(index=True)
    level: int
    attempt: int
    round: int
    person_id: str
    state: str
    paged_at: datetime
    answered_at: datetime | None = None


class Deadline(SQLModel, table=True):
    """Something is due. One row for each (kind, subject); firing it deletes it in the transaction of its work."""

    __table_args__ = (UniqueConstraint("kind", "subject"), Index("ix_deadline_due", "due_at", "id"))

    id: int | None = Field(default=None, primary_key=True)
    due_at: datetime
    kind: str
    subject: str
    ticket_number: int | None = Field(default=None, index=True)
    attempts: int = 0
    planned_for: datetime


class InboxRow(SQLModel, table=True):
    """What Slack delivered, kept by the key under which it takes effect once."""

    __tablename__: ClassVar[Any] = "inbox"
    __table_args__ = (
        _index_where("ix_inbox_pending", "not_before", "id", where="state = 'pending'"),
        _index_where("ix_inbox_reaction", "kind", "key", where="kind = 'reaction'"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    body: str = _text()
    state: str
    received_at: datetime
    not_before: datetime
    attempts: int = 0
    done_at: datetime | None = None
    answer: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    error: str | None = Field(default=None, sa_column=Column(Text, nullable=True))


class OutboxRow(SQLModel, table=True):
    """A message on its way, committed with the change that caused it. `id` is the opaque id in its metadata."""

    __tablename__: ClassVar[Any] = "outbox"
    __table_args__ = (
        Index("ix_outbox_ready", "state", "priority", "seq"),
        Index("ix_outbox_lane", "lane", "state", "seq"),
        Index("ix_outbox_thread", "thread", "state", "seq"),
        Index("ix_outbox_card", "card", "state"),
        _index_where(
            "ix_outbox_notice", "ticket_number", "card", "state",
            where="op = 'post' AND kind = 'notice' AND card IS NOT NULL",
        ),
    )  # fmt: skip

    seq: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    key: str | None = Field(default=None, unique=True)
    op: str
    kind: str
    visibility: str
    priority: int
    lane: str
    """Slack channel id, or `@U0ANA` for the direct message with that person."""
    thread: str | None = None
    """A Slack ts, or `card:KEY` for the thread under a card that may not be posted yet."""
    card: str | None = None
    payload: dict[str, Any] = _json()
    ticket_number: int | None = Field(default=None, index=True)
    state: str
    created_at: datetime
    not_before: datetime
    expires_at: datetime | None = None
    lease_until: datetime | None = None
    fence: int = 0
    attempts: int = 0
    look_up: bool = False
    """Whether an earlier send may have arrived: look it up by `id` before it is sent again."""
    sent_at: datetime | None = None
    ts: str | None = None
    channel: str | None = None
    error: str | None = Field(default=None, sa_column=Column(Text, nullable=True))


class Card(SQLModel, table=True):
    """Where a message stands in Slack that is edited later; bound when it was sent."""

    __table_args__ = (Index("ix_card_place", "channel", "ts"),)

    key: str = Field(primary_key=True)
    channel: str
    ts: str
    ticket_number: int | None = Field(default=None, index=True)


class Lane(SQLModel, table=True):
    """A lane's pace: nothing leaves before `free_at`; `*` holds all. A direct message's lane knows its channel id."""

    id: str = Field(primary_key=True)
    free_at: datetime
    channel: str | None = None


class Watch(SQLModel, table=True):
    """A channel that we listen to, and the last message seen there: after a gap the rest is read back."""

    channel: str = Field(primary_key=True)
    external: bool = False
    seen_ts: str = "0"
