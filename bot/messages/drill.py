"""What does somebody read who is paged to see whether it works?"""

from datetime import datetime

from bot.domain.message import InternalMessage, Kind
from bot.messages.blocks import button
from bot.messages.compose import internal_message
from bot.messages.outside import OutsideText, plain
from bot.messages.render import Catalog


def page(
    catalog: Catalog,
    *,
    id: str,  # noqa: A002 - what the button carries
    asked_by: str,
    answered_at: datetime | None = None,
    by: str = "",
    over: bool = False,
    zone: str,
    now: datetime,
) -> InternalMessage:
    """Ask for one click; without a button once it was answered, or the drill is over."""
    label = catalog.label("here")
    parts = catalog.say(
        "drill", zone=zone, now=now, asked_by=asked_by, answered_at=answered_at, by=by, over=over, label=label
    )
    ask = button("drill_answer", label, value=id, aloud=f"{label}: drill", style="primary")
    return internal_message(Kind.PAGE, parts, [] if answered_at or over else [ask])


def outside(
    catalog: Catalog, *, asked_by: str, reference: str, link: str = "", zone: str, now: datetime
) -> OutsideText:
    """The same for a medium outside Slack."""
    return plain(catalog.say("drill_outside", zone=zone, now=now, asked_by=asked_by, reference=reference, link=link))
