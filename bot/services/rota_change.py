"""What follows when who is on call changes, or may have changed?"""

from datetime import datetime

from bot.services import handoff
from bot.services.desk import Work


def happened(work: Work, *, now: datetime) -> None:
    """Tell those who come and go, and arm the next hand-off; to be called after every change of the rota."""
    handoff.refresh(work, now=now)


def handed_over(work: Work, *, post: str, planned_for: datetime, now: datetime) -> None:
    """Tell a hand-off whose moment has come."""
    handoff.due(work, post=post, planned_for=planned_for, now=now)
