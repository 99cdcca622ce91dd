"""What do all tests stand on: databases, one browser where a page is looked at, and which tests run?

Those marked long run only when they are asked for, with `-m long`. The normal run draws the same examples each time, so
that a new failure means a new change; the long one looks for examples that nobody has tried.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from bot.sandbox import signed_http, sockets, views
from tests.browser import NoBrowserError, launch

pytest_plugins = ("tests.databases", "tests.engines")

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes folders of its own in it
FIRST = frozenset(
    {
        "test_accepted.py", "test_calendar_oracle.py", "test_chaos.py", "test_clock_oracle.py", "test_due_at_once.py",
        "test_every_door.py", "test_hostile.py", "test_in_browser.py", "test_life.py", "test_machine.py",
        "test_machine_by_night.py", "test_sev1.py", "test_shipped.py", "test_strange.py",
    }
)  # fmt: skip
"""What takes longest begins first, so that in the end no worker is left alone with it."""

ROOM_BYTES = 4 * 2**30
"""Tests throw their databases away: where the system has a folder in memory, no commit of theirs waits for a disk."""


def pytest_configure(config: pytest.Config) -> None:
    # How fast the machine is just then says nothing about an example.
    settings.register_profile("same examples", derandomize=True, deadline=None)
    settings.register_profile("new examples", deadline=None)
    settings.load_profile("new examples" if "long" in str(config.option.markexpr) else "same examples")
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "long" in str(config.option.markexpr):
        return
    items.sort(key=lambda item: item.path.name not in FIRST)
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session", autouse=True)
def patient_workspace() -> Iterator[None]:
    """How fast the machine is, is not asked here: Slack's three seconds are thirty, but where a test is about them."""
    with pytest.MonkeyPatch.context() as patient:
        patient.setattr(sockets, "ACK_SECONDS", 30.0)
        patient.setattr(signed_http, "ACK_SECONDS", 30.0)
        patient.setattr(views, "TRIGGER_SECONDS", 30.0)
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a module's tests; no longer, since Playwright keeps an event loop in this thread."""
    with sync_playwright() as playwright:
        try:
            launched = launch(playwright)
        except NoBrowserError as none:
            pytest.fail(str(none), pytrace=False)
        yield launched
        launched.close()
