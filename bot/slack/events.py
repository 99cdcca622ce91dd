"""Which events do we keep? Each is committed to the inbox before Slack hears that we have it; the work comes later.

What raises here is answered with 500, so that Slack delivers it again.
"""

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import App

from bot.services.inbox_events import TICKET_REACTION
from bot.slack.deps import Deps
from bot.slack.incoming import of_home_opened, of_joined, of_message_event, of_moved, of_reaction

EVENTS = ("message", "app_mention", "reaction_added", "member_joined_channel", "app_home_opened", "channel_id_changed")
"""What the manifest subscribes to; `message` is three subscriptions, one for each type of channel."""


def register(app: App, deps: Deps) -> None:
    """Listen to every event: to ours with a purpose, to all others so that they are not delivered for ever."""

    def on_message(event: dict[str, Any]) -> None:
        delivery = of_message_event(event, workspace=deps.desk.workspace, bot_user=deps.bot_user)
        if delivery is not None:
            deps.desk.accept(delivery, now=deps.clock.now())

    def on_joined(event: dict[str, Any], body: dict[str, Any]) -> None:
        if event.get("user") == deps.bot_user:
            about, event_id = deps.about(str(event.get("channel", ""))), str(body.get("event_id", ""))
            home = {"team": event.get("team") or deps.desk.workspace}
            delivery = of_joined(event | home, event_id=event_id, about=about, bot_user=deps.bot_user)
            deps.desk.accept(delivery, now=deps.clock.now())
            deps.on_joined()

    def on_moved(event: dict[str, Any], body: dict[str, Any]) -> None:
        delivery = of_moved(event, event_id=str(body.get("event_id", "")))
        if delivery is not None:
            deps.desk.accept(delivery, now=deps.clock.now())

    def on_anything_else() -> None:
        """Nothing to do; Slack repeats what nobody listens to."""

    listeners = (on_message, on_message, _reacted(deps), on_joined, _home(deps), on_moved)
    for name, listener in zip(EVENTS, listeners, strict=True):
        app.event(name)(listener)
    app.event(re.compile(".*"))(on_anything_else)


def _reacted(deps: Deps) -> Callable[..., None]:
    def on_reaction(event: dict[str, Any]) -> None:
        item = event.get("item") or {}
        ours = event.get("user") == deps.bot_user
        if event.get("reaction") != TICKET_REACTION or item.get("type") != "message" or ours:
            return
        profile = deps.profile_of(str(event.get("user", "")))
        delivery = of_reaction(
            event,
            team=profile.get("team_id"),
            message=deps.message_at(str(item.get("channel", "")), str(item.get("ts", ""))),
            workspace=deps.desk.workspace,
            bot_user=deps.bot_user,
        )
        # Other programs react too; only people open tickets.
        if delivery is not None and not profile.get("is_bot"):
            deps.desk.accept(delivery, now=deps.clock.now())

    return on_reaction


def _home(deps: Deps) -> Callable[..., None]:
    def on_home(event: dict[str, Any], body: dict[str, Any]) -> None:
        if event.get("tab") != "home":
            return
        user, event_id = str(event.get("user", "")), str(body.get("event_id", ""))
        delivery = of_home_opened(user, team=deps.team_of(user), workspace=deps.desk.workspace, event_id=event_id)
        deps.desk.accept(delivery, now=deps.clock.now())

    return on_home
