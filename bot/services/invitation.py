"""What happens when the bot is invited to a channel that no customer has?

Every administrator hears of it, with a button that opens the form for a new customer, filled in from the channel.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.people import ADMINISTRATORS
from bot.messages import directory as messages
from bot.services import views
from bot.services.desk import Work
from bot.services.staff_news import OPERATIONS, TRIAGE
from bot.store import outbox, people, remembered


def came(work: Work, body: Mapping[str, Any], *, now: datetime) -> None:
    """Tell administrators of a channel that the bot came to, where nobody has it, once for each time it was invited."""
    channel = str(body["channel"])
    ours = {remembered.value(work.session, each) for each in (TRIAGE, OPERATIONS)}
    if body.get("ours") or channel in ours or people.customer_of_channel(work.session, channel) is not None:
        return
    name, shared = str(body.get("name") or ""), tuple(str(each) for each in body.get("workspaces") or ())
    inviter = people.by_slack(work.session, workspace="", slack=str(body.get("inviter") or ""))
    reference = json.dumps({"channel": channel, "name": name, "workspaces": shared}, ensure_ascii=False)
    for administrator in people.of_role(work.session, [role.value for role in ADMINISTRATORS]):
        message = messages.channel_joined(
            work.desk.catalog,
            name=name,
            workspaces=shared,
            by=inviter.name if inviter else "",
            reference=reference,
            zone=views.zone_of(work, administrator.id),
            now=now,
        )
        outbox.post(
            work.session, message=message, lane=f"@{administrator.slack}", id=work.new_id(),
            key=f"joined:{body.get('event')}:{administrator.id}", now=now,
        )  # fmt: skip
