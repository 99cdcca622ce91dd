"""Which marks does a ticket bear now, or did it bear? What was said with them is in its timeline."""

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel


class MarkRow(SQLModel, table=True):
    """One kind of mark on one ticket; `at` is when it was set last, `stands` whether nobody took it back since."""

    __tablename__: ClassVar[Any] = "mark"

    ticket_number: int = Field(primary_key=True)
    mark: str = Field(primary_key=True)
    by: str
    at: datetime
    stands: bool = True
