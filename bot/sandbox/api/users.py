"""users.*: who is this person, and which workspace do they come from?"""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.api.registry import Args, method, page_of, person_of
from bot.sandbox.errors import SlackError
from bot.sandbox.platform import Platform
from bot.sandbox.seed import APP_ID, BOT_ID, HOME_TEAM, Person
from bot.sandbox.wire import Json


def as_slack(platform: Platform, person: Person, *, now: datetime) -> Json:
    """The user object; people of another workspace have no locale and no mail address in it."""
    own = person.team == HOME_TEAM
    offset = now.astimezone(ZoneInfo(person.tz)).utcoffset()
    profile: Json = {
        "real_name": person.name,
        "real_name_normalized": person.name,
        "display_name": person.handle,
        "display_name_normalized": person.handle,
        "team": person.team,
        "avatar_hash": "local",
        "status_text": "",
        "status_emoji": "",
    }
    if own and not person.is_bot and _grants(platform, "users:read.email"):
        profile["email"] = f"{person.handle}@watchbell.example"
    if person.is_bot:
        profile |= {"bot_id": BOT_ID, "api_app_id": APP_ID}
    shown: Json = {
        "id": person.id,
        "team_id": person.team,
        "name": person.handle,
        "real_name": person.name,
        "deleted": False,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "updated": 1,
    }
    if own:
        return shown | {"is_admin": False, "is_owner": False, "locale": "en-US"}
    return shown | {"is_stranger": not _shares_channel(platform, person)}


def _grants(platform: Platform, scope: str) -> bool:
    return not platform.manifest.given or scope in platform.manifest.scopes


def _shares_channel(platform: Platform, person: Person) -> bool:
    return any(channel.kind == "channel" for channel in platform.workspace.channels_of(person))


@method("users.info", "users:read", per_minute=100)
def info(platform: Platform, args: Args) -> Json:
    """One person."""
    return {"user": as_slack(platform, person_of(platform, args), now=platform.now)}


@method("users.list", "users:read", per_minute=20)
def list_users(platform: Platform, args: Args) -> Json:
    """The people of the app's own workspace, by pages."""
    own = [person for person in platform.workspace.people.values() if person.team == HOME_TEAM]
    page, further = page_of(own, args)
    return {"members": [as_slack(platform, person, now=platform.now) for person in page], **further}


@method("users.lookupByEmail", "users:read.email")
def lookup(platform: Platform, args: Args) -> Json:
    """The person of the app's own workspace with this mail address."""
    handle, _, domain = args.text("email", error="users_not_found").casefold().partition("@")
    for person in platform.workspace.people.values():
        if person.handle == handle and domain == "watchbell.example" and person.team == HOME_TEAM:
            return {"user": as_slack(platform, person, now=platform.now)}
    raise SlackError("users_not_found")


@method("users.profile.get", "users.profile:read", per_minute=100)
def profile(platform: Platform, args: Args) -> Json:
    """One person's profile."""
    return {"profile": as_slack(platform, person_of(platform, args), now=platform.now)["profile"]}


@method("users.getPresence", "users:read")
def presence(platform: Platform, args: Args) -> Json:
    """Everybody is at their desk."""
    person_of(platform, args)
    return {"presence": "active"}
