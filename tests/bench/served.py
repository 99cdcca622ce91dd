"""Which process answers? Each server and socket that is measured runs in one of its own.

`python -m tests.bench.served KIND` says in one line of JSON that it is ready, and ends when its standard input does.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slack_sdk import WebClient

from bot.slack.socket import SocketMode
from bot.web import site
from bot.web.serving import serve
from tests.bench import office, stock


@dataclass(frozen=True, slots=True)
class Child:
    """A process that is ready: what it said, and its id."""

    said: dict[str, Any]
    pid: int


@contextmanager
def served(kind: str, **given: str) -> Iterator[Child]:
    """Run one kind of server for as long as the block lasts."""
    with child(sys.executable, "-m", "tests.bench.served", kind, json.dumps(given)) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise AssertionError(f"{kind} did not start")
        yield Child(json.loads(line), process.pid)


@contextmanager
def child(*words: str | Path, environment: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program for as long as the block lasts; its input ends then, and after that it is asked to end."""
    process = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "NO_PROXY": "*", **(environment or {})},
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process
    finally:
        process.stdin.close()
        process.stdout.close()
        if environment is not None:
            process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _web_ours() -> None:
    with office.bolt() as app:
        serving = serve(site.create(app=app), "127.0.0.1", 0)
        _ready(url=serving.url)
        serving.stop()


def _web_stock() -> None:
    serving = serve(stock.site(), "127.0.0.1", 0)
    _ready(url=serving.url)
    serving.stop()


def _socket_ours(*, api: str) -> None:
    client = WebClient(token="xoxb-bench", base_url=api)
    with office.bolt() as app:
        line = SocketMode(app, client=client, app_token="xapp-bench")
        line.start()
        _ready()
        line.close()


def _socket_stock(*, api: str) -> None:
    handler = stock.socket(WebClient(token="xoxb-bench", base_url=api))
    begin: Callable[[], None] = handler.connect
    end: Callable[[], None] = handler.close
    begin()
    _ready()
    end()


KINDS: dict[str, Callable[..., None]] = {
    "web ours": _web_ours,
    "web stock": _web_stock,
    "socket ours": _socket_ours,
    "socket stock": _socket_stock,
}


def _ready(**said: str) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    KINDS[sys.argv[1]](**json.loads(sys.argv[2]))
