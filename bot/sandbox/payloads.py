"""What does Slack send the app when a person uses a command, a button, a form or a shortcut?"""

import secrets
from typing import Any

from bot.sandbox.events import VERIFICATION_TOKEN
from bot.sandbox.message import Message
from bot.sandbox.platform import Platform
from bot.sandbox.responses import LIVES_FOR, ResponseUrl
from bot.sandbox.seed import APP_ID, HOME_TEAM, Channel, Person
from bot.sandbox.views import View
from bot.sandbox.wire import Json, copied

KEPT_RESPONSE_URLS = 5000


def _domain(platform: Platform, team: str) -> str:
    return platform.workspace.teams[team].name.casefold().replace(" ", "-")


def new_response_url(platform: Platform, *, channel: str, person: Person, message: Message | None = None) -> str:
    """A fresh address at which the app may answer this interaction."""
    token = secrets.token_hex(12)
    urls = platform.response_urls
    if len(urls) >= KEPT_RESPONSE_URLS:
        del urls[next(iter(urls))]
    urls[token] = ResponseUrl(channel, person.id, message, platform.now + LIVES_FOR)
    return f"{platform.url}/respond/{token}"


def _base(platform: Platform, kind: str, person: Person) -> Json:
    user = {"id": person.id, "username": person.handle, "name": person.handle, "team_id": person.team}
    return {
        "type": kind,
        "user": user,
        "team": {"id": HOME_TEAM, "domain": _domain(platform, HOME_TEAM)},
        "enterprise": None,
        "is_enterprise_install": False,
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "trigger_id": platform.views.new_trigger(person.id),
    }


def _channel(channel: Channel) -> Json:
    return {"id": channel.id, "name": "directmessage" if channel.kind == "dm" else channel.name}


def command(platform: Platform, person: Person, channel: Channel, name: str, text: str) -> Json:
    """A slash command."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": HOME_TEAM,
        "team_domain": _domain(platform, HOME_TEAM),
        "channel_id": channel.id,
        "channel_name": _channel(channel)["name"],
        "user_id": person.id,
        "user_name": person.handle,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": new_response_url(platform, channel=channel.id, person=person),
        "trigger_id": platform.views.new_trigger(person.id),
    }


def block_actions(platform: Platform, person: Person, place: Message | View, action: Json, *, state: Json) -> Json:
    """A click or a choice in a message, a modal or a home tab."""
    payload = _base(platform, "block_actions", person)
    payload["actions"] = [action | {"action_ts": platform.new_ts()}]
    return payload | _place(platform, person, place, state=state)


def _place(platform: Platform, person: Person, place: Message | View, *, state: Json) -> Json:
    if isinstance(place, View):
        return {"container": {"type": "view", "view_id": place.id}, "view": place.as_slack()}
    channel = platform.workspace.channels[place.channel]
    container: Json = {
        "type": "message",
        "message_ts": place.ts,
        "channel_id": channel.id,
        "is_ephemeral": place.ephemeral_to is not None,
    }
    if place.thread_ts:
        container["thread_ts"] = place.thread_ts
    shown: dict[str, Any] = {
        "container": container,
        "channel": _channel(channel),
        "state": {"values": copied(state)},
        "response_url": new_response_url(platform, channel=channel.id, person=person, message=place),
    }
    if place.ephemeral_to is None:
        shown["message"] = copied(place.as_slack(metadata=True))
    return shown


def suggestion(platform: Platform, person: Person, place: Message | View, element: Json, *, typed: str) -> Json:
    """What a person typed in a select whose options the app supplies."""
    payload = _base(platform, "block_suggestion", person)
    payload |= {"action_id": element["action_id"], "block_id": element["block_id"], "value": typed}
    return payload | _place(platform, person, place, state={})


def view_submission(platform: Platform, person: Person, view: View) -> Json:
    """A modal's form, sent."""
    return _base(platform, "view_submission", person) | {"view": view.as_slack(), "response_urls": []}


def view_closed(platform: Platform, person: Person, view: View, *, cleared: bool) -> Json:
    """A modal that asked to hear of it was closed."""
    return _base(platform, "view_closed", person) | {"view": view.as_slack(), "is_cleared": cleared}


def shortcut(platform: Platform, person: Person, callback_id: str) -> Json:
    """A global shortcut."""
    payload = _base(platform, "shortcut", person)
    return payload | {"callback_id": callback_id, "action_ts": platform.new_ts()}


def message_action(platform: Platform, person: Person, callback_id: str, message: Message) -> Json:
    """A shortcut on a message."""
    channel = platform.workspace.channels[message.channel]
    return _base(platform, "message_action", person) | {
        "callback_id": callback_id,
        "action_ts": platform.new_ts(),
        "message_ts": message.ts,
        "channel": _channel(channel),
        "message": copied(message.as_slack(metadata=True)),
        "response_url": new_response_url(platform, channel=channel.id, person=person, message=message),
    }
