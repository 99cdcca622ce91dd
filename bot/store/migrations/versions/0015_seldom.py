"""What is looked for now and then, and is rare: reactions among deliveries, and chains that page among all of them."""

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"


def upgrade() -> None:
    _index("ix_inbox_reaction", "inbox", ["kind", "key"], where="kind = 'reaction'")
    _index("ix_escalation_paging", "escalation", ["state", "started_at"], where="state = 'paging'")


def _index(name: str, table: str, columns: list[str], *, where: str) -> None:
    op.create_index(name, table, columns, unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
