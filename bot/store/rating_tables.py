"""Which rows keep what customers think of how their tickets went?"""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel


class Rating(SQLModel, table=True):
    """What one person of the customer answered about a ticket: a score from 1 (very bad) to 5 (very good)."""

    __table_args__ = (Index("ix_rating_person", "person", "rated_at"),)

    ticket_number: int = Field(primary_key=True)
    person: str
    """How the trail names them."""
    name: str
    score: int
    comment: str = Field(default="", sa_column=Column(Text, nullable=False))
    rated_at: datetime
    changed_at: datetime | None = None
