"""Which Web API methods does the local workspace have? One module a family; importing this registers them all."""

from bot.sandbox.api import apps, bookmarks, chat, conversations, files, reactions, rooms, usergroups, users, views
from bot.sandbox.api.registry import METHODS

__all__ = [
    "METHODS", "apps", "bookmarks", "chat", "conversations", "files", "reactions", "rooms", "usergroups", "users",
    "views",
]  # fmt: skip
