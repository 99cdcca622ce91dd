"""Which rows does a drill keep?"""

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel


class DrillPage(SQLModel, table=True):
    """One person who was paged to see whether it works. Its message in Slack has the card `drill:{id}`."""

    __tablename__: ClassVar[Any] = "drill_page"

    id: str = Field(primary_key=True)
    drill: str = Field(index=True)
    person_id: str
    asked_by: str
    paged_at: datetime
    answered_at: datetime | None = None
    answered_by: str = ""
    """By which medium: `Slack`, `mailto` and so on."""
