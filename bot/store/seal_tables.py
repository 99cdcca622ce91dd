"""Which rows does sealing the record keep?"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel


class SealRow(SQLModel, table=True):
    """One signed seal over the heads of the trail; `text` is exactly what was signed."""

    __tablename__: ClassVar[Any] = "seal"

    number: int = Field(primary_key=True)
    sealed_at: datetime
    text: str = Field(sa_column=Column(Text, nullable=False))
    signature: str


class SealPoint(SQLModel, table=True):
    """How far a stream was sealed, and by which seal: the next one tells only what moved since."""

    __tablename__: ClassVar[Any] = "seal_point"

    stream: str = Field(primary_key=True)
    seq: int
    number: int
