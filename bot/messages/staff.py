"""What do our own people read: the card, the page, the request for words, and the lines of a ticket's room?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from bot.domain.event_record import kind_of
from bot.domain.events import Event
from bot.domain.mark import Mark
from bot.domain.message import Block, InternalMessage, Kind
from bot.domain.ticket import State
from bot.messages.blocks import button, confirm, menu, option
from bot.messages.compose import internal_message
from bot.messages.render import Catalog
from bot.messages.view import PageState, PageView, StaffTicket, Weblink
from bot.messages.words import Mrkdwn, unescaped

Side = Literal["customer", "details", "public", "note"]
"""Whose words stand in the room: the customer's, our public reply, or an internal note."""


def card(catalog: Catalog, *, ticket: StaffTicket, zone: str, now: datetime) -> InternalMessage:
    """Show the ticket in two lines and its summary; without buttons once it is over."""
    parts = catalog.say("card", zone=zone, now=now, ticket=ticket)
    return internal_message(Kind.CARD, parts, _card_buttons(catalog, ticket, held=unescaped(parts["held"])))


def _card_buttons(catalog: Catalog, ticket: StaffTicket, *, held: str) -> list[Block]:
    if ticket.is_over:
        return []
    buttons = [
        _claim(catalog, ticket, held=held),
        _button(catalog, "card_reply", "reply", ticket.id),
        _button(catalog, "card_escalate", "escalate", ticket.id),
        _button(catalog, "card_resolve", "resolve", ticket.id),
    ]
    return [
        *(buttons if ticket.is_worked else buttons[1:3]),
        menu("card_more", catalog.label("more"), _more(catalog, ticket)),
    ]


def _claim(catalog: Catalog, ticket: StaffTicket, *, held: str) -> Block:
    """The button bears whom the card names, so that a click on a card gone by takes nothing from anybody unasked."""
    words, aloud = catalog.label("claim"), f"{catalog.label('claim')}: {ticket.id}"
    if not ticket.owner:
        return button("card_claim", words, value=ticket.id, aloud=aloud, style="primary")
    yes, no = catalog.label("take_over"), catalog.label("cancel")
    asked = confirm(title=catalog.label("take_over_title"), text=held, yes=yes, no=no)
    return button("card_claim", words, value=f"{ticket.id}:{ticket.owner_key}", aloud=aloud, confirm=asked)


def _more(catalog: Catalog, ticket: StaffTicket) -> list[Block]:
    words = ["note", "update"]
    if ticket.is_worked:
        words[:0] = ["assign", "severity"]
        words.append("resume" if ticket.state is State.WAITING else "wait")
    if ticket.state in {State.NEW, State.RESPONDED}:
        words.insert(0, "start")
    if ticket.is_worked and ticket.owner:
        words += ["hand", "rest", "back"]
    words.append("why")
    if ticket.is_worked:
        words += ["mark", "unmark"] if ticket.marks else ["mark"]
        words += ["decline", "merge", "split", "unlink" if ticket.incident else "link"]
        words += [] if ticket.channel else ["channel"]
    if ticket.missed:
        words.append("excuse")
    return [option(f"{word}:{ticket.id}", catalog.label(f"more_{word}")) for word in words]


def page(catalog: Catalog, *, ticket: StaffTicket, page: PageView, zone: str, now: datetime) -> InternalMessage:
    """Say why somebody is paged, at which level and attempt, with whom and who is next; edited as it ends.

    Once it is answered or gone by it says who, when, after how long, and has no buttons. Source: ledger PG-1, PG-2.
    """
    parts = catalog.say("page", zone=zone, now=now, ticket=ticket, page=page)
    buttons = [
        _button(catalog, "page_acknowledge", "acknowledge", page.id, about=ticket.id, style="primary"),
        _button(catalog, "page_escalate", "escalate_now", page.id, about=ticket.id),
        _button(catalog, "page_decline", "cannot", page.id, about=ticket.id),
    ]
    return internal_message(Kind.PAGE, parts, buttons if page.state is PageState.PAGING else [])


