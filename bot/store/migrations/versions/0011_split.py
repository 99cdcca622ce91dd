"""Which tickets a part of one became, so that its receipt can say so."""

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"


def upgrade() -> None:
    op.add_column("ticket", sa.Column("split_into", sa.JSON(), nullable=False, server_default="[]"))
