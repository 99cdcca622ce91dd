"""How does somebody press everything that the desk offers, and fill in whatever opens with the strangest words?"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.messages.directory import GONE
from tests.stories.play import Answer, Json, Person, Play, Seen

FAILED = ("Something went wrong on my side", "Slack gave me no time", "could not be sent")
"""What nobody may read, whatever they wrote."""

PLAIN = "It is as it is"
SUMMARY = 2900
USUAL = {
    "datepicker": ("initial_date", "2026-02-02"),
    "users_select": ("initial_user", "kai"),
    "conversations_select": ("initial_conversation", "triage"),
}
"""For each kind of field where what stands in it already is written, and what fits otherwise."""

MOMENT, HOUR = 1_769_990_400, 3600
"""The first of a form's moments, in seconds as Slack takes them; each further one is an hour later."""

ROUNDS = 12
"""How often a form is corrected before it must be taken."""


@dataclass
class Stranger:
    """Hands that press and fill in, and the names of the forms that were sent."""

    play: Play
    words: Iterator[str]
    sent: set[str] = field(default_factory=set)

    def writes(self, who: Person, before: str = "", *, channel: str = "acme", thread: str | None = None) -> str:
        """Let somebody write in a channel; gives the message's ts."""
        more = {"thread": thread} if thread else {}
        return who.posts(f"{before}{next(self.words)}", channel, **more).ts

    def types(self, who: Person, command: str, channel: str = "triage") -> None:
        """Let somebody use a command, and send the form that it opens, if it does."""
        line = f"{command} A {next(self.words)[:SUMMARY]}"
        self.fills(who, who.types(line, channel))

    def presses(self, who: Person, action: str, entry: str = "", *, ts: str | None = None) -> None:
        """Press the newest such button that they have, or choose from such a menu, and send the form that opens."""
        found = self._find(who, action, entry, ts)
        if not found:
            # Slack takes one message a second in a channel, and much is on its way.
            self.play.advance(minutes=1)
            found = self._find(who, action, entry, ts)
        assert found, f"{who.handle} is offered no {action} {entry}"
        self.fills(who, who.clicks(found[1], found[0].channel, ts=found[0].ts))

    def presses_all(self, who: Person, action: str) -> None:
        """Press every such button that they have."""
        while found := self._find(who, action, "", None):
            self.fills(who, who.clicks(found[1], found[0].channel, ts=found[0].ts))

    def _find(self, who: Person, action: str, entry: str, ts: str | None) -> tuple[Seen, str] | None:
        rooms = self.play.script.ask("/channels")["channels"]
        theirs = {each["name"] for each in rooms if f"U0{who.handle.upper()}" in each["members"]}
        # A card stands in the triage channel; all that was written anywhere is much to read.
        read = self.play.triage.messages() if ts else self.play.everything()
        for message in reversed(read):
            if ts in (None, message.ts) and message.channel.lstrip("#@") in theirs:
                label = _label(message.blocks, action, entry)
                if label:
                    return message, label
        return None

    def at_home(self, who: Person, action: str, entry: str = "") -> None:
        """Press such a button of the home tab, and send the form that opens."""
        home = self.play.script.ask(f"/page/state?as={who.handle}")["home"]
        label = _label(home["blocks"], action, entry)
        assert label, f"{who.handle} is not offered {action} {entry} at home"
        self.fills(who, who.clicks(label, at="home"))

    def fills(self, who: Person, answer: Answer) -> None:
        """Fill in what is open, and what opens in its place; fields that are refused get plain words."""
        refused: set[str] = set()
        for _ in range(ROUNDS):
            told = "\n".join([answer.response, *answer.errors.values()])
            assert not any(words in told for words in FAILED), told
            modal = answer.body["modal"]
            if not modal or not modal["submit"]:
                break
            self.sent.add(modal["callback_id"])
            answer = who.sends(_values(modal, self.words, refused))
            refused |= answer.errors.keys()
        assert not answer.errors, (answer.form, answer.errors)
        if answer.form:
            assert not answer.body["modal"]["submit"], answer.form_says
            who.does(close=True)


def _label(blocks: Any, action: str, entry: str) -> str | None:
    """How such a button, or the entry of such a menu, reads; None where there is none."""
    for element in _elements(blocks):
        if element["action_id"] == action:
            for each in element.get("options", [element]):
                if each["value"].startswith(entry and f"{entry}:"):
                    return str(each["text"]["text"])
    return None


def _elements(blocks: Any) -> Iterator[Json]:
    for block in blocks:
        yield from (each for each in block.get("elements", ()) if "action_id" in each)
        if "action_id" in block.get("accessory", {}):
            yield block["accessory"]


def _values(modal: Json, words: Iterator[str], refused: set[str]) -> dict[str, object]:
    """A value for each field of a form by its label."""
    found: dict[str, object] = {}
    for block in modal["blocks"]:
        if block["type"] == "input" and block["block_id"] != GONE:
            label = block["label"]["text"]
            plain = _plain(block["element"], needed=not block.get("optional"))
            if block["element"]["type"] == "datetimepicker":
                plain = MOMENT + HOUR * len(found)
            found[label] = plain if label in refused else _strange(block["element"], words) or plain
    return found


def _strange(element: Json, words: Iterator[str]) -> object:
    match element["type"]:
        case "plain_text_input":
            return next(words)[: element.get("max_length", 3000)]
        case "static_select":
            return _options(element)[-1]
        case "multi_static_select" | "checkboxes":
            return _options(element)
        case "file_input":
            return [{"name": next(words)[:200] or "x", "content": "x"}]
        case _:
            return None


def _plain(element: Json, *, needed: bool) -> object:
    """What stands in a field already, or else what always fits."""
    kind = element["type"]
    if kind == "plain_text_input":
        return element.get("initial_value") or (PLAIN if needed else None)
    if kind == "static_select":
        return (element.get("initial_option") or {}).get("value") or _options(element)[0]
    if kind in {"multi_static_select", "checkboxes"}:
        return _options(element)[:1]
    key, usual = USUAL.get(kind, ("", None))
    return element.get(key) or usual


def _options(element: Json) -> list[str]:
    groups = element.get("option_groups") or [element]
    return [option["value"] for group in groups for option in group["options"]]
