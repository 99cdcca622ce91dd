"""Does one person open more tickets than anybody can mean? A flood must not bury what others ask for.

What is critical always opens, and nothing is lost: a message stays where it was written, a command or form gives its
words back.
"""

from datetime import datetime, timedelta

from bot.domain.errors import TooManyTickets
from bot.domain.handbook import Handbook
from bot.domain.people import CUSTOMERS, Actor
from bot.domain.ticket import Severity, Source
from bot.services.desk import Work
from bot.store import tickets

HOUR = timedelta(hours=1)


def check(work: Work, actor: Actor, handbook: Handbook, *, severity: Severity, source: Source, now: datetime) -> None:
    """Let a customer's person open one more ticket within the handbook's `intake.most_an_hour`.

    Our own people, what is critical, and parts of a ticket that was split always pass. Raises TooManyTickets.
    """
    if actor.role not in CUSTOMERS or severity is Severity.SEV1 or source is Source.SPLIT:
        return
    most = handbook.intake.most_an_hour
    opened = tickets.opened_by(
        work.session, workspace=actor.slack.workspace, user=actor.slack.user, since=now - HOUR, newest=most
    )
    if len(opened) >= most:
        raise TooManyTickets(number=most, wait=opened[-1] + HOUR - now)
