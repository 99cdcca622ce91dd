"""What does a customer read in its channel? One function a message; none of them can be handed anything internal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from bot.domain.message import Block, CustomerMessage, Kind
from bot.domain.ticket import State
from bot.messages.blocks import button
from bot.messages.compose import customer_message
from bot.messages.rating import buttons
from bot.messages.render import Catalog
from bot.messages.view import Choice, Contact, CustomerTicket, Progress, Question, RatingView, Weblink
from bot.messages.words import Mrkdwn, escape, listed

Ending = Literal["confirmed", "silence", "support", "declined", "merged"]
"""How a ticket ended, as its customer is told."""


def receipt(
    catalog: Catalog,
    *,
    ticket: CustomerTicket,
    calling: bool = False,
    commitment: str = "",
    next_at: datetime | None = None,
    account_manager: Contact | None = None,
    missing: tuple[str, ...] = (),
    joined: int = 0,
    split_into: tuple[str, ...] = (),
    split_from: str = "",
    links: tuple[Weblink, ...] = (),
    end_users_note: str = "",
    now: datetime,
) -> CustomerMessage:
    """Say that it arrived, how it was understood, who is at it and when the next word comes; edited as that changes.

    `calling`: people are being paged. `commitment`: the promise in words, given only where the contract shows it.
    `missing`: labels of required fields; `joined`: messages that followed and were taken into it; `split_into`: the ids
    of tickets that a part of it became; `split_from`: the ticket that it was a part of.

    Source: ledger IN-4, SL-8, service policy §Case Management.
    """
    parts = catalog.say(
        "receipt", zone=ticket.zone, now=now, ticket=ticket, calling=calling, commitment=commitment, next_at=next_at,
        account_manager=account_manager, missing=missing, joined=joined, split_into=split_into,
        split_from=split_from, links=links, end_users_note=end_users_note,
    )  # fmt: skip
    return customer_message(Kind.RECEIPT, parts, _receipt_buttons(catalog, ticket, missing))


def _receipt_buttons(catalog: Catalog, ticket: CustomerTicket, missing: tuple[str, ...]) -> list[Block]:
    if not ticket.is_worked:
        return []
    details = [_button(catalog, "customer_details", "details", ticket)] if missing else []
    return [*details, _button(catalog, "customer_escalate", "escalate", ticket)]


def question(
    catalog: Catalog,
    *,
    ticket: CustomerTicket,
    questions: tuple[Question, ...],
    severities: tuple[Choice, ...] = (),
    suggested: str = "",
    now: datetime,
) -> CustomerMessage:
    """Ask once, in one message, for everything that is missing; without questions it says that all has arrived.

    `severities`: to choose from with one click where nobody named one; the `suggested` one stands out and decides
    nothing. Source: ledger IN-3, SV-1.
    """
    proposed = next((each.label for each in severities if each.key == suggested), "")
    parts = catalog.say(
        "question", zone=ticket.zone, now=now, ticket=ticket, questions=questions, severities=severities,
        suggested=proposed,
    )  # fmt: skip
    choices = [
        button(
            f"customer_severity_{each.key}", each.label, value=ticket.id, aloud=f"{each.label}: {ticket.id}",
            style="primary" if each.key == suggested else "",
        )
        for each in severities
    ]  # fmt: skip
    style = "" if severities else "primary"
    details = [_button(catalog, "customer_details", "details", ticket, style=style)] if questions else []
    if not ticket.is_worked:
        return customer_message(Kind.QUESTION, parts)
    return customer_message(Kind.QUESTION, parts, details, between=choices)


def update(catalog: Catalog, *, ticket: CustomerTicket, progress: Progress, now: datetime) -> CustomerMessage:
    """Say what is known, done and next, the ETA, the workaround and when the next update comes; or what is true.

    Source: ledger UP-1, UP-3; SLA rules R6 (one late message that says so).
    """
    parts = catalog.say("update", zone=ticket.zone, now=now, ticket=ticket, progress=progress)
    return customer_message(Kind.UPDATE, parts)


def escalated(
    catalog: Catalog,
    *,
    ticket: CustomerTicket,
    level: int,
    level_name: str,
    calling: bool = False,
    asked_by: str = "",
    next_at: datetime | None = None,
    now: datetime,
) -> CustomerMessage:
    """Say who handles it now, at which level by name, and when the customer hears next. Source: ledger ES-4."""
    parts = catalog.say(
        "escalated", zone=ticket.zone, now=now, ticket=ticket, level=level, level_name=level_name, calling=calling,
        asked_by=asked_by, next_at=next_at,
    )  # fmt: skip
    return customer_message(Kind.ESCALATION, parts)


def system_involved(
    catalog: Catalog,
    *,
    ticket: CustomerTicket,
    people: Mapping[str, str],
    said: str = "",
    next_at: datetime | None = None,
    now: datetime,
) -> CustomerMessage:
    """Ask people of the customer's, by name and Slack id, to look at a system of their own. Source: ledger PG-5."""
    mentions = Mrkdwn(listed(f"<@{escape(slack)}>" for slack in people.values()) if people else "")
    parts = catalog.say(
        "system_involved", zone=ticket.zone, now=now, ticket=ticket, names=tuple(people), mentions=mentions, said=said,
        next_at=next_at,
    )  # fmt: skip
    return customer_message(Kind.ESCALATION, parts)


