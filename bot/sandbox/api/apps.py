"""auth, apps, team and api: who is the app, and where does it connect?"""

from bot.sandbox.api.registry import Args, method
from bot.sandbox.errors import SlackError
from bot.sandbox.platform import Platform
from bot.sandbox.seed import APP_ID, BOT_ID, BOT_USER, HOME_TEAM
from bot.sandbox.wire import Json


@method("api.test", per_minute=None)
def api_test(_platform: Platform, args: Args) -> Json:
    """Answers what it was asked with."""
    if error := args.values.get("error"):
        raise SlackError(str(error))
    return {"args": {key: value for key, value in args.values.items() if key != "token"}}


@method("auth.test", per_minute=None)
def auth_test(platform: Platform, _args: Args) -> Json:
    """Who the app's bot is."""
    return {
        "url": platform.url + "/",
        "team": platform.workspace.teams[HOME_TEAM].name,
        "user": platform.workspace.people[BOT_USER].handle,
        "team_id": HOME_TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", by="app", per_minute=None)
def open_connection(platform: Platform, _args: Args) -> Json:
    """A one-time WebSocket address for Socket Mode."""
    host = platform.url.removeprefix("http://")
    return {"url": f"ws://{host}/link?ticket={platform.sockets.new_ticket()}&app_id={APP_ID}"}


@method("bots.info", "users:read")
def bot_info(platform: Platform, args: Args) -> Json:
    """The app's bot."""
    if args.text("bot", BOT_ID) != BOT_ID:
        raise SlackError("bot_not_found")
    name = platform.workspace.people[BOT_USER].name
    return {"bot": {"id": BOT_ID, "app_id": APP_ID, "user_id": BOT_USER, "name": name, "deleted": False}}


@method("team.info", "team:read")
def team_info(platform: Platform, args: Args) -> Json:
    """A workspace that shares a channel with the app's, or its own."""
    team = platform.workspace.teams.get(args.text("team", HOME_TEAM))
    if team is None:
        raise SlackError("team_not_found")
    return {"team": {"id": team.id, "name": team.name, "domain": team.name.casefold().replace(" ", "-")}}