def update_request(
    catalog: Catalog,
    *,
    ticket: StaffTicket,
    due_at: datetime,
    last_said: str = "",
    last_at: datetime | None = None,
    draft: Mapping[str, str] | None = None,
    nth: int = 1,
    written_by: str = "",
    posted: bool = False,
    zone: str,
    now: datetime,
) -> InternalMessage:
    """Ask the owner for the words of the next customer update; without a button once it was posted.

    `last_said`: what the customer read last. `draft`: what the desk proposes by field, to be sent with one click as the
    `nth` update. `written_by`: who wrote the words already. Source: ledger UP-3.
    """
    parts = catalog.say(
        "update_request", zone=zone, now=now, ticket=ticket, due_at=due_at, last_said=last_said, last_at=last_at,
        draft={} if written_by or posted else draft or {}, written_by=written_by, posted=posted,
    )  # fmt: skip
    style = "" if written_by else "primary"
    asked = f"{ticket.id}:{nth}"
    approving = [
        _button(catalog, "update_approve", "approve_update", asked, about=ticket.id, style=style),
        _button(catalog, "update_send", "send_update", asked, about=ticket.id),
    ]
    write = _button(catalog, "update_write", "write_update", ticket.id, style="" if draft else style)
    buttons = [] if posted else [write] if written_by or not draft else [approving[0], write, approving[1]]
    return internal_message(Kind.NOTICE, parts, buttons)


def room_line(
    catalog: Catalog,
    *,
    ticket_id: str,
    author: str,
    side: Side,
    text: str,
    files: tuple[Weblink, ...] = (),
    edited: bool = False,
    deleted: bool = False,
    reply: str = "",
    zone: str,
    now: datetime,
) -> InternalMessage:
    """Mirror what somebody wrote into the ticket's room.

    `side`: `customer` wrote it, `details` were filled in, it was our `public` reply, or an internal `note`.
    `reply`: the number of one that was sent by the form, and so can be corrected and taken back here.
    Source: ledger LC-6.
    """
    parts = catalog.say(
        "room_line", zone=zone, now=now, ticket_id=ticket_id, author=author, side=side, text=text, files=files,
        edited=edited, deleted=deleted,
    )  # fmt: skip
    changes = [option(f"{each}:{reply}", catalog.label(f"reply_{each}")) for each in ("correct", "take_back")]
    offered = [menu("reply_change", catalog.label("reply_change"), changes)] if reply and not deleted else []
    return internal_message(Kind.REPLY, parts, offered)


def reply_files(catalog: Catalog, *, ticket_id: str) -> InternalMessage:
    """Say in the room what the files are that a customer got with a reply."""
    return internal_message(Kind.REPLY, {"text": f"{ticket_id}: {catalog.label('files_of_reply')}"})


def room_event(
    catalog: Catalog,
    *,
    ticket_id: str,
    event: Event,
    actor: str,
    names: Mapping[str, str] | None = None,
    levels: Mapping[int, str] | None = None,
    severities: Mapping[str, str] | None = None,
    zone: str,
    now: datetime,
) -> InternalMessage:
    """Say in one line what happened. `names`: people's names by id; `levels`, `severities`: the handbook's names."""
    what = happened(
        catalog, event=event, actor=actor, names=names, levels=levels, severities=severities, zone=zone, now=now
    )
    return room_said(ticket_id=ticket_id, what=what)


def room_said(*, ticket_id: str, what: Mrkdwn) -> InternalMessage:
    """Put a finished line into the room."""
    return internal_message(Kind.NOTICE, {"text": f"{ticket_id}: {what}", "body": what})


def happened(
    catalog: Catalog,
    *,
    event: Event,
    actor: str,
    names: Mapping[str, str] | None = None,
    levels: Mapping[int, str] | None = None,
    severities: Mapping[str, str] | None = None,
    zone: str,
    now: datetime,
) -> Mrkdwn:
    """Give an event as one finished line for our own people: `Ana Lima took it over from Bo`."""
    parts = catalog.say(
        "happened", zone=zone, now=now, kind=kind_of(event), event=event, actor=actor, names=names or {},
        levels=levels or {}, severities=severities or {}, marks=mark_names(catalog),
    )  # fmt: skip
    return Mrkdwn(parts.get("text", ""))


def why_paged(catalog: Catalog, *, trigger: str, label: str = "") -> str:
    """Say in a sentence why somebody is paged; `label` is the handbook's word for a reason of its own. Ledger ES-2."""
    return catalog.phrase("trigger", "why", trigger=trigger, label=label)


def mark_names(catalog: Catalog) -> dict[str, str]:
    """Give what each mark is called."""
    return {mark.value: catalog.label(f"mark_{mark.value}") for mark in Mark}


def notice(catalog: Catalog, *, ticket_id: str, sentence: str, zone: str, now: datetime) -> InternalMessage:
    """Say one plain sentence about a ticket."""
    return internal_message(
        Kind.NOTICE, catalog.say("notice", zone=zone, now=now, ticket_id=ticket_id, sentence=sentence)
    )


def _button(catalog: Catalog, action: str, label: str, value: str, *, about: str = "", style: str = "") -> Block:
    words = catalog.label(label)
    return button(action, words, value=value, aloud=f"{words}: {about or value}", style=style)
