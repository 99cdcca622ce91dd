"""Who hears of what happened? One `match` from event to timeline and outbox.

A new kind of event does not type-check until somebody has decided here who hears of it.
"""

from datetime import datetime, timedelta
from typing import assert_never

from bot.domain.events import (
    Absorbed,
    Acknowledged,
    AnalysisAsked,
    Assigned,
    BreachAnalysed,
    Breached,
    ChannelArchived,
    ChannelOpened,
    Claimed,
    Closed,
    Continues,
    CustomerContacted,
    CustomerWrote,
    Declined,
    Deleted,
    DetailsAdded,
    DetailsRead,
    Edited,
    Escalated,
    EscalationAsked,
    Event,
    Excused,
    Exhausted,
    LeakNoticed,
    LevelSkipped,
    Linked,
    Marked,
    Merged,
    NeverCame,
    Noted,
    Opened,
    Paged,
    PageDeclined,
    Rated,
    Rebased,
    Regraded,
    Released,
    Reopened,
    Replied,
    Resolved,
    Retiered,
    Snoozed,
    SplitOff,
    StoodDown,
    Unlinked,
    Unmarked,
    UpdateAsked,
    UpdatePosted,
    UpdateWritten,
    WaitingEnded,
    WaitingStarted,
    Warned,
    WorkStarted,
)
from bot.domain.message import InternalMessage
from bot.messages import alarms, staff
from bot.messages.words import spoken_metric
from bot.services import (
    account_news,
    attention,
    breach_news,
    clocks,
    customer_news,
    incident_news,
    media,
    queue_bell,
    rating_news,
    reply_files,
    room_news,
    staff_news,
    storm,
    timeline,
    views,
    work_news,
)
from bot.services.desk import Work
from bot.store import conversation, pages, people
from bot.store.tables import Escalation, Remark, Ticket

NOTICED_LATE_AFTER = timedelta(minutes=1)
"""A breach that we noticed later than this after its moment says so (R6)."""


def happened(work: Work, row: Ticket, event: Event, *, by: str, now: datetime) -> None:
    """Write the event into the timeline and let everybody hear of it whom it concerns."""
    timeline.record(work, row, event, by=by, now=now)
    heard(work, row, event, by=by, now=now)


