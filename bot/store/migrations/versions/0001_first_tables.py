"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision: str = "0001"
down_revision: str | None = None


def upgrade() -> None:
    _directory()
    _tickets()
    _trail()
    _loops()


def _directory() -> None:
    op.create_table(
        "customer",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("tier", AutoString(), nullable=False),
        sa.Column("channel", AutoString(), nullable=True),
        sa.Column("timezone", AutoString(), nullable=True),
        sa.Column("every_message", sa.Boolean(), nullable=False),
        sa.Column("contract", sa.Boolean(), nullable=True),
        sa.Column("handbook", AutoString(), nullable=True),
        sa.Column("account_manager", AutoString(), nullable=True),
        sa.Column("contacts", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel"),
    )

    op.create_table(
        "person",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("slack", AutoString(), nullable=False),
        sa.Column("workspace", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("role", AutoString(), nullable=False),
        sa.Column("customer_id", AutoString(), nullable=True),
        sa.Column("timezone", AutoString(), nullable=True),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("contacts", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace", "slack"),
    )
    op.create_index("ix_person_customer_id", "person", ["customer_id"], unique=False)

    op.create_table(
        "team_member",
        sa.Column("team", AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("team", "position"),
    )

    op.create_table(
        "rotation",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("order", sa.JSON(), nullable=False),
        sa.Column("every", AutoString(), nullable=False),
        sa.Column("handoff", AutoString(), nullable=False),
        sa.Column("timezone", AutoString(), nullable=False),
        sa.Column("start", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )

    op.create_table(
        "override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rotation", AutoString(), nullable=False),
        sa.Column("person_id", AutoString(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("by", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_override_rotation", "override", ["rotation"], unique=False)

    op.create_table(
        "level_target",
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("target", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("level", "position"),
    )

    op.create_table(
        "duty",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("target", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )

    op.create_table(
        "setting",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )

    op.create_table(
        "handbook_version",
        sa.Column("hash", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("tzdata", AutoString(), nullable=False),
        sa.Column("stored_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )


def _tickets() -> None:
    op.create_table(
        "ticket",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("customer_id", AutoString(), nullable=False),
        sa.Column("handbook", AutoString(), nullable=False),
        sa.Column("tier", AutoString(), nullable=False),
        sa.Column("zone", AutoString(), nullable=False),
        sa.Column("severity", AutoString(), nullable=False),
        sa.Column("severity_since", UTCDateTime(), nullable=False),
        sa.Column("category", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("source", AutoString(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("channel", AutoString(), nullable=False),
        sa.Column("thread_ts", AutoString(), nullable=True),
        sa.Column("requester_workspace", AutoString(), nullable=False),
        sa.Column("requester_slack", AutoString(), nullable=False),
        sa.Column("requester_name", AutoString(), nullable=False),
        sa.Column("owner", AutoString(), nullable=True),
        sa.Column("followed_by", sa.Integer(), nullable=True),
        sa.Column("snoozed_until", UTCDateTime(), nullable=True),
        sa.Column("waiting_for", sa.JSON(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("escalated_at", UTCDateTime(), nullable=True),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("responded_at", UTCDateTime(), nullable=True),
        sa.Column("worked_at", UTCDateTime(), nullable=True),
        sa.Column("resolved_at", UTCDateTime(), nullable=True),
        sa.Column("times_resolved", sa.Integer(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closing", sa.JSON(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("updates_sent", sa.Integer(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("channel", "thread_ts"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("ix_ticket_customer", "ticket", ["customer_id", "state"], unique=False)
    op.create_index("ix_ticket_owner", "ticket", ["owner"], unique=False)
    op.create_index("ix_ticket_queue", "ticket", ["state", "severity", "number"], unique=False)
    op.create_index("ix_ticket_requester", "ticket", ["requester_slack", "requester_workspace"], unique=False)

    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_number", sa.Integer(), nullable=False),
        sa.Column("channel", AutoString(), nullable=False),
        sa.Column("ts", AutoString(), nullable=False),
        sa.Column("visibility", AutoString(), nullable=False),
        sa.Column("author", AutoString(), nullable=False),
        sa.Column("author_name", AutoString(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("edited_at", UTCDateTime(), nullable=True),
        sa.Column("deleted_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "ts"),
    )
    op.create_index("ix_remark_author", "remark", ["author"], unique=False)
    op.create_index("ix_remark_ticket_number", "remark", ["ticket_number"], unique=False)

    op.create_table(
        "clock",
        sa.Column("ticket_number", sa.Integer(), nullable=False),
        sa.Column("metric", AutoString(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("severity", AutoString(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("warn_at", UTCDateTime(), nullable=True),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("breached_at", UTCDateTime(), nullable=True),
        sa.Column("warned_at", UTCDateTime(), nullable=True),
        sa.Column("announced_at", UTCDateTime(), nullable=True),
        sa.Column("rebased", sa.Boolean(), nullable=False),
        sa.Column("excused", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_number", "metric", "nth"),
    )

    op.create_table(
        "escalation",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("ticket_number", sa.Integer(), nullable=False),
        sa.Column("circle", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("trigger", AutoString(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_by", AutoString(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("stepped_at", UTCDateTime(), nullable=False),
        sa.Column("acknowledged_by", AutoString(), nullable=True),
        sa.Column("acknowledged_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_escalation_ticket_number", "escalation", ["ticket_number"], unique=False)

    op.create_table(
        "page",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("escalation_id", AutoString(), nullable=False),
        sa.Column("ticket_number", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person_id", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("paged_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_page_escalation_id", "page", ["escalation_id"], unique=False)
    op.create_index("ix_page_ticket_number", "page", ["ticket_number"], unique=False)


def _trail() -> None:
    op.create_table(
        "timeline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stream", AutoString(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hash", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stream", "seq"),
    )

    op.create_table(
        "stream_head",
        sa.Column("stream", AutoString(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("stream"),
    )

    op.create_table(
        "words",
        sa.Column("digest", AutoString(), nullable=False),
        sa.Column("stream", AutoString(), nullable=False),
        sa.Column("author", AutoString(), nullable=False),
        sa.Column("salt", AutoString(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_words_author", "words", ["author"], unique=False)
    op.create_index("ix_words_stream", "words", ["stream"], unique=False)


def _loops() -> None:
    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("subject", AutoString(), nullable=False),
        sa.Column("ticket_number", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("planned_for", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "subject"),
    )
    op.create_index("ix_deadline_due", "deadline", ["due_at", "id"], unique=False)
    op.create_index("ix_deadline_ticket_number", "deadline", ["ticket_number"], unique=False)

    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("not_before", UTCDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_inbox_pending", "inbox", ["state", "not_before", "id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("key", AutoString(), nullable=True),
        sa.Column("op", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("visibility", AutoString(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("lane", AutoString(), nullable=False),
        sa.Column("thread", AutoString(), nullable=True),
        sa.Column("card", AutoString(), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("ticket_number", sa.Integer(), nullable=True),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("not_before", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=True),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("look_up", sa.Boolean(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("ts", AutoString(), nullable=True),
        sa.Column("channel", AutoString(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_outbox_card", "outbox", ["card", "state"], unique=False)
    op.create_index("ix_outbox_lane", "outbox", ["lane", "state", "seq"], unique=False)
    op.create_index("ix_outbox_ready", "outbox", ["state", "priority", "seq"], unique=False)
    op.create_index("ix_outbox_thread", "outbox", ["thread", "state", "seq"], unique=False)
    op.create_index("ix_outbox_ticket_number", "outbox", ["ticket_number"], unique=False)

    op.create_table(
        "card",
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("channel", AutoString(), nullable=False),
        sa.Column("ts", AutoString(), nullable=False),
        sa.Column("ticket_number", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_card_place", "card", ["channel", "ts"], unique=False)
    op.create_index("ix_card_ticket_number", "card", ["ticket_number"], unique=False)

    op.create_table(
        "lane",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("free_at", UTCDateTime(), nullable=False),
        sa.Column("channel", AutoString(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )

    op.create_table(
        "watch",
        sa.Column("channel", AutoString(), nullable=False),
        sa.Column("external", sa.Boolean(), nullable=False),
        sa.Column("seen_ts", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("channel"),
    )
