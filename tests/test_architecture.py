"""The walls that no import rule can hold: who may send, how long a module is, what it keeps in memory."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

LONGEST = 400
SENDING = frozenset(
    {
        "chat_postMessage", "chat_update", "chat_postEphemeral", "chat_delete", "views_publish", "views_update", "say",
        "respond", "sendmail", "send_message",
    }
)  # fmt: skip
SHOWING = frozenset({"views_open", "views_push"})
MUTABLE_CALLS = frozenset({"dict", "list", "set", "defaultdict", "deque", "Counter", "OrderedDict", "bytearray"})

CHANGING = frozenset({"append", "add", "extend", "update", "pop", "setdefault", "clear", "remove"})
FILLED_ON_IMPORT = frozenset({Path("bot/sandbox/api/registry.py")})
"""Registries that decorators fill while modules are imported, and nobody afterwards."""

MODULES = sorted(Path("bot").rglob("*.py"))
PRODUCT = [path for path in MODULES if "sandbox" not in path.parts]


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def called(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, name and the expression it is called on. A template's `say` fills words in; Bolt's takes a message."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute):
            yield node.lineno, node.attr, ast.unparse(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.lineno, node.func.id, ""


def test_only_the_relay_sends() -> None:
    found = [
        f"{path}:{line}: {name}"
        for path in PRODUCT
        if "delivery" not in path.parts
        for line, name, owner in called(path)
        if name in SENDING and not (name == "say" and owner.endswith("catalog")) and not _is_local(path, name)
    ]
    assert found == []


def test_only_the_slack_room_shows_forms() -> None:
    found = [
        f"{path}:{line}: {name}"
        for path in PRODUCT
        if path.parts[1] != "slack"
        for line, name, _ in called(path)
        if name in SHOWING
    ]
    assert found == []


def test_no_listener_takes_bolts_own_ways_to_send() -> None:
    found = [
        f"{path}:{node.lineno}: {argument.arg}"
        for path in PRODUCT
        if path.parts[1] == "slack"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef)
        for argument in node.args.args
        if argument.arg in {"say", "respond"}
    ]
    assert found == []


def _is_local(path: Path, name: str) -> bool:
    """Whether the module defines that name itself."""
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in ast.walk(tree_of(path)))


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_is_short_says_what_it_answers_and_keeps_no_state(path: Path) -> None:
    text = path.read_text("utf-8")
    module = ast.parse(text)
    assert len(text.splitlines()) <= LONGEST, f"{path} asks to be two"
    assert ast.get_docstring(module), f"{path} does not say what it answers"
    assert path in FILLED_ON_IMPORT or list(_state(module)) == []


def _state(module: ast.Module) -> Iterator[str]:
    constants: set[str] = set()
    for node in module.body:
        for name, value in _assigned(node):
            if isinstance(value, ast.Call) and _called_name(value) in MUTABLE_CALLS:
                yield f"line {node.lineno}: {name} is a mutable value of the module"
            if isinstance(value, ast.Dict | ast.List | ast.Set | ast.DictComp | ast.ListComp | ast.SetComp):
                constants.add(name)
                if not name.lstrip("_").isupper() and not name.startswith("__"):
                    yield f"line {node.lineno}: {name} is a mutable value without a constant's name"
    for inner in ast.walk(module):
        if isinstance(inner, ast.Global):
            yield f"line {inner.lineno}: global {', '.join(inner.names)}"
        stored = isinstance(inner, ast.Subscript) and isinstance(inner.ctx, ast.Store | ast.Del)
        changed = isinstance(inner, ast.Attribute) and inner.attr in CHANGING
        if isinstance(inner, ast.Subscript | ast.Attribute) and (stored or changed) and _is_one(inner.value, constants):
            yield f"line {inner.lineno}: {ast.unparse(inner)} changes a constant"


def _assigned(node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Assign):
        yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))
    if isinstance(node, ast.AnnAssign) and node.value is not None and isinstance(node.target, ast.Name):
        yield node.target.id, node.value


def _called_name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_one(value: ast.expr, names: set[str]) -> bool:
    return isinstance(value, ast.Name) and value.id in names


INSIDE_THE_PROGRAM = frozenset(
    {
        # A file's faults, said at its line to whoever writes it, in the terminal and in the directory's forms.
        "bot/domain/handbook", "bot/domain/directory", "bot/domain/target", "bot/domain/opening_hours",
        "bot/domain/deadline", "bot/domain/oncall", "bot/domain/business_calendar", "bot/domain/wall_clock",
        "bot/domain/cadence",  "bot/domain/counting", "bot/domain/life",
        # What the operator's own commands and figures say.
        "bot/domain/seal", "bot/domain/ledger", "bot/services/audit", "bot/services/seals", "bot/services/figures",
        "bot/services/erase", "bot/services/tiers", "bot/services/reachability",
        # Names of states, why somebody was chosen (both are words of the record), and a library's warning.
        "bot/domain/ticket", "bot/domain/assignment", "bot/slack/app",
        # What is read, not said.
        "bot/domain/details", "bot/domain/triage", "bot/services/secrets",
    }
)  # fmt: skip
"""Modules whose sentences nobody is answered with in Slack, by the beginning of their path."""
SENTENCE = re.compile(r"(?:[^\W\d_]+[,;:]? ){2,}[^\W\d_]")


@pytest.mark.parametrize(
    "path", [path for path in PRODUCT if path.parts[1] in {"domain", "services", "slack"}], ids=str
)
def test_no_sentence_for_people_stands_outside_the_templates(path: Path) -> None:
    if str(path).startswith(tuple(INSIDE_THE_PROGRAM)):
        return
    module = tree_of(path)
    silent = {id(inner) for node in ast.walk(module) if _says_nothing_in_slack(node) for inner in ast.walk(node)}
    found = [
        f"line {node.lineno}: {node.value!r}"
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent
        if SENTENCE.search(node.value)
    ]
    assert found == []


def _says_nothing_in_slack(node: ast.AST) -> bool:
    """Docstrings, what is logged, faults of ours that are raised, and the names of an enumeration."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Raise):
        return node.exc is not None and "Error" in ast.unparse(node.exc).partition("(")[0]
    if isinstance(node, ast.ClassDef):
        return any("Enum" in ast.unparse(base) for base in node.bases)
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("log.", "warnings."))
