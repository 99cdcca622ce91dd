"""What happens when a person runs a command, clicks, chooses, submits, closes or uses a shortcut?

Everything here is by id, as a browser has it; `acts` finds the ids by visible label.
"""

from bot.sandbox import payloads
from bot.sandbox.api.files import as_slack, new_file
from bot.sandbox.api.registry import Args
from bot.sandbox.blocks import accept, elements_in
from bot.sandbox.errors import Mistake, SlackError
from bot.sandbox.message import Message
from bot.sandbox.platform import Platform
from bot.sandbox.seed import BOT_USER, HOME_TEAM, Channel, Person
from bot.sandbox.sockets import Answer
from bot.sandbox.state import VALUE_KEYS, is_filled
from bot.sandbox.views import View, inputs_of
from bot.sandbox.wire import Json

REQUIRED = "Please complete this required field."


def _said_nothing(what: str, answer: Answer) -> Mistake:
    why = {"no_connection": "the app is not connected", "timeout": "the app did not answer within 3 seconds"}
    return Mistake(f"{what} failed: {why.get(answer.reason, answer.reason)}")


async def run_command(platform: Platform, person: Person, channel: Channel, line: str) -> str | None:
    """Runs `/command text`; the text that the app answered at once, None where it answered nothing.

    Raises Mistake for people of another workspace (they have no slash commands), an unknown command or a silent app.
    """
    name, _, text = line.strip().partition(" ")
    if person.team != HOME_TEAM:
        home = platform.workspace.teams[HOME_TEAM].name
        raise Mistake(f"slash commands exist only in the {home} workspace, and {person.name} is not in it")
    if not name.startswith("/") or not platform.manifest.knows_command(name):
        raise Mistake(f"{name} is not a valid command")
    written = platform.typed(text.strip(), for_command=name)
    payload = payloads.command(platform, person, channel, name, written)
    answer = await platform.courier.interaction("slash_commands", payload)
    if not answer.acked:
        raise _said_nothing(name, answer)
    return show_reply(platform, answer.payload, channel=channel.id, person=person.id)


def show_reply(platform: Platform, reply: Json | str | None, *, channel: str, person: str) -> str | None:
    """Shows what the app answered to a command or at a response_url: to that person, or to the channel."""
    if isinstance(reply, str):
        reply = {"text": reply}
    if not reply or not (reply.get("text") or reply.get("blocks")):
        return None
    args = Args(reply)
    message = Message(
        channel=channel,
        ts=platform.new_ts(),
        user=BOT_USER,
        text=args.text("text", ""),
        team=HOME_TEAM,
        blocks=accept(args.json("blocks"), surface="message"),
        thread_ts=args.text("thread_ts", "") or None,
    )
    if reply.get("response_type") != "in_channel":
        message.ephemeral_to = person
    platform.say(message)
    return message.text


def respond(platform: Platform, token: str, body: Json) -> None:
    """Takes what the app posts to a response_url; raises SlackError where that is used up or too old."""
    url = platform.response_urls.get(token)
    if url is None:
        raise SlackError("expired_url")
    url.use(now=platform.now)
    args, original = Args(body), url.message
    if original is not None and args.flag("delete_original"):
        _replace(platform, original, None)
    elif original is not None and args.flag("replace_original"):
        _replace(platform, original, args)
    elif show_reply(platform, body, channel=url.channel, person=url.user) is None:
        raise SlackError("no_text")


def _replace(platform: Platform, message: Message, args: Args | None) -> None:
    blocks = accept(args.json("blocks"), surface="message") if args else []
    text = args.text("text", "") if args else ""

    def change(changed: Message) -> None:
        changed.text, changed.blocks = text, blocks

    if message.ephemeral_to is None:
        if args is None:
            platform.remove(message)
        else:
            platform.edit(message, change)
        return
    platform.touch()
    change(message)
    message.deleted = args is None
    platform.show("deleted" if args is None else "ephemeral", message)


def blocks_of(place: Message | View) -> list[Json]:
    """The blocks of a message or a view."""
    return place.blocks if isinstance(place, Message) else list(place.body["blocks"])


def find_element(place: Message | View, block_id: str, action_id: str) -> Json:
    """An element by its ids, its block's id beside it; raises Mistake where it is no longer there.

    An edit gives blocks that name no id of their own new ones: who clicked as it came meant the element that took its
    place, where there is just one of that action.
    """
    found = [
        element | {"block_id": block["block_id"]}
        for block in blocks_of(place)
        for element in elements_in(block)
        if element["action_id"] == action_id
    ]
    same = [element for element in found if element["block_id"] == block_id]
    if not same and len(found) != 1:
        raise Mistake("that button is no longer there")
    return (same or found)[0]