def escalation_requested(catalog: Catalog, *, ticket: CustomerTicket, asked_by: str, now: datetime) -> CustomerMessage:
    """Say that the request to escalate reached the team and what follows. Source: ledger ES-4."""
    parts = catalog.say("escalation_requested", zone=ticket.zone, now=now, ticket=ticket, asked_by=asked_by)
    return customer_message(Kind.ESCALATION, parts)


def resolution(
    catalog: Catalog,
    *,
    ticket: CustomerTicket,
    root_cause: str,
    workaround: str,
    prevention: str,
    by: str,
    closes_at: datetime | None = None,
    now: datetime,
) -> CustomerMessage:
    """Sum up the resolution, and ask for a yes or no; without buttons once the ticket is not resolved any more.

    `closes_at`: when silence closes it. Source: ledger LC-2, LC-3, SLA handbook §Communications.
    """
    parts = catalog.say(
        "resolution", zone=ticket.zone, now=now, ticket=ticket, root_cause=root_cause, workaround=workaround,
        prevention=prevention, by=by, closes_at=closes_at,
    )  # fmt: skip
    buttons = [
        _button(catalog, "customer_confirm", "works", ticket, style="primary"),
        _button(catalog, "customer_reopen", "broken", ticket, style="danger"),
    ]
    return customer_message(Kind.RESOLUTION, parts, buttons if ticket.state is State.RESOLVED else [])


def closing(
    catalog: Catalog,
    *,
    ticket: CustomerTicket,
    how: Ending,
    by: str = "",
    reason: str = "",
    into: str = "",
    lessons: str = "",
    rating: RatingView | None = None,
    now: datetime,
) -> CustomerMessage:
    """Say that it is over, why, and what to do if it comes back. `by` is who confirmed or declined it.

    `into`: the ticket that goes on in its place. `lessons`: what was learned, after an escalation (ledger UP-6).
    `rating`: the one question, how it went (ledger FB-1).
    """
    parts = catalog.say(
        "closing", zone=ticket.zone, now=now, ticket=ticket, how=how, by=by, reason=reason, into=into, lessons=lessons,
        rating=rating,
    )  # fmt: skip
    return customer_message(Kind.CLOSING, parts, buttons(catalog, ticket, rating) if rating else [])


def reopened(
    catalog: Catalog,
    *,
    ticket: CustomerTicket,
    by: str,
    ours: bool = False,
    calling: bool = False,
    next_at: datetime | None = None,
    now: datetime,
) -> CustomerMessage:
    """Say that it is being worked on again and when the next word comes; ask what is still broken (LC-3).

    `ours`: one of our own people saw that it is not solved, so that there is nothing to ask.
    """
    parts = catalog.say(
        "reopened", zone=ticket.zone, now=now, ticket=ticket, by=by, ours=ours, calling=calling, next_at=next_at
    )
    return customer_message(Kind.NOTICE, parts)


def rhythm(
    catalog: Catalog, *, ticket: CustomerTicket, before: datetime, next_at: datetime | None, now: datetime
) -> CustomerMessage:
    """Take back the update that was announced for `before`, and say when the next one comes. Source: ledger UP-3."""
    parts = catalog.say("rhythm", zone=ticket.zone, now=now, ticket=ticket, before=before, next_at=next_at)
    return customer_message(Kind.NOTICE, parts)


def reply(
    catalog: Catalog,
    *,
    ticket: CustomerTicket,
    author: str,
    text: str,
    files: tuple[Weblink, ...] = (),
    edited: bool = False,
    deleted: bool = False,
    now: datetime,
) -> CustomerMessage:
    """Carry a public reply of one of our people to the customer; edits and deletions follow. Source: ledger LC-6."""
    parts = catalog.say(
        "reply", zone=ticket.zone, now=now, ticket=ticket, author=author, text=text, files=files, edited=edited,
        deleted=deleted,
    )  # fmt: skip
    return customer_message(Kind.REPLY, parts)


def reply_files(catalog: Catalog, *, ticket_id: str) -> CustomerMessage:
    """Say what the files are that stand behind a reply."""
    return customer_message(Kind.REPLY, {"text": f"{ticket_id}: {catalog.label('files_of_reply')}"})


def refused(catalog: Catalog, *, sentence: str, zone: str, now: datetime) -> CustomerMessage:
    """Answer what cannot be, in one plain sentence that says what to do instead."""
    return customer_message(Kind.NOTICE, catalog.say("refused", zone=zone, now=now, sentence=sentence))


def _button(catalog: Catalog, action: str, label: str, ticket: CustomerTicket, *, style: str = "") -> Block:
    words = catalog.label(label)
    return button(action, words, value=ticket.id, aloud=f"{words}: {ticket.id}", style=style)
