"""Does a story play as it is written?"""

import http.client
import itertools
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from bot.sandbox import storyfile
from bot.sandbox.blocks import texts_of
from bot.sandbox.errors import Mistake
from bot.sandbox.storyfile import STORIES, Step, Story, StoryError
from bot.sandbox.transcript import Transcript
from bot.sandbox.wire import Json, iso, read_duration, read_moment

PATIENCE_SECONDS = 300.0
EXACTLY = timedelta(seconds=30)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def listed() -> list[dict[str, str]]:
    """The stories that ship, by name and title."""
    found = []
    for path in sorted(STORIES.glob("*.yml")):
        try:
            title = yaml.safe_load(path.read_text(encoding="utf-8")).get("title", path.stem)
        except (yaml.YAMLError, AttributeError):
            title = path.stem
        found.append({"name": path.stem, "title": str(title)})
    return found


def play(
    story: str | Path,
    control_url: str,
    out: Callable[[str], None] = print,
    *,
    bring: Callable[[Path], None] | None = None,
    rest: Callable[[Step], None] | None = None,
) -> bool:
    """Plays a story (a shipped name or a file) on a running workspace and prints its transcript line by line.

    `bring` brings the directory file of a story in, where it has one of its own; `rest` is called after each step, so
    that somebody can follow it. False where the story cannot be read, a step is refused, or something that must be
    seen is not there.
    """
    try:
        told = storyfile.read(storyfile.find(story))
        _Player(told, control_url, out).play(bring=bring, rest=rest or _at_once)
    except StoryError as wrong:
        out(str(wrong))
        return False
    except (OSError, http.client.HTTPException) as gone:
        out(f"{story}: the workspace at {control_url} does not answer ({gone})")
        return False
    return True


