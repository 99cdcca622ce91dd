"""How is a customer asked how it went, and who hears the answer?

The closing message itself asks, and shows that somebody answered; a low answer is told to the managers at once, and
what they were told follows each change of it. The score stands nowhere in the customer's channel. Source: ledger FB-1.
"""

from datetime import datetime

from bot.domain.events import Closed, Rated
from bot.domain.message import InternalMessage
from bot.messages import rating as messages
from bot.messages.view import RatingView
from bot.services import customer_news, staff_news, views, whois
from bot.services.desk import Work
from bot.store import ratings
from bot.store.tables import Ticket


def closed(work: Work, row: Ticket, event: Closed, *, by: str, now: datetime) -> None:
    """Say that it is over, and ask how it went, unless who would answer did so lately."""
    rule = work.handbook(row).closing.rating
    requester = whois.find(
        work.session, workspace=row.requester_workspace, user=row.requester_slack, channel=row.channel
    ).label
    people_asked = {requester, by if event.how == "confirmed" else requester}
    since = now - rule.not_again_for
    tired = any(ratings.answered_since(work.session, each, since) for each in people_asked)
    row.closing = {
        **row.closing, "how": event.how, "closed_by": views.name_of_actor(work, by),
        "asked": "yes" if rule.ask and not tired else "",
    }  # fmt: skip
    customer_news.over(work, row, rating=_view(work, row), now=now)


def rated(work: Work, row: Ticket, event: Rated, *, by: str, now: datetime) -> None:
    """Thank them in the closing message, and tell the managers of a low answer, and of what became of it."""
    customer_news.over(work, row, rating=_view(work, row), edit=True, now=now)
    low = event.score <= work.handbook(row).closing.rating.low_up_to

    def say(zone: str) -> InternalMessage:
        return messages.low(
            work.desk.catalog, ticket=views.staff_ticket(work, row, now=now), score=event.score,
            before=event.before, low=low, comment=event.comment, by=views.name_of_actor(work, by), zone=zone, now=now,
        )  # fmt: skip

    told = [f"low:{row.number_known}:score", f"low:{row.number_known}:comment"]
    key = told[bool(event.comment)]
    if low and staff_news.alarm(work, say, row=row, key=key, managers=True, follows=True, now=now):
        return
    for key in told:
        staff_news.correct(work, say, row=row, key=key, now=now)


def _view(work: Work, row: Ticket) -> RatingView | None:
    if not row.closing.get("asked"):
        return None
    found = ratings.of_ticket(work.session, row.number_known)
    return RatingView(by=found.name if found else "")
