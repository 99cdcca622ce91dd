"""On call: hours of rotations, kinds of overrides, absences, and who opened the home tab."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    with op.batch_alter_table("rotation") as table:
        table.add_column(sa.Column("restrict", AutoString(), nullable=True))
        table.add_column(sa.Column("only", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("override") as table:
        table.add_column(sa.Column("change", AutoString(), nullable=False, server_default="replace"))
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", AutoString(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", AutoString(), nullable=False),
        sa.Column("source", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_absence_person_id", "absence", ["person_id"], unique=False)
    op.create_index("ix_absence_source", "absence", ["source"], unique=False)
    op.create_table(
        "home_tab",
        sa.Column("slack", AutoString(), nullable=False),
        sa.Column("workspace", AutoString(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("slack"),
    )
