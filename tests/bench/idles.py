"""What does a desk cost that has nothing to do?

Its memory is held against a process that has imported the libraries it runs on; its CPU against Bolt's own Socket Mode
handler, which only keeps its connection open. Ours keeps that too, and the loops, the site and the database beside it.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from threading import Event

import bot
from bot.app.local import DIRECTORY
from tests.bench import office
from tests.bench.envelopes import line
from tests.bench.goal import Goal, at_most
from tests.bench.measure import p50, scaled
from tests.bench.served import child, served

BESIDE = {"sandbox", "commands", "migrations", "__main__.py"}
"""What of ours a running desk does not import."""

SETTLE_SECONDS, ROUNDS, ROUND_SECONDS = 8.0, 6, 5.0


def goals(part: float) -> list[Goal]:
    """Three processes that do nothing, watched at the same time."""
    with ExitStack() as stack:
        where = stack.enter_context(office.folder())
        office.migrated(where / "desk.db")
        ours, theirs = stack.enter_context(line()), stack.enter_context(line())
        desk = stack.enter_context(desk_process("run", api=ours.api, database=f"sqlite:///{where}/desk.db")).pid
        socket = stack.enter_context(served("socket stock", api=theirs.api)).pid
        imports = f"import sys, {', '.join(libraries())}; print(flush=True); sys.stdin.read()"
        imported = stack.enter_context(child(sys.executable, "-c", imports))
        assert imported.stdout is not None
        imported.stdout.readline()
        if not ours.open.wait(180):
            raise AssertionError("the desk did not connect")
        _wait(SETTLE_SECONDS * part)
        spent: dict[str, list[float]] = {"desk": [], "socket": []}
        for _ in range(scaled(ROUNDS, part)):
            before = _cpu_ms(desk), _cpu_ms(socket)
            _wait(max(ROUND_SECONDS * part, 0.5))
            spent["desk"].append(_cpu_ms(desk) - before[0])
            spent["socket"].append(_cpu_ms(socket) - before[1])
        memory = _megabytes(desk), _megabytes(imported.pid)
    return [
        at_most("idle memory, against importing the runtime libraries", *memory, 1.3, unit="MB"),
        at_most(
            f"idle CPU of {ROUND_SECONDS:g} s, against the stock Socket Mode handler", p50(spent["desk"]),
            p50(spent["socket"]), 1.3, unit="ms",
        ),
    ]  # fmt: skip


def desk_process(command: str, *, api: str, database: str) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """A process of the desk, as an operator starts it."""
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-1-1-bench",
        "SLACK_APP_TOKEN": "xapp-1-A1-1-bench",
        "SLACK_API_URL": api,
        "DATABASE_URL": database,
        "DIRECTORY": str(DIRECTORY),
        "HOST": "127.0.0.1",
        "PORT": "0",
    }
    return child(Path(sys.executable).with_name("bot"), command, environment=settings)


def libraries() -> list[str]:
    """Every module of others that a running desk imports, as its own modules name them."""
    found = set()
    for file in Path(bot.__file__).parent.rglob("*.py"):
        if not BESIDE & set(file.parts):
            found |= set(_imported(ast.parse(file.read_text(encoding="utf-8"))))
    return sorted(name for name in found if name.partition(".")[0] not in {*sys.stdlib_module_names, "bot"})


def _imported(module: ast.Module) -> Iterator[str]:
    for node in module.body:
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _wait(seconds: float) -> None:
    Event().wait(seconds)


def _cpu_ms(pid: int) -> float:
    """What all threads of a process have run so far."""
    return sum(int((task / "schedstat").read_text().split()[0]) / 1e6 for task in Path(f"/proc/{pid}/task").iterdir())


def _megabytes(pid: int) -> float:
    """The memory that a process holds."""
    for row in Path(f"/proc/{pid}/status").read_text().splitlines():
        if row.startswith("VmRSS:"):
            return int(row.split()[1]) / 1024
    raise AssertionError(f"process {pid} is gone")
