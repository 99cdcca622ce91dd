"""What do our own people read of an incident: its card, an offer of tickets that look alike, a channel's first words?

None of this is for a customer: an incident's title, number and other customers have no way into its messages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.message import Block, InternalMessage, Kind
from bot.messages.blocks import button, menu, option
from bot.messages.compose import internal_message
from bot.messages.render import Catalog
from bot.messages.words import counted

SHOWN = 20
"""Tickets that a card lists; more are counted."""


@dataclass(frozen=True, slots=True)
class Part:
    """One ticket of an incident, or of an offer. `words`: what it has in common with the ticket it looks like."""

    id: str
    customer: str
    grade: str
    stands: str
    summary: str
    owner: str = ""
    is_over: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident as our own people see it."""

    id: str
    title: str
    opened_by: str
    opened_at: datetime
    parts: tuple[Part, ...] = ()
    resolved_at: datetime | None = None

    @property
    def size(self) -> str:
        """How much is affected: `3 tickets of 2 customers`."""
        customers = {each.customer for each in self.parts}
        return f"{counted(len(self.parts), 'ticket')} of {counted(len(customers), 'customer')}"

    @property
    def shown(self) -> tuple[Part, ...]:
        """The tickets that are listed."""
        return self.parts[:SHOWN]

    @property
    def hidden(self) -> int:
        """How many more there are."""
        return max(0, len(self.parts) - SHOWN)


@dataclass(frozen=True, slots=True)
class OfferView:
    """Tickets that look like `first`. `waiting` are those that nobody has decided on; `linked` are in `incident`.

    Where many wait the first of them are here, and `more` are not. `twin`: one that waits of the same customer, which
    could be merged; `of_others`: whether any of another customer waits.
    """

    first: Part
    waiting: tuple[Part, ...] = ()
    more: int = 0
    twin: str = ""
    of_others: bool = True
    linked: tuple[str, ...] = ()
    incident: str = ""
    apart: tuple[str, ...] = ()
    by: str = ""
    """Who decided last."""

    @property
    def shown(self) -> tuple[Part, ...]:
        """The tickets that are listed."""
        return self.waiting[:SHOWN]

    @property
    def hidden(self) -> int:
        """How many more there are."""
        return max(0, len(self.waiting) - SHOWN) + self.more


def card(catalog: Catalog, *, incident: IncidentView, zone: str, now: datetime) -> InternalMessage:
    """Show an incident and its tickets; once it is resolved it can only be opened again. Source: ledger IN-11."""
    parts = catalog.say("incident", zone=zone, now=now, incident=incident)
    again = _button(catalog, "incident_reopen", "incident_again", incident.id)
    buttons = [again] if incident.resolved_at else [
        _button(catalog, "incident_update", "incident_write", incident.id, style="primary"),
        _button(catalog, "incident_resolve", "incident_solve", incident.id),
        menu("incident_more", catalog.label("more"), _more(catalog, incident)),
    ]  # fmt: skip
    return internal_message(Kind.CARD, parts, buttons)


def offer(catalog: Catalog, *, offer: OfferView, zone: str, now: datetime) -> InternalMessage:
    """Offer to make one incident of tickets that look alike, or to merge those of one customer; edited as it grows.

    Without buttons once nothing waits for a decision. Source: ledger IN-11.
    """
    parts = catalog.say("alike", zone=zone, now=now, offer=offer)
    return internal_message(Kind.NOTICE, parts, _offer_buttons(catalog, offer))


def channel_opened(
    catalog: Catalog, *, ticket: Part, asked_by: str, next_at: datetime | None, zone: str, now: datetime
) -> InternalMessage:
    """Say in a new incident channel what it is about, who has it and where the customer is written to."""
    parts = catalog.say("incident_channel", zone=zone, now=now, ticket=ticket, asked_by=asked_by, next_at=next_at)
    return internal_message(Kind.NOTICE, parts)


def _more(catalog: Catalog, incident: IncidentView) -> Sequence[Block]:
    channel = option(f"channel:{incident.id}", catalog.label("more_channel"))
    out = [
        option(f"unlink:{each.id}", catalog.phrase("incident_words", "take_out", ticket=each.id))
        for each in incident.parts
    ]
    return [channel, *out]


def _offer_buttons(catalog: Catalog, offer: OfferView) -> list[Block]:
    if not offer.waiting:
        return []
    first = offer.first.id
    buttons = []
    if offer.of_others or offer.incident:
        alone = len(offer.waiting) == 1
        goal = offer.incident or (offer.waiting[0].id if alone else "")
        words = catalog.phrase("incident_words", "link", goal=goal) if goal else catalog.label("link_all")
        buttons.append(button("alike_link", words, value=first, aloud=f"{words}: {first}", style="primary"))
    # One at a time: Slack takes no action twice in a row of buttons, and the offer is edited after each.
    if offer.twin:
        words = catalog.phrase("incident_words", "merge", ticket=offer.twin, into=first)
        buttons.append(button("alike_merge", words, value=f"{offer.twin}:{first}", aloud=f"{words}: {first}"))
    return [*buttons, _button(catalog, "alike_apart", "not_the_same", first)]


def _button(catalog: Catalog, action: str, label: str, value: str, *, style: str = "") -> Block:
    words = catalog.label(label)
    return button(action, words, value=value, aloud=f"{words}: {value}", style=style)
