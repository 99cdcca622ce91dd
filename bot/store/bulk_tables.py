"""Which rows does a bulk action keep, from the manager's "Do it" until its last ticket is done?"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Text
from sqlmodel import Field, SQLModel


class Bulk(SQLModel, table=True):
    """One action on several tickets: `chosen` is what the form said, `by` the person of ours who asked for it."""

    id: str = Field(primary_key=True)
    action: str
    chosen: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    by: str
    asked_at: datetime


class BulkItem(SQLModel, table=True):
    """One ticket of a bulk action: `state` is waiting, done or refused, `said` why it was refused."""

    __tablename__: ClassVar[Any] = "bulk_item"

    bulk_id: str = Field(primary_key=True)
    ticket_number: int = Field(primary_key=True)
    state: str = "waiting"
    said: str = Field(default="", sa_column=Column(Text, nullable=False))
