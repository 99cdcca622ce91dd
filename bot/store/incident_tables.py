"""Which rows does an incident keep?"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Text
from sqlmodel import Field, SQLModel

from bot.domain.incident import incident_id


class Incident(SQLModel, table=True):
    """One problem behind several tickets. Its card in the triage channel has the key `incident:{number}`."""

    number: int | None = Field(default=None, primary_key=True)
    title: str = Field(sa_column=Column(Text, nullable=False))
    state: str = Field(index=True)
    opened_by: str
    opened_at: datetime
    resolved_at: datetime | None = None
    triggered_at: datetime | None = None
    """When so many customers were affected that the most severe ticket was escalated: once for an incident."""

    @property
    def number_known(self) -> int:
        """The number of an incident that has its row."""
        if self.number is None:
            raise ValueError("the incident has no number yet: flush the session first")
        return self.number

    @property
    def id(self) -> str:
        """Its number as people say it: `I-7`."""
        return incident_id(self.number_known)


class IncidentTicket(SQLModel, table=True):
    """A ticket's place in an incident: one at a time."""

    __tablename__: ClassVar[Any] = "incident_ticket"

    ticket_number: int = Field(primary_key=True)
    incident_number: int = Field(index=True)
    linked_by: str
    linked_at: datetime


class Alike(SQLModel, table=True):
    """A ticket that looks like another one. `offer` is the number of the ticket under whose card that is offered."""

    ticket_number: int = Field(primary_key=True)
    offer: int = Field(index=True)
    state: str
    """`waiting` for somebody to decide, `linked`, `apart`, or `over` where the ticket ended."""

    percent: int
    words: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    decided_by: str | None = None


class IncidentChannel(SQLModel, table=True):
    """A channel of our own about one ticket. Until Slack has made it, messages wait for the card `room:{name}`."""

    __tablename__: ClassVar[Any] = "incident_channel"

    ticket_number: int = Field(primary_key=True)
    name: str = Field(unique=True)
    asked_by: str
    asked_at: datetime
    invited: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    archived_at: datetime | None = None