async def click(platform: Platform, person: Person, place: Message | View, element: Json, chosen: Json) -> None:
    """A click, or a choice (`chosen` is its state entry); raises Mistake where the app does not answer."""
    state = platform.state_of(place, person)
    kept = {key: chosen[key] for key in VALUE_KEYS & chosen.keys()}
    action: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": element["block_id"]}
    if element["type"] == "button":
        action |= {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    else:
        action |= kept
        if element["type"] != "overflow":
            state.setdefault(element["block_id"], {})[element["action_id"]] = {"type": element["type"], **kept}
    payload = payloads.block_actions(platform, person, place, action, state=state)
    answer = await platform.courier.interaction("interactive", payload)
    if not answer.acked:
        raise _said_nothing("the click", answer)


async def submit(platform: Platform, person: Person, view: View, state: Json) -> dict[str, str]:
    """Sends a modal's form; errors by block_id, empty where it was taken. Required fields are checked as Slack does."""
    for block_id, actions in state.items():
        kept = {name: _uploaded(platform, person, entry) for name, entry in actions.items()}
        view.state.setdefault(block_id, {}).update(kept)
    errors = _missing(view)
    if errors:
        return errors
    answer = await platform.courier.interaction("interactive", payloads.view_submission(platform, person, view))
    if not answer.acked:
        raise _said_nothing("the form", answer)
    reply = answer.payload if isinstance(answer.payload, dict) else {}
    try:
        return _after_submission(platform, view, reply)
    except SlackError as refused:
        raise Mistake(f"the app answered the form with a view that Slack refuses: {refused.messages}") from None


def _uploaded(platform: Platform, person: Person, entry: Json) -> Json:
    """A field as it stands; files that somebody chose are uploaded first, as Slack does, and stand there as files."""
    if entry.get("type") != "file_input":
        return entry
    files = []
    for given in entry.get("files") or []:
        known = given if isinstance(given, dict) else {"name": str(given)}
        content = str(known.get("content", "")).encode()
        name, size = str(known.get("name", "file.txt")), int(known.get("size") or len(content))
        files.append(as_slack(new_file(platform, name=name, size=size, user=person.id, content=content)))
    return {**entry, "files": files}


def _missing(view: View) -> dict[str, str]:
    errors = {}
    for block, element in inputs_of(view.body["blocks"]):
        entry = view.state.get(block["block_id"], {}).get(element["action_id"], {})
        text = entry.get("value")
        if not is_filled(entry):
            if not block.get("optional"):
                errors[block["block_id"]] = REQUIRED
        elif isinstance(text, str) and not element.get("min_length", 0) <= len(text) <= element.get("max_length", 3000):
            most = element.get("max_length", 3000)
            errors[block["block_id"]] = f"Must be between {element.get('min_length', 0)} and {most} characters."
    return errors


def _after_submission(platform: Platform, view: View, reply: Json) -> dict[str, str]:
    action = reply.get("response_action")
    if action == "errors":
        errors = {str(key): str(value) for key, value in (reply.get("errors") or {}).items()}
        known = {block["block_id"] for block, _ in inputs_of(view.body["blocks"])}
        if not errors or errors.keys() - known:
            raise Mistake(f"the app named errors for blocks that the form does not have: {sorted(errors)}")
        return errors
    if action == "update":
        platform.views.update(view, reply.get("view"))
    elif action == "push":
        platform.views.push(view.user, reply.get("view"))
    else:
        platform.views.close(view, every=action == "clear")
    platform.push_modal(view.user)
    return {}


async def close(platform: Platform, person: Person, view: View, *, every: bool = False) -> None:
    """Closes a modal; the app hears of it where the modal asks for that."""
    platform.views.close(view, every=every)
    platform.push_modal(person.id)
    if view.body.get("notify_on_close"):
        payload = payloads.view_closed(platform, person, view, cleared=every)
        await platform.courier.interaction("interactive", payload)


async def use_shortcut(platform: Platform, person: Person, name: str, message: Message | None) -> None:
    """A shortcut by its visible name; raises Mistake for people of another workspace, who have none."""
    if person.team != HOME_TEAM:
        home = platform.workspace.teams[HOME_TEAM].name
        raise Mistake(f"shortcuts exist only in the {home} workspace, and {person.name} is not in it")
    known = platform.manifest.shortcut_called(name)
    if known is None and platform.manifest.given:
        raise Mistake(f"there is no shortcut {name!r}")
    callback_id = str(known["callback_id"]) if known else name
    if message is None:
        payload = payloads.shortcut(platform, person, callback_id)
    else:
        payload = payloads.message_action(platform, person, callback_id, message)
    answer = await platform.courier.interaction("interactive", payload)
    if not answer.acked:
        raise _said_nothing("the shortcut", answer)


async def options(platform: Platform, person: Person, place: Message | View, element: Json, typed: str) -> list[Json]:
    """The options that the app offers for what was typed in an external select."""
    payload = payloads.suggestion(platform, person, place, element, typed=typed)
    answer = await platform.courier.interaction("interactive", payload)
    reply = answer.payload if isinstance(answer.payload, dict) else {}
    grouped = [option for group in reply.get("option_groups") or [] for option in group.get("options", [])]
    return [*(reply.get("options") or []), *grouped]
