"""Fewer pages for each commit: indexes without what nobody looks for in them, and people's words by their stream."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision: str = "0013"
down_revision: str | None = "0012"


def upgrade() -> None:
    _index("ix_inbox_pending", "inbox", ["not_before", "id"], where="state = 'pending'")
    _index("ix_ticket_owner", "ticket", ["owner"], where="owner IS NOT NULL")
    if op.get_bind().dialect.name == "sqlite":
        # Nothing is looked for by a row's place: the rows stand in their key's own tree, which else is a second one.
        for table in (_stream_head, _words):
            _rebuild(table)
    else:
        op.drop_index("ix_words_author", "words")
        op.drop_index("ix_words_stream", "words")
        op.drop_constraint("words_pkey", "words")
        op.create_primary_key("words_pkey", "words", ["stream", "digest"])


def _index(name: str, table: str, columns: list[str], *, where: str) -> None:
    op.drop_index(name, table)
    op.create_index(name, table, columns, unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _rebuild(table: sa.Table) -> None:
    names = [column.name for column in table.columns]
    before = sa.table(f"{table.name}_before", *map(sa.column, names))
    op.rename_table(table.name, before.name)
    table.create(op.get_bind())
    # In the order of the key, so that the new tree is filled from one end to the other.
    rows = sa.select(before).order_by(*(before.c[key.name] for key in table.primary_key.columns))
    op.execute(table.insert().from_select(names, rows))
    op.drop_table(before.name)


_tables = sa.MetaData()
_stream_head = sa.Table(
    "stream_head",
    _tables,
    sa.Column("stream", AutoString(), nullable=False),
    sa.Column("seq", sa.Integer(), nullable=False),
    sa.Column("hash", AutoString(), nullable=False),
    sa.PrimaryKeyConstraint("stream"),
    sqlite_with_rowid=False,
)
_words = sa.Table(
    "words",
    _tables,
    sa.Column("stream", AutoString(), nullable=False),
    sa.Column("digest", AutoString(), nullable=False),
    sa.Column("author", AutoString(), nullable=False),
    sa.Column("salt", AutoString(), nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint("stream", "digest"),
    sqlite_with_rowid=False,
)