# One case an event: this is the table of who hears of what.
def heard(  # noqa: C901, PLR0912, PLR0915
    work: Work, row: Ticket, event: Event, *, by: str, now: datetime
) -> None:
    """Let everybody hear of an event of the timeline whom it concerns."""
    account_news.hear(work, row, event, by=by, now=now)
    attention.noticed(work, row, event, by=by, now=now)
    queue_bell.noticed(work, row, event, now=now)
    match event:
        case Opened():
            # Its card and its receipt say what was promised.
            clocks.begin(work, row, event, now=now)
            customer_news.receipt(work, row, now=now)
            staff_news.card(work, row, now=now)
            return
        case CustomerWrote():
            _mirror(work, row, event.message, side="customer", now=now)
        case Replied():
            _replied(work, row, event, now=now)
        case Noted():
            _mirror(work, row, event.message, side="note", now=now)
            return
        case Edited():
            _follow(work, row, event.message, now=now)
            customer_news.refresh_question(work, row, now=now)
        case Deleted():
            _follow(work, row, event.message, now=now)
            return
        case Escalated():
            staff_news.room_event(work, row, event, by=by, now=now)
        case Paged() | PageDeclined() | StoodDown():
            _paging(work, row, event, by=by, now=now)
        case Acknowledged():
            _paging(work, row, event, by=by, now=now)
            customer_news.escalated(work, row, escalation=event.escalation, level=event.level, edit=True, now=now)
        case LevelSkipped():
            _skipped(work, row, event, by=by, now=now)
        case Exhausted():
            staff_news.room_event(work, row, event, by=by, now=now)
            chain = pages.escalation(work.session, event.escalation)
            if chain is not None:
                staff_news.exhausted(work, row, chain, round_number=event.round, now=now)
        case EscalationAsked():
            _asked(work, row, event, by=by, now=now)
        case UpdateAsked():
            staff_news.update_request(work, row, due_at=event.due_at, now=now)
        case UpdateWritten():
            staff_news.end_update_request(work, row, nth=row.updates_sent + 1, posted=False, now=now)
            staff_news.room_event(work, row, event, by=by, now=now)
        case UpdatePosted():
            staff_news.end_update_request(work, row, nth=event.nth, posted=True, now=now)
            customer_news.update(work, row, due_at=event.due_at, nth=event.nth, missed=event.missed, now=now)
            staff_news.room_event(work, row, event, by=by, now=now)
        case Resolved():
            customer_news.resolution(work, row, now=now)
            customer_news.refresh_question(work, row, now=now)
            staff_news.room_event(work, row, event, by=by, now=now)
        case Reopened():
            customer_news.resolution(work, row, edit=True, now=now)
            name, ours = views.name_of_actor(work, by), _is_ours(work, by)
            customer_news.reopened(work, row, by=name, ours=ours, now=now)
            customer_news.refresh_question(work, row, now=now)
            staff_news.room_event(work, row, event, by=by, now=now)
        case Closed():
            customer_news.resolution(work, row, edit=True, now=now)
            customer_news.refresh_question(work, row, now=now)
            rating_news.closed(work, row, event, by=by, now=now)
            staff_news.room_event(work, row, event, by=by, now=now)
        case Declined() | Merged():
            _ended(work, row, event, by=by, now=now)
        case Breached() | Warned():
            _clock(work, row, event, by=by, now=now)
        case AnalysisAsked():
            breach_news.ask(work, row, event, now=now)
            staff_news.room_event(work, row, event, by=by, now=now)
        case BreachAnalysed():
            breach_news.end(work, row, event, by=by, now=now)
            staff_news.room_event(work, row, event, by=by, now=now)
        case Marked() | Unmarked() | CustomerContacted():
            staff_news.room_event(work, row, event, by=by, now=now)
        case Absorbed() | Rebased() | Retiered() | Excused() | Released() | Snoozed():
            staff_news.room_event(work, row, event, by=by, now=now)
        case Assigned():
            work_news.assigned(work, row, event, now=now)
            staff_news.room_event(work, row, event, by=by, now=now)
        case LeakNoticed():
            staff_news.room_event(work, row, event, by=by, now=now)
            return
        case Linked() | Unlinked() | ChannelOpened() | ChannelArchived():
            staff_news.room_event(work, row, event, by=by, now=now)
        case DetailsRead():
            pass  # The message itself stands in the room already.
        case NeverCame():
            return  # Whoever notes it tells the room and the author, each in words of their own.
        case SplitOff() | Continues():
            staff_news.room_event(work, row, event, by=by, now=now)
        case Rated():
            rating_news.rated(work, row, event, by=by, now=now)
            staff_news.room_event(work, row, event, by=by, now=now)
            return
        case DetailsAdded() if event.message:
            _mirror(work, row, event.message, side="details", now=now)
        case DetailsAdded():
            staff_news.room_details(work, row, event.text, by=by, now=now)
        case Regraded():
            storm.regraded(work, row, now=now)
            staff_news.room_event(work, row, event, by=by, now=now)
        case Claimed():
            work_news.claimed(work, row, event, by=by, now=now)
            staff_news.room_event(work, row, event, by=by, now=now)
        case WorkStarted() | WaitingStarted() | WaitingEnded():
            staff_news.room_event(work, row, event, by=by, now=now)
        case _:
            assert_never(event)
    customer_news.refresh_receipt(work, row, now=now)
    staff_news.refresh_card(work, row, now=now)
    incident_news.follow(work, row, event, now=now)
    room_news.follow(work, row, event, now=now)


def refresh_pages(work: Work, row: Ticket, chain: Escalation, *, now: datetime) -> None:
    """Let every copy of a chain's pages show why it came and how it stands; what ended now does not leave any more."""
    media.take_back_ended(work, chain, now=now)
    staff_news.take_back_pages(work, chain, now=now)
    staff_news.refresh_pages(work, row, chain, now=now)


def escalation_begun(work: Work, row: Ticket, chain: Escalation, *, by: str, now: datetime) -> None:
    """Tell the customer who handles it now and when they hear next, where the escalation is theirs to know."""
    if chain.trigger not in views.TOLD_TO_CUSTOMER:
        return
    asked_by = views.name_of_actor(work, by) if chain.trigger == "customer_request" else ""
    customer_news.escalated(work, row, escalation=chain.id, level=chain.level, asked_by=asked_by, now=now)


def _ended(work: Work, row: Ticket, event: Declined | Merged, *, by: str, now: datetime) -> None:
    """Tell the customer in plain words why triage ended it (ledger SV-5)."""
    name = views.name_of_actor(work, by)
    if isinstance(event, Merged):
        customer_news.closing(work, row, how="merged", by=name, reason=event.reason, into=event.into, now=now)
    else:
        customer_news.closing(work, row, how="declined", by=name, reason=event.reason, now=now)
    customer_news.refresh_question(work, row, now=now)
    staff_news.room_event(work, row, event, by=by, now=now)


def _mirror(work: Work, row: Ticket, ts: str, *, side: staff.Side, now: datetime) -> None:
    """Carry a message into the room, unless it was written there."""
    remark = _remark(work, row, ts)
    if remark is None or (side == "note" and not ts.startswith("out:")):
        return
    staff_news.room_line(work, row, remark, side=side, now=now)


