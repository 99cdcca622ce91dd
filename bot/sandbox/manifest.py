"""What may the app do and hear, by its manifest?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.wire import Json

_MESSAGE_EVENTS = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parts of an app manifest that Slack holds an app to; without one, everything is granted."""

    given: bool = False
    scopes: frozenset[str] = frozenset()
    bot_events: frozenset[str] = frozenset()
    commands: tuple[Json, ...] = ()
    shortcuts: tuple[Json, ...] = ()

    @classmethod
    def read(cls, manifest: Mapping[str, Any] | None) -> "Manifest":
        """From the manifest's own form (YAML or JSON, parsed)."""
        if manifest is None:
            return cls()
        features = manifest.get("features") or {}
        scopes = ((manifest.get("oauth_config") or {}).get("scopes") or {}).get("bot") or []
        subscriptions = (manifest.get("settings") or {}).get("event_subscriptions") or {}
        return cls(
            given=True,
            scopes=frozenset(scopes),
            bot_events=frozenset(subscriptions.get("bot_events") or []),
            commands=tuple(features.get("slash_commands") or []),
            shortcuts=tuple(features.get("shortcuts") or []),
        )

    def need(self, scopes: tuple[str, ...]) -> None:
        """Raises SlackError missing_scope where none of these was granted."""
        if self.given and scopes and not self.scopes & set(scopes):
            raise SlackError("missing_scope", needed=scopes[0], provided=",".join(sorted(self.scopes)))

    def subscribes(self, event: Json) -> bool:
        """Whether the app hears this event."""
        if not self.given:
            return True
        kind = str(event["type"])
        if kind == "message":
            kind = _MESSAGE_EVENTS.get(str(event.get("channel_type")), kind)
        return kind in self.bot_events

    def knows_command(self, command: str) -> bool:
        """Whether this slash command exists; any does without a manifest."""
        return not self.given or any(known.get("command") == command for known in self.commands)

    def escapes(self, command: str) -> bool:
        """Whether `@ana` reaches this command as a reference."""
        return not self.given or any(c.get("should_escape") for c in self.commands if c.get("command") == command)

    def shortcut_called(self, name: str) -> Json | None:
        """The shortcut with this visible name, or None."""
        for shortcut in self.shortcuts:
            if name.strip().casefold() in {str(shortcut.get(key, "")).casefold() for key in ("name", "callback_id")}:
                return shortcut
        return None
