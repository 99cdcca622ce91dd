"""What does somebody of ours read about tickets that the desk itself gives them, or takes on to somebody else?"""

from datetime import datetime

from bot.domain.message import InternalMessage, Kind
from bot.messages.blocks import button
from bot.messages.compose import internal_message
from bot.messages.render import Catalog
from bot.messages.view import StaffTicket


def assigned(
    catalog: Catalog, *, ticket: StaffTicket, why: str, before: str = "", zone: str, now: datetime
) -> InternalMessage:
    """Tell somebody that a ticket is theirs and by which rule; `before` is whose it was. Source: ledger LC-4."""
    parts = catalog.say("assigned", zone=zone, now=now, ticket=ticket, why=why, before=before)
    words = catalog.label("reply")
    reply = button("card_reply", words, value=ticket.id, aloud=f"{words}: {ticket.id}")
    return internal_message(Kind.NOTICE, parts, [reply])


def passed_on(catalog: Catalog, *, ticket: StaffTicket, why: str, zone: str, now: datetime) -> InternalMessage:
    """Tell who had a ticket until now that somebody else has it."""
    return internal_message(Kind.NOTICE, catalog.say("passed_on", zone=zone, now=now, ticket=ticket, why=why))
