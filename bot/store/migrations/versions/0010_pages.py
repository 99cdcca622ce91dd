"""Pages by person: how many somebody gets, and which of them wait for an answer."""

from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"


def upgrade() -> None:
    op.create_index("ix_page_person", "page", ["person_id", "paged_at"], unique=False)
    op.create_index("ix_page_waiting", "page", ["person_id", "state"], unique=False)