class _Player:
    """One story being played: what was printed, and which messages earlier `see` steps took for theirs."""

    def __init__(self, story: Story, url: str, out: Callable[[str], None]) -> None:
        self._story = story
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(
            address.hostname or "127.0.0.1", address.port, timeout=PATIENCE_SECONDS
        )
        people = self._ask("/people")["people"]
        self._names = {person["id"]: person["name"] for person in people}
        self._handles = {person["handle"]: person["name"] for person in people}
        self._transcript = Transcript(out, names=self._names)
        self._printed = int(self._ask("/journal")["number"])
        self._seen: dict[str, Json] = {}
        self._taken: set[str] = set()
        self._changed: set[str] = set()
        self._remembered: dict[str, str] = {}
        self._now = ""

    def play(self, *, bring: Callable[[Path], None] | None, rest: Callable[[Step], None]) -> None:
        """Plays every step; raises StoryError at the first that does not go as written."""
        self._transcript.line(self._story.title)
        clock = self._ask("/clock")
        self._now = str(clock["now"])
        try:
            # The story moves the clock; what passes by itself would not be at the minute.
            self._ask("/clock", {"rate": 0})
            self._prepare(bring)
            for step in self._story.steps:
                self._step(replace(step, what=storyfile.filled(step.what, self._remembered)))
                rest(step)
            self._transcript.line(_counted(self._seen.values()))
        finally:
            self._ask("/clock", {"rate": clock["rate"]})
            self._connection.close()

    def _prepare(self, bring: Callable[[Path], None] | None) -> None:
        first = Step("start", None, 1)
        for person in self._story.people:
            self._must(person, "/people", person.what)
            self._names[person.what["id"]] = self._handles[person.what["handle"]] = person.what["name"]
        for channel in self._story.channels:
            self._must(channel, "/channels", channel.what)
        if self._story.directory:
            if bring is None:
                raise self._wrong(first, "this story has a directory of its own; play it with `bot sandbox --story`")
            bring(self._story.directory)
        if self._story.start:
            self._must(self._story.start, "/clock", {"to": self._beginning(self._story.start)})
        self._print_new()

    def _beginning(self, start: Step) -> str | None:
        """The moment of `start`: with `first` and `every`, the first such moment that is not past."""
        if not isinstance(start.what, dict):
            return self._moment(start, str(start.what))
        now = datetime.fromisoformat(self._now)
        try:
            first = read_moment(start.what["first"], now=now)
        except Mistake as mistake:
            raise self._wrong(start, str(mistake)) from None
        every = self._duration(start, start.what["every"])
        return iso(first + max(0, math.ceil((now - first) / every)) * every)

    def _step(self, step: Step) -> None:
        if step.word == "note":
            self._transcript.note(str(step.what))
        elif step.word in storyfile.MOVES:
            self._move(step)
        elif step.word == "fault":
            self._must(step, "/faults", step.what)
        elif step.word == "see":
            self._see(step)
        elif step.word == "nothing":
            self._nothing(step)
        else:
            self._act(step)
        if step.wait:
            self._print_new()

    def _move(self, step: Step) -> None:
        if step.word == "after":
            self._must(step, "/clock", {"advance": step.what})
        elif step.word == "next":
            self._must(step, "/clock", {"next": True})
        else:
            self._must(step, "/clock", {"to": self._moment(step, str(step.what))})

    def _act(self, step: Step) -> None:
        what = dict(step.what)
        fill = what.pop("fill", None)
        if "in" in what:
            what["channel"] = what.pop("in")
        kind = next(word for word in storyfile.ACTS if word in what)
        who = self._handles.get(step.word, step.word)
        if kind != "post":
            self._transcript.act(self._now, who, _told(kind, what))
        answer = self._must(step, "/act", {"as": step.word, "wait": step.wait, **what})
        self._errors(step, answer)
        if fill is None:
            return
        if not answer["view"]:
            raise self._wrong(step, f"no form opened for {who} to fill in")
        self._print_new()
        said = ", ".join(f"{label}: {value}" for label, value in fill.items())
        self._transcript.act(self._now, who, f"fills in {answer['view']!r}: {said}")
        self._errors(step, self._must(step, "/act", {"as": step.word, "submit": fill}))

    def _errors(self, step: Step, answer: Json) -> None:
        if errors := answer.get("errors"):
            said = "; ".join(f"{label}: {text}" for label, text in errors.items())
            raise self._wrong(step, f"the form was not taken: {said}")

    def _see(self, step: Step) -> None:
        what, count = step.what, int(step.what.get("count", 1))
        found = self._fitting(what)
        exact = "count" in what
        if len(found) < count or (exact and len(found) > count):
            raise self._wrong(step, f"{_sought(what)}: {len(found)} seen, not {count}{self._instead(what)}")
        taken = found[:count]
        stamps = {message["ts"] for message in taken}
        self._taken |= stamps
        self._changed -= stamps
        for name, shape in what.get("remember", {}).items():
            self._remember(step, name, str(shape), taken[0])
        if "apart" in what:
            gap = self._duration(step, what["apart"])
            moments = [datetime.fromisoformat(message["at"]) for message in taken]
            for earlier, later in itertools.pairwise(moments):
                if abs(later - earlier - gap) > EXACTLY:
                    raise self._wrong(step, f"{_sought(what)}: {later - earlier} apart, not {gap}")
        if "at" in what and datetime.fromisoformat(taken[0]["at"]).strftime("%H:%M") != what["at"]:
            raise self._wrong(step, f"{_sought(what)}: came at {taken[0]['at']}, not at {what['at']}")

    def _remember(self, step: Step, name: str, shape: str, message: Json) -> None:
        """Keeps the part of a message that has this shape; `{name}` stands for it in later steps."""
        found = re.search(shape, self._transcript.plain(message["text"]))
        if found is None:
            raise self._wrong(step, f"nothing like {shape} is in: {self._transcript.plain(message['text'])}")
        self._remembered[f"{{{name}}}"] = found[0]

    def _nothing(self, step: Step) -> None:
        self._print_new()
        before = set(self._seen)
        if "after" in step.what:
            self._must(step, "/clock", {"advance": step.what["after"]})
            self._print_new()
            new = [message for message in self._fitting(step.what) if message["ts"] not in before]
        else:
            new = self._fitting(step.what)
        if new:
            raise self._wrong(step, f"nothing was to be seen, but: {self._transcript.plain(new[0]['text'])}")

    def _fitting(self, what: Json) -> list[Json]:
        """Messages of this story that fit and that no earlier `see` took; by its words also one edited since."""
        place = str(what.get("in", "")).removeprefix("#").casefold()
        text = str(what.get("text", "")).casefold()
        whom = self._handles.get(str(what.get("for", "")), "")
        found = []
        for message in self._seen.values():
            again = "text" in what and message["ts"] in self._changed
            if message["deleted"] or (message["ts"] in self._taken and not again):
                continue
            if place and place not in {message["channel_name"].removeprefix("#"), message["channel"].casefold()}:
                continue
            if self._names.get(message["ephemeral_to"] or "", "") != whom:
                continue
            if "kind" in what and (message["metadata"] or {}).get("event_type") != what["kind"]:
                continue
            if "from" in what and message["name"] != self._handles.get(what["from"], what["from"]):
                continue
            words = "\n".join([message["text"], *texts_of(message["blocks"])])
            if text in self._transcript.plain(words).casefold():
                found.append(message)
        return found

    def _instead(self, what: Json) -> str:
        there = self._fitting({key: what[key] for key in ("in", "for") if key in what})[-6:]
        lines = [
            f"\n    {message['at'][11:19]}  {(message['metadata'] or {}).get('event_type', '-')}  "
            f"{self._transcript.plain(message['text'])[:160]}"
            for message in there
        ]
        return "; there was instead:" + "".join(lines) if lines else "; there was nothing else"

    def _print_new(self) -> None:
        news = self._ask(f"/journal?since={self._printed}")
        for entry in news["entries"]:
            self._transcript.entry(entry)
            self._seen[entry["message"]["ts"]] = entry["message"]
            if entry["kind"] == "changed":
                self._changed.add(entry["message"]["ts"])
        self._printed, self._now = int(news["number"]), str(news["now"])

    # the wire

    def _wrong(self, step: Step, what: str) -> StoryError:
        self._print_new()
        return StoryError(f"{self._story.file}:{step.line}: {what}")

    def _must(self, step: Step, path: str, body: Json) -> Json:
        answer = self._ask(path, body)
        if not answer["ok"]:
            raise self._wrong(step, str(answer["error"]))
        return answer

    def _ask(self, path: str, body: Json | None = None) -> Json:
        data = None if body is None else json.dumps(body)
        self._connection.request("GET" if body is None else "POST", path, data)
        answer: Any = json.loads(self._connection.getresponse().read())
        return dict(answer)

    def _duration(self, step: Step, value: object) -> timedelta:
        try:
            return read_duration(value)
        except Mistake as mistake:
            raise self._wrong(step, str(mistake)) from None

    def _moment(self, step: Step, text: str) -> str | None:
        """`10:00`, `Tue 10:00` (the next such day) or a date and time."""
        now = datetime.fromisoformat(self._now)
        day = re.fullmatch(r"([a-z]{3})[a-z]*\.?\s+(\d\d?:\d\d)", text.strip().casefold())
        try:
            if day is None or day[1] not in _WEEKDAYS:
                return iso(read_moment(text, now=now))
            moment = read_moment(day[2], now=now)
        except Mistake as mistake:
            raise self._wrong(step, str(mistake)) from None
        return iso(moment + timedelta(days=(_WEEKDAYS.index(day[1]) - moment.weekday()) % 7))


def _counted(messages: Iterable[Json]) -> str:
    """How many messages were posted, by what they were for; what nobody says that of, people wrote."""
    posted = [message["metadata"] or {} for message in messages if not message["ephemeral_to"]]
    kinds = Counter(str(each.get("event_type", "")).partition("_")[2] or "written" for each in posted)
    return "Posted: " + ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())


def _at_once(_step: Step) -> None:
    return None


def _told(kind: str, what: Json) -> str:
    where = f" in {what['channel']}" if "channel" in what else ""
    value = what[kind]
    return {
        "click": f"clicks {value!r}{where}",
        "command": f"types {value}{where}",
        "submit": "submits the form",
        "close": "closes the form",
        "react": f"reacts :{value}:{where}",
        "unreact": f"takes :{value}: back{where}",
        "shortcut": f"uses the shortcut {value!r}{where}",
        "home": "opens the home tab",
        "edit": f"edits a message{where}",
        "delete": f"deletes a message{where}",
    }[kind]


def _sought(what: Json) -> str:
    parts = [str(what[key]) if key != "text" else repr(what[key]) for key in ("kind", "text") if key in what]
    where = f" in {what['in']}" if "in" in what else ""
    return (" ".join(parts) or "a message") + where
