"""How does a ticket that a command opened begin where no loop of the desk runs?"""

from datetime import datetime

from bot.services import beginning
from bot.services.desk import Desk, Work
from bot.store import deadlines


def let_begin(desk: Desk, number: int, *, now: datetime) -> None:
    """Do what a worker does at once: the deadline is gone, and what follows from the opening has happened."""
    with desk.db.transaction() as session:
        deadlines.cancel(session, kind=beginning.DEADLINE, subject=str(number))
        beginning.due(Work(desk, session), number=number, now=now)
