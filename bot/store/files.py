"""How do files that were posted in a thread disappear again, together with the reply that they belong to?"""

from datetime import datetime

from sqlmodel import Session, col, select

from bot.domain.message import Priority
from bot.store.tables import OutboxRow

FILES, FILES_GONE = "files", "files_gone"
"""What the relay can do with files: post copies of them, and take those back."""


def take_back(session: Session, *, card: str, token: str, now: datetime) -> None:
    """Take back the files that were posted under that key; what has not begun to leave never does."""
    statement = select(OutboxRow).where(col(OutboxRow.card) == card, col(OutboxRow.op) == FILES).with_for_update()
    row = session.exec(statement).first()
    if row is None or row.state in ("failed", "cancelled"):
        return
    if row.state == "pending" and row.fence == 0:
        row.state, row.error = "cancelled", f"taken back at {now.isoformat()}"
        return
    session.add(
        OutboxRow(
            id=token,
            op=FILES_GONE,
            kind=row.kind,
            visibility=row.visibility,
            priority=Priority.EDIT,
            lane=row.lane,
            thread=row.thread,
            payload={"text": row.payload["text"], "of": row.id, "since": row.created_at.isoformat()},
            ticket_number=row.ticket_number,
            state="pending",
            created_at=now,
            not_before=now,
        )
    )
    session.flush()
