"""Where do the files go that somebody chose for a reply? To the customer with the reply, and to the ticket's room.

What is chosen in a form is seen by nobody but its author, so copies are posted. Files that were written into the
room, with a note, stay there.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.messages import customer, staff
from bot.services import customer_news, staff_news
from bot.services.desk import Work
from bot.store import files as store
from bot.store import outbox, remembered
from bot.store.tables import Remark, Ticket


def chosen(files: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Give the files of a form as a message keeps them: no link, for nobody else could follow it."""
    return [{"id": each["id"], "name": each["name"], "permalink": ""} for each in files if each.get("id")]


def send(work: Work, row: Ticket, remark: Remark, *, now: datetime) -> None:
    """Post copies of a reply's files behind it, in the customer's thread and in the room."""
    found = [each for each in remark.files if each.get("id")]
    if not found:
        return
    outbox.post(
        work.session, message=customer.reply_files(work.catalog(row), ticket_id=row.id), lane=row.channel,
        id=work.new_id(), card=_theirs(remark), key=_theirs(remark), thread=customer_news.thread_of(row),
        ticket_number=row.number_known, files=found, now=now,
    )  # fmt: skip
    triage = remembered.value(work.session, staff_news.TRIAGE)
    if triage is not None:
        outbox.post(
            work.session, message=staff.reply_files(work.desk.catalog, ticket_id=row.id), lane=triage,
            id=work.new_id(), card=_ours(remark), key=_ours(remark), thread=staff_news.room_of(row),
            ticket_number=row.number_known, files=found, now=now,
        )  # fmt: skip


def take_back(work: Work, remark: Remark, *, now: datetime) -> None:
    """Take a reply's files back, in the customer's thread and in the room."""
    if remark.files:
        for card in (_theirs(remark), _ours(remark)):
            store.take_back(work.session, card=card, token=work.new_id(), now=now)


def _theirs(remark: Remark) -> str:
    return f"files:{remark.id}"


def _ours(remark: Remark) -> str:
    return f"room-files:{remark.id}"
