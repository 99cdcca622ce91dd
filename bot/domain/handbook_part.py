"""What do all parts of a handbook have in common?"""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of a handbook: it never changes, and a key that it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
