"""Which rows keep what happened, and what people wrote meanwhile? How they hang together is in trail.py."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

_BY_KEY = {"sqlite_with_rowid": False}
"""For tables whose rows are only ever found by their key: on SQLite they stand in its tree, and there is no other."""


class TimelineRow(SQLModel, table=True):
    """One thing that happened, chained by hash to what happened before on the same stream."""

    __tablename__: ClassVar[Any] = "timeline"
    __table_args__ = (UniqueConstraint("stream", "seq"),)

    id: int | None = Field(default=None, primary_key=True)
    stream: str
    seq: int
    at: datetime
    actor: str
    kind: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    hash: str


class StreamHead(SQLModel, table=True):
    """The last row of a stream; locked while the next one is appended."""

    __tablename__: ClassVar[Any] = "stream_head"
    __table_args__ = _BY_KEY

    stream: str = Field(primary_key=True)
    seq: int
    hash: str


class WordsRow(SQLModel, table=True):
    """What a person wrote, beside the salt of its digest in the trail; erasing it leaves the proof."""

    __tablename__: ClassVar[Any] = "words"
    __table_args__ = _BY_KEY

    stream: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    author: str
    salt: str
    text: str = Field(sa_column=Column(Text, nullable=False))
