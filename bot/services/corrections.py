"""How is a reply that was sent through the form put right, or taken back? By its author or a manager, from the room.

What is written in the customer's thread is edited and removed there, in Slack itself; a reply of the form is the bot's
message, which nobody else can change. Source: ledger LC-6.
"""

from datetime import datetime

from bot.domain.errors import BadInput, NotAllowed
from bot.domain.events import Deleted, Edited, Words
from bot.domain.people import LEADS, Action, Actor, check
from bot.domain.triage import check_length
from bot.messages import correction_forms
from bot.services import announce, leak_guard, views
from bot.services.desk import Answer, Work
from bot.services.tickets import ticket_of
from bot.store import conversation
from bot.store.tables import Remark, Ticket


def correct_form(work: Work, *, actor: Actor, reply: str, now: datetime) -> Answer:
    """Show a reply's words, to be corrected."""
    row, remark = _open(work, actor, reply)
    ticket = views.staff_ticket(work, row, now=now)
    kept = {"ticket": row.id, "reply": reply}
    return Answer(view=correction_forms.correct(work.desk.catalog, ticket=ticket, text=remark.text, metadata=kept))


def correct(work: Work, *, actor: Actor, reply: str, text: str, anyway: str = "", now: datetime) -> Answer:
    """Let the customer's copy and the room's say this instead; the same words change nothing.

    Raises HeldBack where the new words hold what is not the customer's, until `anyway` names what was shown.
    """
    row, remark = _open(work, actor, reply, lock=True)
    said = check_length(text, what="reply", field="text")
    if said == remark.text:
        return Answer(ticket=row.id)
    leak_guard.ask_twice(work, [row], actor=actor, where="reply", values={"text": said, "anyway": anyway}, now=now)
    remark.text, remark.edited_at = said, now
    announce.happened(work, row, Edited(message=remark.ts, text=Words(said)), by=actor.label, now=now)
    return Answer(ticket=row.id)


def take_back_form(work: Work, *, actor: Actor, reply: str, now: datetime) -> Answer:
    """Show a reply's words, and ask whether they are to disappear."""
    row, remark = _open(work, actor, reply)
    ticket = views.staff_ticket(work, row, now=now)
    kept = {"ticket": row.id, "reply": reply}
    return Answer(view=correction_forms.take_back(work.desk.catalog, ticket=ticket, text=remark.text, metadata=kept))


def take_back(work: Work, *, actor: Actor, reply: str, now: datetime) -> Answer:
    """Take a reply's words and files away from the customer and the room; what it did to the clocks stays (R12)."""
    row, remark = _open(work, actor, reply, lock=True)
    remark.deleted_at = now
    announce.happened(work, row, Deleted(message=remark.ts), by=actor.label, now=now)
    return Answer(ticket=row.id)


def _open(work: Work, actor: Actor, reply: str, *, lock: bool = False) -> tuple[Ticket, Remark]:
    """The reply that may be changed by this person, and its ticket, closed or not."""
    check(actor, Action.REPLY)
    remark = conversation.by_id(work.session, int(reply)) if reply.isdecimal() else None
    if remark is None or remark.visibility != "customer" or not remark.ts.startswith("out:"):
        raise BadInput("no_reply_of_form")
    row = ticket_of(work, remark.ticket_number, lock=lock)
    work.session.refresh(remark)
    if remark.author != actor.label and actor.role not in LEADS:
        raise NotAllowed("not_your_reply")
    if remark.deleted_at is not None:
        raise BadInput("reply_taken_back")
    return row, remark
