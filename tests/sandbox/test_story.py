"""Are stories played as they are written, and told where they are wrong?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.server import Server
from bot.sandbox.story import play
from tests.sandbox.conftest import MONDAY
from tests.sandbox.echo import EchoApp
from tests.sandbox.script import Script

TINY = """\
title: Somebody says hello
start: Mon 09:30
steps:
  - note: Cy writes, and the app answers in the thread.
  - cy: {post: "Hello @Watchbell", in: acme}
  - see: {in: acme, kind: echo, text: "echo: Hello", count: 1}
  - ana: {command: /form, in: triage, fill: {Reason: "because", Who: bo}}
  - see: {in: triage, text: because (U0BO)}
  - cy: {click: Ring it, in: acme}
  - see: {in: acme, text: rung 7}
  - repeat:
      times: 2
      do:
        - after: 1 hour
        - dee: {post: "number {n}", in: acme}
  - see: {in: acme, text: number, from: dee, count: 2, apart: 1 hour}
  - until: Tue 10:00
  - nothing: {in: acme, after: 1 day}
"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = Server(start_at=MONDAY)
    app = EchoApp(server.start())
    app.connect()
    yield server.platform.url
    app.close()
    server.stop()


CROWD = """\
title: Many at once
start: {first: 2026-01-05 10:00, every: 1 week}
people:
  - repeat:
      each: [mint, sage]
      do:
        - {id: "U0{EACH}", handle: "{each}", name: "Mr {Each}", team: "T0{EACH}", team_name: "{Each} Ltd"}
channels:
  - repeat:
      each: [mint, sage]
      do:
        - {id: "C0{EACH}", name: "{each}", members: ["{each}", watchbell]}
steps:
  - at_once:
      - repeat:
          each: [mint, sage]
          do:
            - "{each}": {post: "Number {n}", in: "{each}"}
      - mint: {post: "And T-77", in: mint}
  - see: {in: mint, kind: echo, text: T-77, remember: {ticket: "T-[0-9]+"}}
  - see: {in: sage, kind: echo, text: Number 2}
  - sage: {post: "What of {ticket}?", in: sage}
  - see: {in: sage, kind: echo, text: What of T-77}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "tale.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_story_plays_and_its_transcript_reads_like_one(url: str, tmp_path: Path) -> None:
    lines: list[str] = []
    assert play(written(tmp_path, TINY), url, out=lines.append) is True, lines[-1]
    assert lines[0] == "Somebody says hello"
    assert "Mon 09:30:00  #acme         Cy Young      Hello @Watchbell" in lines
    assert "Mon 09:30:00  #acme         Watchbell     ↳ echo: Hello @Watchbell" in lines
    assert "Mon 09:30:00  Ana Lima types /form in triage" in lines
    assert "Mon 09:30:00  Ana Lima fills in 'Tell us': Reason: because, Who: bo" in lines
    assert "Mon 09:30:00  #acme         Watchbell     ↳ (edited) rung 7 by T0ACME, no size" in lines
    assert "Mon 11:30:00  #acme         Dee Park      number 2" in lines


def test_a_compact_story_brings_a_crowd_along_and_remembers(url: str, tmp_path: Path) -> None:
    lines: list[str] = []
    assert play(written(tmp_path, CROWD), url, out=lines.append) is True, lines[-1]
    assert "Mon 10:00:00  #sage         Mr Sage       Number 2" in lines
    assert "Mon 10:00:00  #sage         Mr Sage       What of T-77?" in lines


def test_a_story_rests_after_each_step_and_leaves_the_clock_as_fast_as_it_was(url: str, tmp_path: Path) -> None:
    script, rested = Script(url), []
    script.clock(rate=60)
    path = written(
        tmp_path, "steps:\n- note: one\n- cy: {post: two, in: acme}\n- see: {in: acme, text: two, from: cy}\n"
    )
    assert play(path, url, out=lambda _: None, rest=lambda step: rested.append(step.word)) is True
    assert rested == ["note", "cy", "see"]
    assert script.clock()["rate"] == 60
    script.clock(rate=0)


def test_a_directory_beside_the_story_is_brought_in_or_missed(url: str, tmp_path: Path) -> None:
    lines: list[str] = []
    brought: list[Path] = []
    path = written(tmp_path, "directory: people.yaml\nsteps: [{note: one}]\n")
    assert play(path, url, out=lines.append) is False
    assert lines[-1] == f"{path}:1: `directory` names no file beside the story: people.yaml"
    (tmp_path / "people.yaml").write_text("", encoding="utf-8")
    assert play(path, url, out=lines.append) is False
    assert "this story has a directory of its own" in lines[-1]
    assert play(path, url, out=lines.append, bring=brought.append) is True
    assert brought == [tmp_path / "people.yaml"]


@pytest.mark.parametrize(
    ("steps", "line", "said"),
    [
        ("- see: {in: acme, kind: watchbell_update}", 2, "0 seen, not 1; there was nothing else"),
        ("- cy: {post: hello, in: nowhere}", 2, "there is no channel 'nowhere'"),
        ("- zoe: {post: hello, in: acme}", 2, "there is nobody called 'zoe'"),
        ("- after: soon", 2, "'soon' is not a duration"),
        ("- cy: {dance: true}", 2, "`cy` does nothing; say one of"),
        ("- see: {where: acme}", 2, "`where` is not known beside `see`"),
        ("- cy: {post: a, in: acme}\n- nothing: {in: acme}", 3, "nothing was to be seen, but: a"),
        ("- cy: {post: a, in: acme}\n- see: {in: acme, text: zebra}", 3, "  -  a"),
        ("- ana: {command: /form, in: acme, fill: {Reason: no}}", 2, "the form was not taken: Reason: Say because."),
        ("- until: Tue noon", 2, "'Tue noon' is not a moment"),
        ("- hello", 2, "a step is one word and what follows it"),
        ("- repeat: {times: many, do: []}", 2, "`repeat` needs a number of `times`, or a list `each`"),
        ("- at_once:\n  - cy: {post: a, in: acme}\n  - after: 1 hour", 4, "can happen `at_once`"),
        ("- cy: {post: a, in: acme}\n- see: {in: acme, text: a, remember: {id: Z-9}}", 3, "nothing like Z-9 is in: a"),
        ("- note: a\nstart: {first: noon, every: 1 day}", 3, "'noon' is not a moment"),
        ("- note: a\nstart: {first: noon}", 3, "`start` is a moment, or the `first` one"),
        ("- note: a\npeople: [{id: U0ZED}]", 3, "each of the people needs handle, id, name"),
    ],
)
def test_a_story_that_goes_wrong_says_where_and_what_was_there(
    url: str, tmp_path: Path, steps: str, line: int, said: str
) -> None:
    lines: list[str] = []
    path = written(tmp_path, f"steps:\n{steps}\n")
    assert play(path, url, out=lines.append) is False
    assert lines[-1].startswith(f"{path}:{line}: ")
    assert said in lines[-1]


def test_a_broken_file_and_an_unknown_name_are_told(tmp_path: Path) -> None:
    lines: list[str] = []
    assert play(written(tmp_path, "a: [b"), "http://127.0.0.1:1", out=lines.append) is False
    assert play("no-such-story", "http://127.0.0.1:1", out=lines.append) is False
    assert play(written(tmp_path, "- a"), "http://127.0.0.1:1", out=lines.append) is False
    assert play(written(tmp_path, TINY), "http://127.0.0.1:1", out=lines.append) is False
    assert "this is not YAML" in lines[0]
    assert "there is no such story" in lines[1]
    assert "a story is a mapping" in lines[2]
    assert "does not answer" in lines[3]
