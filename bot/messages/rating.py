"""How do we ask a customer how it went, and what do our own people read of the answer?"""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.message import Block, InternalMessage, Kind
from bot.messages.blocks import button, context, field, option, section, select, text_input
from bot.messages.compose import internal_message
from bot.messages.form_parts import form
from bot.messages.render import Catalog
from bot.messages.view import CustomerTicket, RatingView, StaffTicket
from bot.messages.words import escape, line

SCORES = (5, 4, 3, 2, 1)
"""From very good to very bad, in the order in which they are offered."""


def buttons(catalog: Catalog, ticket: CustomerTicket, rating: RatingView) -> list[Block]:
    """The answers of the one question; once somebody answered, a way to say more or change it."""
    if rating.by:
        words = catalog.label("rating_more")
        return [button("customer_rating", words, value=ticket.id, aloud=f"{words}: {ticket.id}")]
    found = []
    for score in SCORES:
        words = catalog.label(f"score_{score}")
        found.append(button(f"customer_score_{score}", words, value=ticket.id, aloud=f"{words}: {ticket.id}"))
    return found


def rating_form(
    catalog: Catalog,
    *,
    ticket: CustomerTicket,
    score: int = 0,
    comment: str = "",
    metadata: Mapping[str, object],
) -> Block:
    """The form for what somebody adds to their answer, or changes about it."""
    options = [option(str(each), catalog.label(f"score_{each}")) for each in SCORES]
    blocks = [
        section(f"*{escape(ticket.id)}* {line(ticket.summary)}"),
        field("score", catalog.label("rating_score"), select(options, first=str(score))),
        field("comment", catalog.label("rating_comment"), text_input(value=comment, lines=True), optional=True),
        context(catalog.phrase("forms", "rating_who_reads")),
    ]
    return form(catalog, "rating", blocks, metadata)


def low(
    catalog: Catalog,
    *,
    ticket: StaffTicket,
    score: int,
    before: int = 0,
    low: bool = True,
    comment: str,
    by: str,
    zone: str,
    now: datetime,
) -> InternalMessage:
    """Tell managers that a customer is not content, and what they said; with `low` unset, that they are by now.

    `before` is what they had answered first, 0 where nothing.
    """
    parts = catalog.say(
        "low_rating", zone=zone, now=now, ticket=ticket, score=score, before=before, low=low, comment=comment, by=by
    )
    return internal_message(Kind.ALARM, parts)
