"""The manifest asks Slack for exactly what the code uses."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from bot.slack.commands import COMMANDS
from bot.slack.events import EVENTS
from bot.slack.shortcuts import OPEN_TICKET

READ_ANYWHERE = frozenset({"channels:history", "groups:history", "im:history"})
METHODS: dict[str, frozenset[str]] = {
    "auth_test": frozenset(),
    "bookmarks_add": frozenset({"bookmarks:write"}),
    "bookmarks_list": frozenset({"bookmarks:read"}),
    "chat_getPermalink": frozenset(),
    "conversations_archive": frozenset({"channels:manage"}),
    "conversations_create": frozenset({"channels:manage"}),
    "conversations_invite": frozenset({"channels:manage"}),
    "conversations_list": frozenset({"channels:read"}),
    "conversations_setTopic": frozenset({"channels:manage"}),
    "apps_connections_open": frozenset(),
    "chat_delete": frozenset({"chat:write"}),
    "chat_postEphemeral": frozenset({"chat:write"}),
    "chat_postMessage": frozenset({"chat:write"}),
    "chat_update": frozenset({"chat:write"}),
    "conversations_history": READ_ANYWHERE,
    "conversations_info": frozenset({"channels:read", "groups:read", "im:read"}),
    "conversations_open": frozenset({"im:write"}),
    "conversations_replies": READ_ANYWHERE,
    "files_delete": frozenset({"files:write"}),
    "files_info": frozenset({"files:read"}),
    "files_upload_v2": frozenset({"files:write"}),
    "users_info": frozenset({"users:read"}),
    "views_open": frozenset(),
    "views_publish": frozenset(),
    "views_push": frozenset(),
    "views_update": frozenset(),
}
EVENT_SCOPES: dict[str, frozenset[str]] = {
    "app_home_opened": frozenset(),
    "app_mention": frozenset({"app_mentions:read"}),
    "channel_id_changed": frozenset({"channels:read", "groups:read"}),
    "member_joined_channel": frozenset({"channels:read", "groups:read"}),
    "message.channels": frozenset({"channels:history"}),
    "message.groups": frozenset({"groups:history"}),
    "message.im": frozenset({"im:history"}),
    "reaction_added": frozenset({"reactions:read"}),
}
FILES_IN_MESSAGES = frozenset({"files:read"})
WEB_API = (
    "auth_",
    "apps_",
    "bookmarks_",
    "chat_",
    "conversations_",
    "users_",
    "views_",
    "reactions_",
    "files_",
    "pins_",
    "usergroups_",
)


def manifest() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(Path("manifest.yml").read_text("utf-8"))
    return found


def methods_used() -> Iterator[str]:
    for path in Path("bot").rglob("*.py"):
        if "sandbox" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            on_client = isinstance(node, ast.Attribute) and "client" in ast.unparse(node.value)
            if isinstance(node, ast.Attribute) and on_client and node.attr.startswith(WEB_API):
                yield node.attr


def test_the_manifest_is_valid_against_slacks_schema() -> None:
    schema = json.loads(Path("tests/data/slack-manifest.schema.2.json").read_text("utf-8"))
    jsonschema.validate(manifest(), schema)


def test_every_command_shortcut_and_event_is_listened_to_and_declared() -> None:
    features = manifest()["features"]
    assert tuple(each["command"] for each in features["slash_commands"]) == COMMANDS
    assert all(each["should_escape"] for each in features["slash_commands"])
    assert [each["callback_id"] for each in features["shortcuts"]] == [OPEN_TICKET]
    subscribed = manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert {each.partition(".")[0] for each in subscribed} == set(EVENTS)


def test_the_scopes_are_those_of_the_methods_and_events_used_and_no_others() -> None:
    used = set(methods_used())
    assert used <= set(METHODS), "a method is used whose scopes this test does not know"
    subscribed = manifest()["settings"]["event_subscriptions"]["bot_events"]
    needed = frozenset({"commands"}) | FILES_IN_MESSAGES
    needed = needed.union(*(METHODS[method] for method in used), *(EVENT_SCOPES[event] for event in subscribed))
    assert set(manifest()["oauth_config"]["scopes"]["bot"]) == needed
