"""usergroups.*: which groups can be mentioned? None here, so the lists are empty."""

from bot.sandbox.api.registry import Args, method
from bot.sandbox.errors import SlackError
from bot.sandbox.platform import Platform
from bot.sandbox.wire import Json


@method("usergroups.list", "usergroups:read", per_minute=20)
def list_groups(_platform: Platform, _args: Args) -> Json:
    """No groups."""
    return {"usergroups": []}


@method("usergroups.users.list", "usergroups:read", per_minute=20)
def users_of_group(_platform: Platform, _args: Args) -> Json:
    """No such group."""
    raise SlackError("no_such_subteam")
