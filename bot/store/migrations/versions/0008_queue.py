"""The desk's own side: who was assigned and why, drafts of updates, working hours, languages, bulk actions."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision: str = "0008"
down_revision: str | None = "0007"


def upgrade() -> None:
    for name in ("assigned", "proposal", "last_said"):
        op.add_column("ticket", sa.Column(name, sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("person", sa.Column("hours", AutoString(), nullable=True))
    op.add_column("customer", sa.Column("language", AutoString(), nullable=True))
    op.create_table(
        "bulk",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("action", AutoString(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("by", AutoString(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "bulk_item",
        sa.Column("bulk_id", AutoString(), nullable=False),
        sa.Column("ticket_number", sa.Integer(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("bulk_id", "ticket_number"),
    )
