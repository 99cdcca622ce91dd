"""Which browser do the page's tests drive, and what if there is none?"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright, sync_playwright

pytest_plugins = ("tests.databases",)

NAMES = (
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "chromium-headless-shell",
    "msedge",
    "microsoft-edge",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
NONE_FOUND = """No Chromium was found for the tests of the page. Any one of these mends it:
  sudo apt-get install --no-install-recommends chromium-headless-shell
  uv run playwright install --with-deps --only-shell chromium
  CHROMIUM_PATH=/path/to/chrome make test
({reason})"""


def installed_browser() -> str | None:
    """The browser named by CHROMIUM_PATH, else one of the system's; None leaves it to Playwright's own."""
    if named := os.environ.get("CHROMIUM_PATH"):
        return named
    found = (shutil.which(name) for name in NAMES)
    there = (place for place in PLACES if Path(place).exists())
    return next((path for path in (*found, *there) if path), None)


def launch(playwright: Playwright) -> Browser:
    """A headless Chromium; fails the test with the commands that mend it where there is none."""
    # Chromium refuses its own sandbox to root, which is who containers run as.
    args = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    try:
        return playwright.chromium.launch(executable_path=installed_browser(), args=args)
    except Error as problem:
        reason = problem.message.strip().splitlines()[0]
    return pytest.fail(NONE_FOUND.format(reason=reason), pytrace=False)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a module's tests; no longer, since Playwright keeps an event loop in this thread."""
    with sync_playwright() as playwright:
        launched = launch(playwright)
        yield launched
        launched.close()
