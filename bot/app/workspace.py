"""How does the local workspace run alone, for a bot that is started elsewhere? Nothing of the desk is loaded."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

import bot
from bot.sandbox.server import Server


def manifest() -> dict[str, Any] | None:
    """The app's manifest: beside the package in a checkout, inside it when installed."""
    package = Path(bot.__file__).parent
    for path in (package.parent / "manifest.yml", package / "manifest.yml"):
        if path.is_file():
            found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
            return found
    return None


def serve(*, port: int, request_url: str | None, out: Callable[[str], None] = print) -> None:
    """Run the workspace alone, in the foreground; prints its address as one JSON line."""
    server = Server(port=port, request_url=request_url, manifest=manifest())
    server.serve_forever(lambda address: out(address.as_json()))
