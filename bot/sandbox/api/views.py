"""views.*: how does the app open, stack, change and publish what a person has before them?"""

from bot.sandbox.api.registry import Args, method, person_of
from bot.sandbox.errors import SlackError
from bot.sandbox.platform import Platform
from bot.sandbox.wire import Json


@method("views.open", per_minute=100, writes=True)
def open_view(platform: Platform, args: Args) -> Json:
    """A modal, by a trigger id that is three seconds old at most and was not used before."""
    user = platform.views.spend_trigger(args.text("trigger_id"))
    view = platform.views.open(user, args.json("view"))
    platform.push_view(view)
    return {"view": view.as_slack()}


@method("views.push", per_minute=100, writes=True)
def push_view(platform: Platform, args: Args) -> Json:
    """A modal on top of the one whose button was clicked."""
    user = platform.views.spend_trigger(args.text("trigger_id"))
    view = platform.views.push(user, args.json("view"))
    platform.push_view(view)
    return {"view": view.as_slack()}


@method("views.update", per_minute=100, writes=True)
def update_view(platform: Platform, args: Args) -> Json:
    """Other content for an open modal; refused with hash_conflict where it changed meanwhile."""
    view_id, external_id = args.text("view_id", ""), args.text("external_id", "")
    if not view_id and not external_id:
        raise SlackError("invalid_arguments", "[ERROR] missing required field: view_id")
    view = platform.views.find(view_id, external_id)
    platform.views.update(view, args.json("view"), expected_hash=args.text("hash", "") or None)
    platform.push_view(view)
    return {"view": view.as_slack()}


@method("views.publish", per_minute=100, writes=True)
def publish_view(platform: Platform, args: Args) -> Json:
    """A person's home tab."""
    person = person_of(platform, args, "user_id")
    view = platform.views.publish(person.id, args.json("view"), expected_hash=args.text("hash", "") or None)
    platform.push_view(view)
    return {"view": view.as_slack()}
