"""What does a story file say, and where is it wrong?"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.sandbox.wire import Json

STORIES = Path(__file__).parent / "stories"
MOVES = {"after", "until", "next"}
LOOKS = {"see", "nothing"}
ACTS = {"post", "edit", "delete", "command", "click", "submit", "close", "react", "unreact", "shortcut", "home"}
BESIDE_ACT = {"in", "thread", "ts", "text", "value", "fill", "files"}
SEE = {"in", "kind", "text", "count", "apart", "from", "for", "at"}
NOTHING = {"in", "kind", "text", "after", "from"}
TOP = {"title", "start", "people", "channels", "steps"}


class StoryError(Exception):
    """A story cannot be read or played; the message begins with FILE:LINE."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its word (a person's handle, or `after`, `see` ...), what follows it, and where it stands."""

    word: str
    what: Any
    line: int


@dataclass(frozen=True, slots=True)
class Story:
    """A story, ready to be played."""

    file: str
    title: str
    start: str | None
    people: list[Json]
    channels: list[Json]
    steps: list[Step]


def find(story: str | Path) -> Path:
    """The file of a story that ships, or the path as given; raises StoryError where there is none."""
    shipped = STORIES / f"{story}.yml"
    path = shipped if shipped.is_file() else Path(story)
    if not path.is_file():
        names = ", ".join(sorted(one.stem for one in STORIES.glob("*.yml"))) or "none"
        raise StoryError(f"{story}: there is no such story; those that ship: {names}")
    return path


def read(path: Path) -> Story:
    """Reads a story file; raises StoryError that names file and line."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (yaml.MarkedYAMLError, UnicodeDecodeError) as broken:
        mark = getattr(broken, "problem_mark", None)
        raise StoryError(f"{path}:{mark.line + 1 if mark else 1}: this is not YAML") from None
    return _Reader(str(path)).story(root)


class _Reader:
    def __init__(self, file: str) -> None:
        self._file = file

    def _wrong(self, node: yaml.Node | None, what: str) -> StoryError:
        line = node.start_mark.line + 1 if node is not None else 1
        return StoryError(f"{self._file}:{line}: {what}")

    def story(self, root: yaml.Node | None) -> Story:
        if not isinstance(root, yaml.MappingNode):
            raise self._wrong(root, "a story is a mapping with `title` and `steps`")
        parts = {str(key.value): (key, value) for key, value in root.value}
        for name, (key, _) in parts.items():
            if name not in TOP:
                raise self._wrong(key, f"`{name}` is not known here; known are {', '.join(sorted(TOP))}")
        if "steps" not in parts or not isinstance(parts["steps"][1], yaml.SequenceNode):
            raise self._wrong(root, "a story needs a list of `steps`")
        plain = {name: self._plain(value) for name, (_, value) in parts.items() if name != "steps"}
        return Story(
            file=self._file,
            title=str(plain.get("title", Path(self._file).stem)),
            start=None if plain.get("start") is None else str(plain["start"]),
            people=plain.get("people") or [],
            channels=plain.get("channels") or [],
            steps=self._steps(parts["steps"][1]),
        )

    def _plain(self, node: yaml.Node) -> Any:
        """A node's value; times of day stay text, for YAML would read 10:00 as a number in base sixty."""
        if isinstance(node, yaml.MappingNode):
            return {str(key.value): self._plain(value) for key, value in node.value}
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item) for item in node.value]
        if node.tag == "tag:yaml.org,2002:bool":
            return str(node.value).casefold() in {"true", "yes", "on"}
        if node.tag == "tag:yaml.org,2002:int" and str(node.value).isdecimal():
            return int(node.value)
        return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)

    def _steps(self, node: yaml.Node) -> list[Step]:
        steps: list[Step] = []
        if not isinstance(node, yaml.SequenceNode):
            raise self._wrong(node, "steps are a list")
        for item in node.value:
            if not isinstance(item, yaml.MappingNode) or len(item.value) != 1:
                raise self._wrong(item, "a step is one word and what follows it, such as `after: 1 hour`")
            key, value = item.value[0]
            if str(key.value) == "repeat":
                steps += self._repeated(value)
            else:
                steps.append(self._step(str(key.value), value, item))
        return steps

    def _repeated(self, node: yaml.Node) -> list[Step]:
        """`repeat: {times: 3, do: [...]}`; `{n}` in its words counts from 1."""
        parts = {str(key.value): value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}
        if parts.keys() != {"times", "do"} or not str(parts["times"].value).isdecimal():
            raise self._wrong(node, "`repeat` needs a number of `times` and a list to `do`")
        once = self._steps(parts["do"])
        times = range(1, int(parts["times"].value) + 1)
        return [Step(_counted(step.word, n), _counted(step.what, n), step.line) for n in times for step in once]

    def _step(self, word: str, value: yaml.Node, node: yaml.Node) -> Step:
        what = self._plain(value)
        known = {"see": SEE, "nothing": NOTHING}.get(word)
        if known is not None:
            if not isinstance(what, dict):
                raise self._wrong(node, f"`{word}` needs to know at least `in` which channel")
            self._known(node, word, what, known)
        elif word not in MOVES and word not in {"note", "fault"}:
            if not isinstance(what, dict) or not ACTS & what.keys():
                raise self._wrong(node, f"`{word}` does nothing; say one of {', '.join(sorted(ACTS))}")
            self._known(node, word, what, ACTS | BESIDE_ACT)
        return Step(word, what, node.start_mark.line + 1)

    def _known(self, node: yaml.Node, word: str, what: Json, known: set[str]) -> None:
        for name in what:
            if name not in known:
                raise self._wrong(node, f"`{name}` is not known beside `{word}`; known are {', '.join(sorted(known))}")


def _counted(what: Any, n: int) -> Any:
    if isinstance(what, str):
        return what.replace("{n}", str(n))
    if isinstance(what, dict):
        return {key: _counted(value, n) for key, value in what.items()}
    if isinstance(what, list):
        return [_counted(value, n) for value in what]
    return what
