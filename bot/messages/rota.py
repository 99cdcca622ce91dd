"""What do our own people read about who is on call: the hand-off between those who leave and those who come?"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.message import InternalMessage, Kind
from bot.messages.compose import internal_message
from bot.messages.render import Catalog
from bot.messages.view import StaffTicket


@dataclass(frozen=True, slots=True)
class HandoffView:
    """One hand-off as its reader sees it: `coming` says that they are on call from now on, else they are off."""

    post: str
    coming: bool
    before: tuple[str, ...]
    now_on_call: tuple[str, ...]
    then: tuple[str, ...] = ()
    until: datetime | None = None
    tickets: tuple[StaffTicket, ...] = ()
    more: int = 0
    late_since: datetime | None = None
    """When it really was, where the desk was away at that moment."""


def handoff(catalog: Catalog, *, handoff: HandoffView, zone: str, now: datetime) -> InternalMessage:
    """Tell who leaves or comes: who has it now and until when, what is open, whom to ask. Source: ledger PG-3."""
    return internal_message(Kind.NOTICE, catalog.say("handoff", zone=zone, now=now, handoff=handoff))
