"""What is looked for among very many, and is little: notices with buttons, the last closed, what is past its target."""

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"


def upgrade() -> None:
    notices = "op = 'post' AND kind = 'notice' AND card IS NOT NULL"
    _index("ix_outbox_notice", "outbox", ["ticket_number", "card", "state"], where=notices)
    _index("ix_ticket_closed", "ticket", ["state", "closed_at"], where="state = 'closed'")
    _index("ix_clock_breached", "clock", ["metric"], where="state = 'breached'")


def _index(name: str, table: str, columns: list[str], *, where: str) -> None:
    op.create_index(name, table, columns, unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
