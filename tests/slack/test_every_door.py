"""Does every door open to exactly those whom the table names? The whole table, walked over every way in.

The ways in are read from what Bolt has registered, so that a new button, form or command that has no line in the walk
fails here.
"""

import inspect
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from slack_bolt import App
from slack_bolt.listener import CustomListener
from slack_bolt.listener_matcher.builtins import BuiltinListenerMatcher

from bot.domain.people import Action, Role
from bot.services import inbox_events, stand_in
from bot.slack import actions, commands, views
from tests.slack.askers import ASKERS, MACHINE, Asker
from tests.slack.doors import ANYBODYS, DOORS, WRITTEN, Door, Opens, names
from tests.slack.scene import Scene
from tests.slack.slack_api import SlackApi

IN_ANOTHER = frozenset({Action.CLOSE, Action.ESCALATE_ANY})
"""Rows that are asked behind a door of another row: closing by a bulk action, a level in the escalation form."""

HEARD = frozenset({"message", "app_mention", "reaction_added", "app_home_opened"})
"""Events with doors of their own; by their names they are `message`, `mention`, `reaction` and `event`."""

UNGUARDED = frozenset({"event member_joined_channel", "event channel_id_changed", "event .*", "closed .*"})
"""What is heard of our own bot only, or not acted on at all."""


@pytest.fixture(scope="module")
def scene(api: SlackApi, sqlite_template: Path) -> Iterator[Scene]:
    # A folder in memory where the system has one: a commit there waits for no disk.
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with TemporaryDirectory(prefix="watchbell-doors-", dir=memory if memory.is_dir() else None) as folder:
        file = Path(folder) / "doors.db"
        shutil.copyfile(sqlite_template, file)
        scene = Scene(api, file)
        yield scene
        scene.db.dispose()


def registered(app: App) -> Iterator[str]:
    """Every way in by its name: Bolt's own listeners, and the tables behind those that listen to everything."""
    for listener in app._listeners:  # noqa: SLF001 - Bolt tells it nowhere else
        matcher = listener.matchers[0]
        assert isinstance(listener, CustomListener)
        assert isinstance(matcher, BuiltinListenerMatcher)
        (sought,) = inspect.getclosurevars(matcher.func).nonlocals.items()
        kind, name = sought[0], getattr(sought[1], "pattern", sought[1])
        match kind, listener.ack_function.__name__:
            case "command", _:
                yield f"command {name}"
            case "constraints", _:
                yield from (f"button {each}" for each in actions.BUTTONS)
                yield from (f"entry {menu}:{each}" for menu, entries in actions.MENUS.items() for each in entries)
            case "callback_id", "on_submission":
                yield from (f"form {each}" for each in (*views.FORMS, *views.SHOWING))
            case "callback_id", "on_closed":
                yield f"closed {name}"
            case "callback_id", _:
                yield f"shortcut {name}"
            case "event_type", _:
                yield f"event {name}"
            case _:
                yield f"{kind} {name}"


def in_short(found: Iterable[str]) -> set[str]:
    """The names without what a door's own words add to them."""
    return {" ".join(name.partition(": ")[0].split()[:2]) for name in found}


@pytest.mark.req("LC-5")
def test_every_way_in_has_its_line_in_the_walk(scene: Scene) -> None:
    walked = in_short(names()) | {f"event {each}" for each in HEARD} | UNGUARDED
    ways = set(registered(scene.app))
    assert ways - walked == set(), "these ways in are walked by nobody: give each a line in doors.py"
    lines = {each for each in walked if each.split()[0] in ("button", "entry", "form", "command", "shortcut", "event")}
    assert lines - ways == set(), "these lines lead to no way in any more"


def test_every_word_behind_a_command_or_a_mention_has_its_line() -> None:
    asked = set(re.findall(r'asked\.verb == "(\w+)"', inspect.getsource(commands))) | set(stand_in.WORDS.values())
    mentioned = set(re.findall(r'case "(\w+)":', inspect.getsource(inbox_events)))
    walked = set(names()) | ANYBODYS
    assert asked <= {name.split()[2] for name in walked if name.startswith("command")}
    assert mentioned <= {name.split()[1] for name in walked if name.startswith("mention")}


def test_every_row_of_the_table_is_walked() -> None:
    assert {action for door in DOORS for action in door.actions} | IN_ANOTHER == set(Action)


def test_every_role_stands_before_the_doors() -> None:
    assert {who.role for who in ASKERS} == set(Role)


def outcome(scene: Scene, door: Door, who: Asker, before: str) -> bool:
    """Whether somebody got through."""
    scene.api.calls.clear()
    scene.told()
    response = door.knock(scene, who)
    answered = getattr(response, "body", "") or ""
    told = [*scene.told(), answered]
    assert not any("went wrong on my side" in each for each in told), f"{door.name} breaks for {who.name}"
    changed = scene.stands() != before
    if door.opens is Opens.DEED:
        return changed
    assert not changed, f"{door.name} changes something for {who.name}"
    if door.opens is Opens.FORM:
        return bool(scene.api.asked("views.open"))
    return any(door.told in each for each in told)


def walk(scene: Scene, door: Door, askers: Iterable[Asker]) -> None:
    """Let them all knock, first those who must not get through: what is refused changes nothing for the next one."""
    scene.begins_again()
    before = scene.stands()
    wrong = []
    for who in sorted(askers, key=door.lets):
        got_through = outcome(scene, door, who, before)
        if got_through != door.lets(who):
            wrong.append(f"{who.name} {'got through' if got_through else 'was refused'}")
        if got_through and door.opens is Opens.DEED:
            scene.begins_again()
    assert wrong == [], door.name


def some(door: Door) -> list[Asker]:
    """Everybody with a role, and of those who are nobody two, each door in its turn: the desk takes all alike."""
    nobodies = [who for who in door.askers if who.role is Role.NOBODY]
    turn = DOORS.index(door)
    chosen = {nobodies[(turn + each) % len(nobodies)].name for each in (0, len(nobodies) // 2)} if nobodies else set()
    return [who for who in door.askers if who.role is not Role.NOBODY or who.name in chosen]


@pytest.mark.req("LC-5")
@pytest.mark.parametrize("door", DOORS, ids=names())
def test_a_door_opens_to_exactly_those_whom_the_table_names(scene: Scene, door: Door) -> None:
    walk(scene, door, some(door))


@pytest.mark.long
@pytest.mark.parametrize("door", DOORS, ids=names())
def test_a_door_opens_to_none_of_those_who_are_nobody(scene: Scene, door: Door) -> None:
    walk(scene, door, door.askers)


@pytest.mark.parametrize("door", [door for door in WRITTEN if door.room], ids=lambda door: door.name)
def test_no_program_of_anybodys_opens_a_door_by_writing_or_reacting(scene: Scene, door: Door) -> None:
    walk(scene, door, [MACHINE])
