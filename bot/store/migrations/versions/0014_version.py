"""Which edit a message's words come from: Slack's deliveries may overtake each other, and the newest words stand."""

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"


def upgrade() -> None:
    op.add_column("remark", sa.Column("version", sa.String(), nullable=True))
