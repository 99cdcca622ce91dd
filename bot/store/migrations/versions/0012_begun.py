"""Which tickets have begun: those opened by a command have their clocks, pages and messages a transaction later."""

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"


def upgrade() -> None:
    op.add_column("ticket", sa.Column("begun", sa.Boolean(), nullable=False, server_default=sa.true()))
