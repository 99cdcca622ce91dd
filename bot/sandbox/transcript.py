"""How does a story read while it is played?"""

import re
import textwrap
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.sandbox.wire import Json

_TAG = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_MARKS = {"changed": "(edited) ", "deleted": "(deleted) ", "ephemeral": "(only to {}) "}
WIDTH = 140


class Transcript:
    """Prints one line a message or act: `Mon 09:00:00  #acme  Watchbell  words`, in UTC."""

    def __init__(self, out: Callable[[str], None], *, names: Mapping[str, str]) -> None:
        self._out = out
        self._names = names

    def entry(self, entry: Json) -> None:
        """A message that came, changed or went."""
        message = entry["message"]
        whom = self._names.get(message["ephemeral_to"] or "", "")
        mark = _MARKS.get(entry["kind"], "").format(whom)
        if message["thread_ts"] and message["thread_ts"] != message["ts"]:
            mark = "↳ " + mark
        head = f"{_moment(entry['at'])}  {message['channel_name']:<12}  {message['name']:<12}  "
        self._wrapped(head, mark + self.plain(message["text"]))

    def act(self, at: str, who: str, does: str) -> None:
        """Something that a person does and that is no message."""
        self._out(f"{_moment(at)}  {who} {does}")

    def note(self, text: str) -> None:
        """What the reader is told."""
        self._out("")
        for line in textwrap.wrap(text, WIDTH - 2):
            self._out(f"  {line}")
        self._out("")

    def line(self, text: str) -> None:
        """A line as it is."""
        self._out(text)

    def plain(self, text: str) -> str:
        """Slack's text with names for references and its three escapes undone."""

        def shown(found: re.Match[str]) -> str:
            target = found[1]
            if target.startswith("@"):
                return "@" + self._names.get(target[1:], found[2] or target[1:])
            return found[2] or target

        text = _TAG.sub(shown, text)
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    def _wrapped(self, head: str, text: str) -> None:
        indent = " " * len(head)
        lines = [line for part in text.splitlines() for line in textwrap.wrap(part, WIDTH - len(head)) or [""]]
        for number, line in enumerate(lines or [""]):
            self._out((indent if number else head) + line)


def _moment(at: str) -> str:
    return datetime.fromisoformat(at).strftime("%a %H:%M:%S")
