"""How does a message become a ticket by the menu beside it? Slack shows that menu to the installing workspace only."""

from typing import Any

from slack_bolt import Ack, App
from slack_bolt.response import BoltResponse

from bot.services import forms
from bot.slack.deps import Asker, Deps
from bot.slack.incoming import author_team
from bot.slack.parsing import plain

OPEN_TICKET = "open_ticket"


def register(app: App, deps: Deps) -> None:
    """Listen to every shortcut of the manifest."""

    def on_open_ticket(ack: Ack, shortcut: dict[str, Any]) -> BoltResponse:
        user, channel = shortcut.get("user") or {}, shortcut.get("channel") or {}
        written, trigger = shortcut.get("message") or {}, str(shortcut.get("trigger_id", ""))
        asker = Asker(
            workspace=deps.home(user.get("team_id") or (shortcut.get("team") or {}).get("id")),
            user=str(user.get("id", "")),
            channel=str(channel.get("id", "")) or None,
            name=str(user.get("name") or user.get("username") or ""),
        )
        text = plain(str(written.get("text") or ""))
        message = {
            "channel": channel.get("id"),
            "ts": written.get("ts"),
            "thread_ts": written.get("thread_ts"),
            "user": written.get("user"),
            "workspace": author_team(written, deps.desk.workspace),
        }
        outcome = deps.ask(
            f"shortcut:{trigger}",
            asker,
            lambda work, actor, now: forms.ticket_form(
                work, actor=actor, channel=asker.channel or "", text=text, message=message, now=now
            ),
        )
        if outcome.text:
            deps.tell(f"shortcut:{trigger}:told", asker, outcome.mrkdwn)
        if outcome.view is not None and not deps.open(trigger, outcome.view, asker):
            deps.tell(f"shortcut:{trigger}:told", asker, deps.refusal("too_slow"))
        return ack()

    app.message_shortcut(OPEN_TICKET)(on_open_ticket)
