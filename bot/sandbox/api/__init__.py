"""Which Web API methods does the local workspace have? One module a family; importing this registers them all."""

from bot.sandbox.api import apps, chat, conversations, files, reactions, usergroups, users, views
from bot.sandbox.api.registry import METHODS

__all__ = ["METHODS", "apps", "chat", "conversations", "files", "reactions", "usergroups", "users", "views"]
