"""What does a person do, said in words: who posts, clicks, fills in and submits what?"""

from collections.abc import Awaitable, Callable

from bot.sandbox import interactions, labels
from bot.sandbox.api.files import as_slack, new_file
from bot.sandbox.errors import Mistake, SlackError
from bot.sandbox.message import Message
from bot.sandbox.platform import Platform
from bot.sandbox.seed import HOME_TEAM, Channel, Person
from bot.sandbox.state import option_called
from bot.sandbox.views import View, inputs_of
from bot.sandbox.wire import Json

LONGEST_MESSAGE = 40_000


class Acts:
    """One act of one person, as POST /act takes it."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._kinds: dict[str, Callable[[Person, Json], Awaitable[Json]]] = {
            "post": self._post,
            "edit": self._edit,
            "delete": self._delete,
            "command": self._command,
            "click": self._click,
            "submit": self._submit,
            "close": self._close,
            "react": self._react,
            "unreact": self._react,
            "shortcut": self._shortcut,
            "home": self._home,
        }

    async def act(self, asked: Json) -> Json:
        """Does it and, unless `wait` is false, settles before answering; raises Mistake with one clear sentence.

        Beside what each act answers: `ephemeral`, the texts shown only to this person since; `view`, the title of the
        modal now open, or null; `modal`, that modal itself.
        """
        platform = self._platform
        person = platform.workspace.find_person(asked.get("as", ""))
        kind = next((key for key in self._kinds if key in asked), None)
        if kind is None:
            raise Mistake(f"say what {person.name} does: one of {', '.join(self._kinds)}")
        since = platform.new_ts()
        platform.touch()
        try:
            answer = await self._kinds[kind](person, asked)
        except SlackError as refused:
            raise Mistake(f"Slack refuses: {refused.code}") from None
        finally:
            if asked.get("wait", True):
                await platform.timekeeper.settle()
        top = platform.views.top(person.id)
        shown = [m.text for m in platform.workspace.ephemerals if m.ephemeral_to == person.id and m.ts > since]
        seen = {"ephemeral": shown, "view": top.title if top else None, "modal": top.as_slack() if top else None}
        return {"ok": True, **answer, **seen}

    def _channel(self, person: Person, asked: Json) -> Channel:
        if "channel" not in asked:
            raise Mistake("say in which `channel`")
        channel = self._platform.workspace.find_channel(asked["channel"], person=person)
        if person.id not in channel.members:
            raise Mistake(f"{person.name} is not in {self._platform.workspace.channel_name(channel.id)}")
        if channel.archived:
            raise Mistake(f"{self._platform.workspace.channel_name(channel.id)} is archived: it can only be read")
        return channel

    def _message(self, person: Person, asked: Json, key: str = "ts") -> Message:
        channel = self._channel(person, asked)
        ts = str(asked.get(key) or "last")
        if ts == "last":
            return self._platform.workspace.newest_root(channel.id)
        try:
            return self._platform.workspace.message(channel.id, ts)
        except SlackError:
            name = self._platform.workspace.channel_name(channel.id)
            raise Mistake(f"there is no message {ts} in {name}") from None

    async def _post(self, person: Person, asked: Json) -> Json:
        platform = self._platform
        channel = self._channel(person, asked)
        thread_ts = None
        if asked.get("thread"):
            root = self._message(person, asked, "thread")
            thread_ts = root.thread_ts or root.ts
        text = platform.typed(str(asked["post"] or ""))
        if not text.strip() and not asked.get("files"):
            raise Mistake("a message needs words or a file")
        if len(text) > LONGEST_MESSAGE:
            raise Mistake("a message is at most 40,000 characters long")
        message = Message(
            channel=channel.id,
            ts=platform.new_ts(),
            user=person.id,
            text=text,
            team=person.team,
            thread_ts=thread_ts,
            client_msg_id=f"local-{next(platform.client_ids)}",
            files=[self._file(person, given) for given in asked.get("files") or []],
        )
        platform.say(message)
        platform.workspace.read_up_to[person.id, channel.id] = message.ts
        return {"ts": message.ts, "channel": channel.id}

    def _file(self, person: Person, given: Json) -> Json:
        content = str(given.get("content", "")).encode()
        name = str(given.get("name", "file.txt"))
        return as_slack(new_file(self._platform, name=name, size=len(content), user=person.id, content=content))

    def _own(self, person: Person, asked: Json) -> Message:
        message = self._message(person, asked)
        if message.user != person.id:
            raise Mistake(f"{person.name} did not write that message")
        return message

    async def _edit(self, person: Person, asked: Json) -> Json:
        message = self._own(person, asked)
        text = self._platform.typed(str(asked["edit"]))

        def change(changed: Message) -> None:
            changed.text = text

        self._platform.edit(message, change)
        return {"ts": message.ts, "channel": message.channel}

    async def _delete(self, person: Person, asked: Json) -> Json:
        ts = asked["delete"]
        message = self._own(person, asked | {"ts": asked.get("ts") if ts is True else ts})
        self._platform.remove(message)
        return {"ts": message.ts, "channel": message.channel}

    async def _command(self, person: Person, asked: Json) -> Json:
        if person.team == HOME_TEAM:
            channel = self._channel(person, asked if "channel" in asked else asked | {"channel": "@bot"})
        else:
            channel = self._platform.workspace.open_dm(person)
        response = await interactions.run_command(self._platform, person, channel, str(asked["command"]))
        return {"response": response}

    async def _click(self, person: Person, asked: Json) -> Json:
        channel = self._channel(person, asked) if "channel" in asked else None
        places = labels.places_of(self._platform, person, channel=channel, ts=asked.get("ts"), text=asked.get("text"))
        if asked.get("at") == "home":
            shown = self._platform.views.homes.get(person.id)
            places = iter([shown] if shown else [])
        target = labels.find(places, str(asked["click"]), asked.get("value"))
        await self._supplied(person, target.place, target.element, target.choice)
        await interactions.click(self._platform, person, target.place, target.element, target.choice)
        if isinstance(target.place, Message):
            return {"ts": target.place.ts, "channel": target.place.channel}
        return {}

    def _top(self, person: Person) -> View:
        top = self._platform.views.top(person.id)
        if top is None:
            raise Mistake(f"{person.name} has no form open")
        return top

    async def _submit(self, person: Person, asked: Json) -> Json:
        view = self._top(person)
        values = asked["submit"] if isinstance(asked["submit"], dict) else {}
        state = labels.filled(self._platform, view, values)
        for block, element in inputs_of(view.body["blocks"]):
            if entry := state.get(block["block_id"], {}).get(element["action_id"]):
                await self._supplied(person, view, element | {"block_id": block["block_id"]}, entry)
        errors = await interactions.submit(self._platform, person, view, state)
        return {"errors": labels.errors_by_label(view, errors)}

    async def _supplied(self, person: Person, place: Message | View, element: Json, entry: Json) -> None:
        """Puts options that the app supplies in the place of their words, as its menu would have shown them."""
        if "external" not in element["type"]:
            return
        if isinstance(given := entry.get("selected_options"), list):
            entry["selected_options"] = [await self._option(person, place, element, each) for each in given]
        elif entry.get("selected_option"):
            entry["selected_option"] = await self._option(person, place, element, entry["selected_option"])

    async def _option(self, person: Person, place: Message | View, element: Json, given: object) -> Json:
        if isinstance(given, dict):
            return given
        offered = await interactions.options(self._platform, person, place, element, str(given))
        return option_called({"options": offered}, str(given))

    async def _close(self, person: Person, _asked: Json) -> Json:
        await interactions.close(self._platform, person, self._top(person))
        return {}

    async def _react(self, person: Person, asked: Json) -> Json:
        added = "react" in asked
        name = str(asked["react" if added else "unreact"]).strip(":")
        message = self._message(person, asked)
        self._platform.react(message, name, person, added=added)
        return {"ts": message.ts, "channel": message.channel}

    async def _shortcut(self, person: Person, asked: Json) -> Json:
        message = self._message(person, asked) if "ts" in asked else None
        await interactions.use_shortcut(self._platform, person, str(asked["shortcut"]), message)
        return {}

    async def _home(self, person: Person, _asked: Json) -> Json:
        platform = self._platform
        channel = platform.workspace.open_dm(person)
        event: Json = {"type": "app_home_opened", "user": person.id, "channel": channel.id, "tab": "home"}
        event["event_ts"] = platform.new_ts()
        if home := platform.views.homes.get(person.id):
            event["view"] = home.as_slack()
        platform.event(event, channel=None, actor_team=person.team)
        return {}
