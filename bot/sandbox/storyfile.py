"""What does a story file say, and where is it wrong?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from bot.sandbox.wire import Json

STORIES = Path(__file__).parent / "stories"
MOVES = {"after", "until", "next"}
LOOKS = {"see", "nothing"}
ACTS = {"post", "edit", "delete", "command", "click", "submit", "close", "react", "unreact", "shortcut", "home"}
BESIDE_ACT = {"in", "thread", "ts", "text", "value", "fill", "files"}
SEE = {"in", "kind", "text", "count", "apart", "from", "for", "at", "remember"}
NOTHING = {"in", "kind", "text", "after", "from"}
TOP = {"title", "start", "directory", "people", "channels", "steps"}


class StoryError(Exception):
    """A story cannot be read or played; the message begins with FILE:LINE."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its word (a person's handle, or `after`, `see` ...), what follows it, and where it stands.

    One that does not `wait` is begun before what follows from the last one has happened.
    """

    word: str
    what: Any
    line: int
    wait: bool = True


@dataclass(frozen=True, slots=True)
class Story:
    """A story, ready to be played."""

    file: str
    title: str
    start: Step | None
    people: list[Step]
    channels: list[Step]
    steps: list[Step]
    directory: Path | None = None


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
        return Story(
            file=self._file,
            title=str(parts["title"][1].value) if "title" in parts else Path(self._file).stem,
            start=self._start(parts["start"][1]) if "start" in parts else None,
            people=self._entries(parts, "people"),
            channels=self._entries(parts, "channels"),
            steps=self._steps(parts["steps"][1]),
            directory=self._directory(parts),
        )

    def _start(self, node: yaml.Node) -> Step:
        what = self._plain(node)
        if isinstance(what, dict) and what.keys() != {"first", "every"}:
            raise self._wrong(node, "`start` is a moment, or the `first` one and how long to `every` next one")
        return Step("start", what, node.start_mark.line + 1)

    def _directory(self, parts: dict[str, tuple[yaml.Node, yaml.Node]]) -> Path | None:
        """The file beside the story that says who is who, for the desk that is played on."""
        if "directory" not in parts:
            return None
        _, value = parts["directory"]
        path = Path(self._file).parent / str(value.value)
        if not path.is_file():
            raise self._wrong(value, f"`directory` names no file beside the story: {value.value}")
        return path

    def _entries(self, parts: dict[str, tuple[yaml.Node, yaml.Node]], name: str) -> list[Step]:
        """The people or channels that a story brings along."""
        if name not in parts:
            return []
        _, value = parts[name]
        return self._listed(value, f"`{name}` is a list", lambda item: self._entry(name, item))

    def _entry(self, name: str, item: yaml.Node) -> list[Step]:
        entry = Step(name, self._plain(item), item.start_mark.line + 1)
        needed = {"people": {"id", "handle", "name"}, "channels": {"id", "name", "members"}}[name]
        if not isinstance(entry.what, dict) or not needed <= entry.what.keys():
            raise self._wrong(item, f"each of the {name} needs {', '.join(sorted(needed))}")
        return [entry]

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
        return self._listed(node, "steps are a list", self._one_step)

    def _one_step(self, item: yaml.Node) -> list[Step]:
        if not isinstance(item, yaml.MappingNode) or len(item.value) != 1:
            raise self._wrong(item, "a step is one word and what follows it, such as `after: 1 hour`")
        key, value = item.value[0]
        if str(key.value) == "at_once":
            return self._at_once(value)
        return [self._step(str(key.value), value, item)]

    def _listed(self, node: yaml.Node, wrong: str, read: Callable[[yaml.Node], list[Step]]) -> list[Step]:
        """A list in which `repeat` may stand for many."""
        if not isinstance(node, yaml.SequenceNode):
            raise self._wrong(node, wrong)
        found: list[Step] = []
        for item in node.value:
            if isinstance(item, yaml.MappingNode) and [key.value for key, _ in item.value] == ["repeat"]:
                found += self._repeated(item.value[0][1], lambda do: self._listed(do, wrong, read))
            else:
                found += read(item)
        return found

    def _at_once(self, node: yaml.Node) -> list[Step]:
        """`at_once: [...]`: people do all this before anybody hears of any of it."""
        steps = self._steps(node)
        for step in steps:
            if step.word in MOVES | LOOKS | {"note", "fault"} or "fill" in step.what:
                raise StoryError(f"{self._file}:{step.line}: only what people do in one go can happen `at_once`")
        return [replace(step, wait=False) for step in steps[:-1]] + steps[-1:]

    def _repeated(self, node: yaml.Node, read: Callable[[yaml.Node], list[Step]]) -> list[Step]:
        """`repeat: {times: 3, do: [...]}` or `repeat: {each: [aster, birch], do: [...]}`.

        In its words `{n}` counts from 1, and `{each}`, `{Each}` and `{EACH}` are the one whose turn it is.
        """
        parts = {str(key.value): value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}
        once = read(parts["do"]) if "do" in parts else []
        if parts.keys() == {"times", "do"} and str(parts["times"].value).isdecimal():
            turns = [""] * int(parts["times"].value)
        elif parts.keys() == {"each", "do"} and isinstance(parts["each"], yaml.SequenceNode):
            turns = [str(item.value) for item in parts["each"].value]
        else:
            raise self._wrong(node, "`repeat` needs a number of `times`, or a list `each`, and a list to `do`")
        found: list[Step] = []
        for n, each in enumerate(turns, start=1):
            words = {"{n}": str(n)}
            if each:
                words |= {"{each}": each, "{Each}": each.capitalize(), "{EACH}": each.upper()}
            found += [replace(step, word=filled(step.word, words), what=filled(step.what, words)) for step in once]
        return found

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


def filled(what: Any, words: Mapping[str, str]) -> Any:
    """The same with each of the words put in its place, however deep."""
    if isinstance(what, str):
        for name, value in words.items():
            what = what.replace(name, value)
        return what
    if isinstance(what, dict):
        return {key: filled(value, words) for key, value in what.items()}
    if isinstance(what, list):
        return [filled(value, words) for value in what]
    return what
