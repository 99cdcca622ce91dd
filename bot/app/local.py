"""How does the whole desk run on its local workspace, for a newcomer, a trainer or a test?

The desk runs as it would anywhere; only the address of Slack and the clock are the workspace's.
"""

import json
import tempfile
import urllib.request
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import bot
from bot.app import runtime
from bot.app.signals import end_asked
from bot.app.workspace import manifest
from bot.sandbox import story as stories
from bot.sandbox.server import Address, Server
from bot.settings import Settings, load
from bot.store import migrate

DIRECTORY = Path(bot.__file__).parent / "sandbox" / "directory.yml"
"""Who is who in the local workspace, as the desk's directory file."""

REAL_TIME = 1.0
"""Simulated seconds in a real one when a person plays; a story moves the clock itself."""


@contextmanager
def desk_on(address: Address, *, database: str | None = None, http: bool = False) -> Iterator[runtime.Runtime]:
    """Run the desk on a workspace, in Socket Mode or over signed HTTP; without a database, on a SQLite file."""
    with tempfile.TemporaryDirectory(prefix="watchbell-") as folder:
        settings = settings_for(address, database or f"sqlite:///{folder}/watchbell.db", http=http)
        migrate.upgrade(settings.database_url)
        with runtime.running(settings) as desk:
            if http:
                _tell_where(address, f"{desk.url}/slack/events")
            yield desk


def settings_for(address: Address, database: str, *, http: bool = False) -> Settings:
    """The settings of a desk on the local workspace; HANDBOOK, DIRECTORY and TEMPLATES_DIR are the environment's."""
    return load(
        overrides={
            "SLACK_BOT_TOKEN": address.bot_token,
            "SLACK_APP_TOKEN": "" if http else address.app_token,
            "SLACK_SIGNING_SECRET": address.signing_secret,
            "SLACK_API_URL": address.api_url,
            "CLOCK_URL": address.control_url,
            "DATABASE_URL": database,
            "HOST": "127.0.0.1",
            "PORT": "0",
            "LOG_LEVEL": "WARNING",
        },
        defaults={"DIRECTORY": str(DIRECTORY)},
    )


def play(story: str, *, database: str | None = None, http: bool = False, out: Callable[[str], None] = print) -> bool:
    """Play a story over the whole desk without a browser, in fast-forward; whether all that must be seen was seen."""
    with Server(manifest=manifest()) as address, desk_on(address, database=database, http=http) as desk:
        return stories.play(story, address.control_url, out, bring=bringing(desk))


def bringing(desk: runtime.Runtime) -> Callable[[Path], None]:
    """How a story's own directory file comes into a running desk."""

    def bring(path: Path) -> None:
        runtime.apply_directory(desk.desk, str(path), now=desk.clock.now())

    return bring


def serve(*, port: int, browser: bool, out: Callable[[str], None] = print) -> None:
    """Run workspace and desk until Ctrl-C, with the page for a person to play on."""
    server = Server(port=port, ticking=REAL_TIME, manifest=manifest())
    address = server.start()
    try:
        with desk_on(address) as desk:
            server.bring_with(bringing(desk))
            out(f"Watchbell runs on its local workspace. Open {address.url} (Ctrl-C ends it).")
            if browser:
                _show(address.url)
            with end_asked() as end:
                runtime.wait_for_the_end(desk, end)
    finally:
        server.stop()


def _tell_where(address: Address, url: str) -> None:
    request = urllib.request.Request(  # noqa: S310 - the workspace that we started ourselves
        f"{address.control_url}/app",
        data=json.dumps({"request_url": url}).encode(),
        headers={"content-type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(request, timeout=10).close()


def _show(url: str) -> None:
    """Open the page where there is a graphical browser; a text browser would take the terminal away."""
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        return
    if not isinstance(found, webbrowser.GenericBrowser) or isinstance(found, webbrowser.BackgroundBrowser):
        found.open(url)
