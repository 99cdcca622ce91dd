"""How did it go, says the customer? One answer a ticket, changed by who gave it until a day later.

Source: ledger FB-1; enterprise support §Feedback.
"""

from datetime import datetime

from bot.domain.errors import BadInput
from bot.domain.events import Rated, Words
from bot.domain.people import Action, Actor, check
from bot.domain.ticket import State
from bot.domain.triage import SUMMARY_LIMIT, check_length
from bot.messages import rating as messages
from bot.services import announce, discretion, tell, views
from bot.services.desk import Answer, Work
from bot.services.tickets import ticket_of
from bot.store import ratings
from bot.store.rating_tables import Rating
from bot.store.tables import Ticket

WORST, BEST = 1, 5


def rate(work: Work, *, actor: Actor, ticket: str, score: int, now: datetime) -> Answer:
    """Say with one click how it went. The same person's second answer changes the first, its comment stays."""
    row = _over(work, actor, ticket)
    found = _theirs(work, row, actor, now=now)
    return _keep(work, row, actor, score=score, comment=found.comment if found else "", now=now)


def comment(work: Work, *, actor: Actor, ticket: str, values: dict[str, str], now: datetime) -> Answer:
    """Add a comment, or change the answer, by the form. Raises BadInput or TooLong with the field."""
    row = _over(work, actor, ticket)
    _theirs(work, row, actor, now=now)
    kept, secrets = discretion.without_secrets(values)
    word, said = kept.get("score", ""), kept.get("comment", "").strip()
    if not word.isdecimal() or not WORST <= int(word) <= BEST:
        raise BadInput("choose_score", field="score")
    if said:
        check_length(said, what="comment", field="comment", limit=SUMMARY_LIMIT)
    answer = _keep(work, row, actor, score=int(word), comment=said, now=now)
    text = discretion.beside(work, answer.text, secrets, channel=row.channel, now=now)
    return Answer(text=text, ticket=row.id)


def form(work: Work, *, actor: Actor, ticket: str, now: datetime) -> Answer:
    """Show the form for a comment, with what this person answered before."""
    row = _over(work, actor, ticket, lock=False)
    found = _theirs(work, row, actor, now=now)
    return Answer(
        view=messages.rating_form(
            work.words_for(actor),
            ticket=views.customer_ticket(work, row),
            score=found.score if found else 0,
            comment=found.comment if found else "",
            metadata={"ticket": row.id, "channel": row.channel},
        )
    )


def _over(work: Work, actor: Actor, ticket: str, *, lock: bool = True) -> Ticket:
    check(actor, Action.RATE)
    row = ticket_of(work, ticket, actor=actor, lock=lock)
    if row.state != State.CLOSED:
        raise BadInput("not_closed", ticket=row.id)
    return row


def _theirs(work: Work, row: Ticket, actor: Actor, *, now: datetime) -> Rating | None:
    """The answer that this person may still change, if they gave one. Raises BadInput where it is too late."""
    rule = work.handbook(row).closing.rating
    found = ratings.of_ticket(work.session, row.number_known)
    if found is None:
        return None
    if found.person != actor.label:
        raise BadInput("rated_by_other", who=found.name, ticket=row.id)
    if now - found.rated_at > rule.change_within:
        raise BadInput("rating_stands")
    return found


def _keep(work: Work, row: Ticket, actor: Actor, *, score: int, comment: str, now: datetime) -> Answer:
    found = ratings.of_ticket(work.session, row.number_known)
    label = work.words_for(actor).label(f"score_{score}")
    if found is not None and (found.score, found.comment) == (score, comment):
        return tell.plain(work, "rated_already", ticket=row.id, to=actor, score=label, now=now)
    before = found.score if found else 0
    answer = found or Rating(
        ticket_number=row.number_known, person=actor.label, name=actor.name, score=score, rated_at=now
    )
    answer.score, answer.comment = score, comment
    answer.changed_at = now if found else None
    ratings.keep(work.session, answer)
    event = Rated(score=score, before=before, comment=Words(comment))
    announce.happened(work, row, event, by=actor.label, now=now)
    until = answer.rated_at + work.handbook(row).closing.rating.change_within
    return tell.plain(
        work, "rated", ticket=row.id, to=actor, zone=row.zone, score=label, comment=bool(comment), until=until, now=now
    )
