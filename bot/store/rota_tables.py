"""Which rows say who is on call: rotations, what changes them, who is away, and who looks at it in a home tab?"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Text
from sqlmodel import Field, SQLModel


class Rotation(SQLModel, table=True):
    """An order in which people take turns. `order` holds person ids, `every` words such as `1 week`.

    `restrict` are weekly hours in words, for the rotation; `only` the same by person.
    """

    id: str = Field(primary_key=True)
    order: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    every: str
    handoff: str
    timezone: str
    start: str
    restrict: str | None = None
    only: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Override(SQLModel, table=True):
    """A rotation is changed between two moments: `change` is replace, add or remove."""

    id: int | None = Field(default=None, primary_key=True)
    rotation: str = Field(index=True)
    person_id: str
    starts_at: datetime
    ends_at: datetime
    by: str
    change: str = "replace"


class Absence(SQLModel, table=True):
    """Somebody is away between two moments. `source` is the calendar that says so, or empty."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: str = Field(index=True)
    starts_at: datetime
    ends_at: datetime
    reason: str = Field(sa_column=Column(Text, nullable=False))
    by: str
    source: str = Field(default="", index=True)


class AbsenceFeed(SQLModel, table=True):
    """A calendar that is read again and again for absences: one person's, or one whose titles say whose they are.

    `wanted_at` says since when a reading is due, `trouble` why the last one failed; the address may hold a secret.
    """

    __tablename__: ClassVar[Any] = "absence_feed"

    id: int | None = Field(default=None, primary_key=True)
    url: str = Field(unique=True)
    person_id: str | None = Field(default=None, index=True)
    kept_by: str
    kept_at: datetime
    wanted_at: datetime | None = None
    trouble: str = Field(default="", sa_column=Column(Text, nullable=False))


class HomeTab(SQLModel, table=True):
    """Somebody who opened the home tab: it is drawn again when who is on call changes."""

    __tablename__: ClassVar[Any] = "home_tab"

    slack: str = Field(primary_key=True)
    workspace: str = ""
    opened_at: datetime
