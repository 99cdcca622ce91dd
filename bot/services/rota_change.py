"""What follows when who is on call changes, or may have changed?"""

from datetime import datetime

from bot.services import asking, handoff, home, queue_bell
from bot.services.desk import Work


def happened(work: Work, *, now: datetime) -> None:
    """Tell those who come and go, arm the next hand-off and draw the home tabs; after every change of the rota.

    Whether everybody can still be reached is asked anew.
    """
    handoff.refresh(work, now=now)
    queue_bell.settle(work, now=now)
    home.refresh(work, now=now)
    asking.want(work.session, now=now)


def handed_over(work: Work, *, post: str, planned_for: datetime, now: datetime) -> None:
    """Tell a hand-off whose moment has come, and draw the home tabs."""
    handoff.due(work, post=post, planned_for=planned_for, now=now)
    queue_bell.settle(work, now=now)
    home.refresh(work, now=now)