def _replied(work: Work, row: Ticket, event: Replied, *, now: datetime) -> None:
    """Carry a public reply to the customer where it was written elsewhere, and into the room in any case."""
    remark = _remark(work, row, event.message)
    if remark is None:
        return
    by_form = remark.ts.startswith("out:")
    if by_form:
        customer_news.reply(work, row, remark, now=now)
    staff_news.room_line(work, row, remark, side="public", now=now)
    if by_form:
        reply_files.send(work, row, remark, now=now)


def _follow(work: Work, row: Ticket, ts: str, *, now: datetime) -> None:
    remark = _remark(work, row, ts)
    if remark is None:
        return
    _mirror(work, row, ts, side=_side_of(work, remark), now=now)
    if remark.visibility == "customer" and remark.ts.startswith("out:"):
        customer_news.reply(work, row, remark, now=now)
        if remark.deleted_at is not None:
            reply_files.take_back(work, remark, now=now)


def _side_of(work: Work, remark: Remark) -> staff.Side:
    """Whose words a message is: a note, a reply of ours, or the customer's."""
    if remark.visibility != "customer":
        return "note"
    return "public" if _is_ours(work, remark.author) else "customer"


def _is_ours(work: Work, actor: str) -> bool:
    """Whether somebody of the trail is one of our own people."""
    found = people.person(work.session, actor.removeprefix("person:"))
    return found is not None and found.customer_id is None


def _remark(work: Work, row: Ticket, ts: str) -> Remark | None:
    found = [each for each in conversation.of_ticket(work.session, row.number_known) if each.ts == ts]
    return found[-1] if found else None


def _paging(
    work: Work, row: Ticket, event: Paged | PageDeclined | StoodDown | Acknowledged, *, by: str, now: datetime
) -> None:
    chain = pages.escalation(work.session, event.escalation)
    if chain is None:
        return
    match event:
        case Paged():
            staff_news.page(work, row, chain, now=now)
            media.begin(work, row, chain, bundled=storm.bundle(work, row, chain, now=now), now=now)
        case PageDeclined():
            media.take_back_ended(work, chain, now=now)
        case Acknowledged():
            media.answered(work, chain, action="acknowledge", now=now)
        case StoodDown():
            media.answered(work, chain, action="resolve", now=now)
    staff_news.take_back_pages(work, chain, now=now)
    staff_news.refresh_pages(work, row, chain, just_sent=isinstance(event, Paged), now=now)
    storm.follow(work, chain, now=now)
    staff_news.room_event(work, row, event, by=by, now=now)


def _skipped(work: Work, row: Ticket, event: LevelSkipped, *, by: str, now: datetime) -> None:
    staff_news.room_event(work, row, event, by=by, now=now)
    if event.planned:
        return
    handbook = work.handbook(row)
    level = handbook.level(event.level)

    def say(zone: str) -> InternalMessage:
        return alarms.level_skipped(
            work.desk.catalog, ticket=views.staff_ticket(work, row, now=now), level=event.level,
            level_name=level.name if level else "", why=event.why, duty=event.duty, zone=zone, now=now,
        )  # fmt: skip

    # Once, however often the chain comes by, until somebody of that level was there again.
    paged = sum(page.level == event.level for page in pages.of_escalation(work.session, event.escalation))
    key = f"skipped:{event.escalation}:{event.level}:{paged}"
    staff_news.alarm(work, say, row=row, key=key, now=now)


def _asked(work: Work, row: Ticket, event: EscalationAsked, *, by: str, now: datetime) -> None:
    name = views.name_of_actor(work, by)
    customer_news.escalation_requested(work, row, asked_by=name, now=now)
    staff_news.room_event(work, row, event, by=by, now=now)

    def say(zone: str) -> InternalMessage:
        return alarms.escalation_asked(
            work.desk.catalog, ticket=views.staff_ticket(work, row, now=now), asked_by=name, reason=event.reason,
            zone=zone, now=now,
        )  # fmt: skip

    staff_news.alarm(work, say, row=row, key=f"asked:{row.number_known}:{now.isoformat()}", now=now)


def _clock(work: Work, row: Ticket, event: Breached | Warned, *, by: str, now: datetime) -> None:
    staff_news.room_event(work, row, event, by=by, now=now)
    metric = spoken_metric(event.metric)

    def say(zone: str) -> InternalMessage:
        ticket = views.staff_ticket(work, row, now=now)
        if isinstance(event, Warned):
            return alarms.warned(
                work.desk.catalog, ticket=ticket, metric=metric, due_at=event.due_at, zone=zone, now=now
            )
        late = now - event.due_at
        return alarms.breached(
            work.desk.catalog, ticket=ticket, metric=metric, due_at=event.due_at,
            noticed_late_for=late if late > NOTICED_LATE_AFTER else None, zone=zone, now=now,
        )  # fmt: skip

    key = f"{type(event).__name__.lower()}:{row.number_known}:{event.metric}:{event.nth}"
    staff_news.alarm(work, say, row=row, key=key, now=now)
