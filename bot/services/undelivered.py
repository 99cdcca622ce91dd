"""Who sees to a message that Slack, or another medium, will never take?

A person, once: a place that takes nothing more is one task for all that was to go there, not one for each ticket. An
alarm that its channel does not take goes to every manager instead.
"""

from datetime import datetime

from bot.domain.events import NeverCame
from bot.domain.message import CustomerMessage, InternalMessage, Kind, Visibility
from bot.domain.people import LEADS
from bot.messages import alarms, sentences
from bot.services import ladder, staff_news, timeline, views
from bot.services.desk import Work
from bot.store import conversation, outbox, outside, people, tickets
from bot.store.files import FILES
from bot.store.tables import OutboxRow, Remark

OF_THE_PLACE = frozenset(
    {
        "channel_not_found", "is_archived", "not_in_channel", "user_not_found", "user_disabled", "cannot_dm_bot",
        "messages_tab_disabled", "channel_type_not_supported", "team_access_not_granted", "ekm_access_denied",
        "restricted_action", "restricted_action_read_only_channel", "restricted_action_non_threadable_channel",
    }
)  # fmt: skip
"""Refusals that mean whatever goes there. Source: Slack's errors of chat.postMessage and conversations.open."""


WORDS = ("post", FILES)
"""What a customer was to read; what only changes it, such as an edit, is missed less."""


def tell(work: Work, row: OutboxRow, *, why: str, next_up: tuple[str, ...] = (), now: datetime) -> None:
    """Say that a message reached nobody, for whom it was and why; a person has to see to it.

    Those who are paged next for it (`next_up`) read so in a direct message.

    A place that takes nothing more is told once a day, and what else went wrong at a place once a day for each ticket;
    a lost page, always. A ticket's room reads of all words that its customer does not get, and so does their author. An
    alarm to one person is told nobody: it went to others too. What only one person was to see, in a channel where we
    are not, they get as a direct message: Slack's commands work everywhere.
    """
    if row.op == "ephemeral" and why in OF_THE_PLACE:
        _answer_directly(work, row, now=now)
        return
    is_alarm = row.kind == Kind.ALARM.value
    if is_alarm and row.lane.startswith(("@", outside.LANE)):
        return
    if is_alarm:
        _pass_on(work, row, now=now)
    ticket = tickets.by_number(work.session, row.ticket_number) if row.ticket_number else None
    if ticket is not None and row.visibility == Visibility.CUSTOMER and row.op in WORDS:
        reply = _reply_in(work, row)
        event = NeverCame(kind=row.kind, why=why, message=str(reply.ts) if reply else "")
        timeline.record(work, ticket, event, by=ladder.BOT, now=now)
        author = people.person(work.session, reply.author.removeprefix("person:")) if reply else None
        staff_news.never_came(work, ticket, kind=row.kind, why=why, author=author, now=now)
    is_page = row.kind == Kind.PAGE.value
    whole_place = why in OF_THE_PLACE and not is_page

    def say(zone: str, *, paged_next: bool = False) -> InternalMessage:
        return alarms.dead_letter(
            work.desk.catalog, what=row.kind, ticket_id=ticket.id if ticket else "", to=_whom(work, row), why=why,
            since=row.created_at, attempts=row.attempts, paged_next=paged_next, whole_place=whole_place, zone=zone,
            now=now,
        )  # fmt: skip

    about = "" if whole_place else f":{row.ticket_number}"
    place = row.id if is_page else f"{row.lane}{about}:{why}:{now:%Y-%m-%d}"
    key = f"undelivered:{place}"
    # Before the managers: one of them who is paged next reads that, and only that.
    for person in people.persons(work.session, next_up).values():
        outbox.post(
            work.session, message=say(views.zone_of(work, person.id), paged_next=True), lane=f"@{person.slack}",
            id=work.new_id(), key=f"{key}:{person.id}", ticket_number=ticket.number if ticket else None, now=now,
        )  # fmt: skip
    staff_news.alarm(work, say, row=ticket, key=key, managers=is_page or is_alarm, now=now)


def _reply_in(work: Work, row: OutboxRow) -> Remark | None:
    """The reply of one of ours that is carried to the customer; None for what the desk says itself."""
    kind, _, number = (row.card or "").partition(":")
    return conversation.by_id(work.session, int(number)) if kind == "reply" else None


def _answer_directly(work: Work, row: OutboxRow, *, now: datetime) -> None:
    said = CustomerMessage(Kind.NOTICE, str(row.payload["text"]), tuple(row.payload.get("blocks") or ()))
    outbox.post(
        work.session, message=said, lane=f"@{row.payload['user']}", id=work.new_id(), key=f"instead:{row.id}",
        ticket_number=row.ticket_number, now=now,
    )  # fmt: skip


def _pass_on(work: Work, row: OutboxRow, *, now: datetime) -> None:
    """Say an alarm to each manager who has not got it anyway, under the key that it has where it goes to them too."""
    said = InternalMessage(Kind.ALARM, str(row.payload["text"]), tuple(row.payload.get("blocks") or ()))
    for person in people.of_role(work.session, [role.value for role in LEADS]):
        outbox.post(
            work.session, message=said, lane=f"@{person.slack}", id=work.new_id(),
            key=f"{row.key or row.id}:{person.id}", ticket_number=row.ticket_number, now=now,
        )  # fmt: skip


def _whom(work: Work, row: OutboxRow) -> str:
    """Whom a message was for, in words where it went to somebody's contact."""
    if not row.lane.startswith(outside.LANE):
        return row.lane
    place = outside.Place.of(row.lane)
    customer = people.customer(work.session, place.person) if place.kind else None
    return sentences.reason(
        work.desk.catalog, "by_medium", kind=place.kind, customer=customer.name if customer else "",
        who=people.name_of(work.session, place.person), medium=row.payload.get("medium", ""),
    )  # fmt: skip
