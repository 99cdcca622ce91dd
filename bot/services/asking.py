"""Does anybody want to know whether everybody could be paged? A note that the next free process answers.

The answer needs Slack, so no transaction waits for it: services/reachability.py gives it.
"""

from datetime import datetime

from sqlmodel import Session

from bot.store import remembered

WANTED = "reachability:wanted"


def want(session: Session, *, now: datetime) -> None:
    """Let it be asked as soon as somebody can."""
    remembered.keep(session, WANTED, now.isoformat())


def wanted(session: Session) -> str | None:
    """Which asking waits to be answered, if one does."""
    return remembered.value(session, WANTED) or None


def answered(session: Session, asked: str) -> bool:
    """Take the asking back where it is still the one that was answered; whether it was."""
    if remembered.value(session, WANTED) != asked:
        return False
    remembered.keep(session, WANTED, "")
    return True
