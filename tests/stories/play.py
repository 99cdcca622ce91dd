"""How does a story read? People do things in words, the clock moves, and a channel is looked at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.blocks import texts_of
from tests.sandbox.script import Script

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as it stands in the workspace."""

    channel: str
    ts: str
    thread: str | None
    at: datetime
    name: str
    kind: str
    id: str
    text: str
    words: str
    edited: bool
    blocks: tuple[Json, ...]

    @classmethod
    def of(cls, message: Json) -> "Seen":
        metadata = message["metadata"] or {}
        texts = [message["text"], *texts_of(message["blocks"])]
        return cls(
            channel=message["channel_name"],
            ts=message["ts"],
            thread=message["thread_ts"],
            at=datetime.fromisoformat(message["at"]),
            name=message["name"],
            kind=str(metadata.get("event_type", "")).removeprefix("watchbell_"),
            id=str((metadata.get("event_payload") or {}).get("id", "")),
            text=message["text"],
            words="\n".join(texts),
            edited=message["edited"],
            blocks=tuple(message["blocks"] or ()),
        )

    def offers(self, label: str) -> bool:
        """Whether it bears a button with this label."""
        elements = [each for block in self.blocks for each in block.get("elements", ())]
        elements += [block["accessory"] for block in self.blocks if "accessory" in block]
        return label in [each["text"]["text"] for each in elements if each["type"] == "button"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody got for what they did."""

    body: Json

    @property
    def response(self) -> str:
        """The answer to a command, or what was shown only to this person."""
        return "\n".join([self.body.get("response") or "", *self.body.get("ephemeral", ())]).strip()

    @property
    def form(self) -> str | None:
        """The title of the form that is open now."""
        title: str | None = self.body["view"]
        return title

    @property
    def form_says(self) -> str:
        """All the words of the form that is open now, with what is filled in already."""
        modal: Json = self.body["modal"] or {"blocks": []}
        blocks: list[Json] = modal["blocks"]
        filled = [str((block.get("element") or {}).get("initial_value") or "") for block in blocks]
        return "\n".join([*texts_of(blocks), *filled])

    @property
    def errors(self) -> dict[str, str]:
        """The refused fields by label, each with its sentence."""
        found: dict[str, str] = self.body.get("errors") or {}
        return found

    @property
    def ts(self) -> str:
        """The message that was written or clicked."""
        return str(self.body["ts"])


class RefusedByWorkspaceError(AssertionError):
    """The workspace would not let somebody do that."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the workspace, doing things."""

    handle: str
    script: Script

    def does(self, **what: Any) -> Answer:
        """One act as the workspace takes it, and everything that follows from it."""
        body = self.script.act(self.handle, **what)
        if not body["ok"]:
            raise RefusedByWorkspaceError(f"{self.handle} {what}: {body['error']}")
        return Answer(body)

    def posts(self, text: str, channel: str = "acme", **more: Any) -> Answer:
        return self.does(post=text, channel=channel, **more)

    def edits(self, ts: str, text: str, channel: str = "acme") -> Answer:
        return self.does(edit=text, ts=ts, channel=channel)

    def deletes(self, ts: str, channel: str = "acme") -> Answer:
        return self.does(delete=ts, channel=channel)

    def types(self, command: str, channel: str = "triage") -> Answer:
        return self.does(command=command, channel=channel)

    def clicks(self, label: str, channel: str | None = None, **more: Any) -> Answer:
        return self.does(click=label, **({"channel": channel} if channel else {}), **more)

    def sends(self, values: Mapping[str, object] | None = None) -> Answer:
        return self.does(submit=dict(values or {}))

    def reacts(self, emoji: str, ts: str, channel: str = "acme") -> Answer:
        return self.does(react=emoji, ts=ts, channel=channel)

    def uses(self, shortcut: str, ts: str, channel: str = "acme") -> Answer:
        return self.does(shortcut=shortcut, ts=ts, channel=channel)

    @property
    def room(self) -> str:
        """The direct messages between this person and the bot."""
        return f"@{self.handle}"


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as it stands."""

    name: str
    script: Script

    def messages(self, kind: str | None = None, text: str = "") -> list[Seen]:
        """What stands there, oldest first: of one kind, and with these words."""
        found = [Seen.of(each) for each in self.script.messages(self.name) if not each["deleted"]]
        return [each for each in found if kind in (None, each.kind) and text.casefold() in each.words.casefold()]

    def one(self, kind: str | None = None, text: str = "") -> Seen:
        """The only such message; fails with what is there instead."""
        found = self.messages(kind, text)
        assert len(found) == 1, f"{len(found)} of {kind} {text!r} in {self.name}; there is:\n{self.told()}"
        return found[0]

    def last(self, kind: str | None = None, text: str = "") -> Seen:
        """The newest such message."""
        found = self.messages(kind, text)
        assert found, f"no {kind} {text!r} in {self.name}; there is:\n{self.told()}"
        return found[-1]

    def told(self) -> str:
        """Everything there, a line a message."""
        return "\n".join(f"{each.at:%a %H:%M:%S} {each.kind or each.name}: {each.text}" for each in self.messages())


class Play:
    """The whole workspace in the hands of a test."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.script = Script(url)
        self.cy, self.dee, self.gil = self.person("cy"), self.person("dee"), self.person("gil")
        self.ana, self.bo, self.kai = self.person("ana"), self.person("bo"), self.person("kai")
        self.mei, self.vic, self.una = self.person("mei"), self.person("vic"), self.person("una")
        self.acme, self.globex = self.channel("acme"), self.channel("globex")
        self.triage, self.operations = self.channel("triage"), self.channel("operations")

    def person(self, handle: str) -> Person:
        return Person(handle, self.script)

    def channel(self, name: str) -> Channel:
        return Channel(name, self.script)

    def inbox(self, person: Person) -> Channel:
        """The direct messages that somebody got from the bot."""
        return Channel(person.room, self.script)

    def now(self) -> datetime:
        return datetime.fromisoformat(self.script.clock()["now"])

    def advance(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass, over every deadline on the way."""
        for_ = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        moved = self.script.clock(advance=for_.total_seconds())
        assert moved["ok"], moved

    def settle(self) -> None:
        self.advance()

    def misbehave(self, **fault: Any) -> None:
        """Order a misbehaviour of Slack's."""
        told = self.script.ask("/faults", fault)
        assert told["ok"], told

    def everything(self) -> list[Seen]:
        """Every message that stands anywhere, oldest first."""
        return [Seen.of(each) for each in self.script.messages() if not each["deleted"]]

    def by_bot(self) -> list[Seen]:
        """Every message of the bot's."""
        return [each for each in self.everything() if each.name == "Watchbell"]

    def only_to(self, person: Person) -> list[str]:
        """What was shown to somebody alone, anywhere."""
        asked = {"as": person.handle}
        return [each["text"] for each in self.script.messages(**asked) if each["ephemeral_to"]]


def doubled(messages: Iterable[Seen]) -> list[str]:
    """What stands twice: by its opaque id, or by place and words."""
    ids: dict[str, Seen] = {}
    words: dict[tuple[str, str | None, str], Seen] = {}
    found = []
    for each in messages:
        if each.id and ids.setdefault(each.id, each) is not each:
            found.append(f"{each.channel} id {each.id}: {each.text}")
        # An edit may end two messages alike: the pages that went by.
        if not each.edited and words.setdefault((each.channel, each.thread, each.text), each) is not each:
            found.append(f"{each.channel} words: {each.text}")
    return found
