"""Which browser do the page's tests drive, and where does it come from if there is none?

Run as a program it makes sure of one before the tests start: `python -m tests.browser`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

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

APT = ("apt-get", "install", "--yes", "--quiet", "--no-install-recommends")
PACKAGES = ("chromium-headless-shell", "chromium")
"""Debian's names, the small one first; Ubuntu's are snaps, which Playwright's own browser stands in for."""


class NoBrowserError(Exception):
    """No browser starts; the message gives the commands that mend it."""


def installed_browser() -> str | None:
    """The browser named by CHROMIUM_PATH, else one of the system's; None leaves it to Playwright's own."""
    if named := os.environ.get("CHROMIUM_PATH"):
        return named
    found = (shutil.which(name) for name in NAMES)
    there = (place for place in PLACES if Path(place).exists())
    return next((path for path in (*found, *there) if path), None)


def launch(playwright: Playwright) -> Browser:
    """A headless Chromium. Raises NoBrowserError where none starts."""
    # Chromium refuses its own sandbox to root, which is who containers run as.
    args = ["--no-sandbox"] if _is_root() else []
    try:
        return playwright.chromium.launch(executable_path=installed_browser(), args=args)
    except Error as problem:
        reason = problem.message.strip().splitlines()[0]
        raise NoBrowserError(NONE_FOUND.format(reason=reason)) from None


def main() -> int:
    """Finds a browser that starts, or installs one where this machine lets us; 0 where there is one."""
    try:
        _start_once()
    except NoBrowserError as none:
        if os.environ.get("CHROMIUM_PATH") or not _install():
            print(none, file=sys.stderr)  # noqa: T201 - a program's word to whoever runs it
            return 1
    else:
        return 0
    try:
        _start_once()
    except NoBrowserError as none:
        print(none, file=sys.stderr)  # noqa: T201 - the same
        return 1
    return 0


def _start_once() -> None:
    with sync_playwright() as playwright:
        launch(playwright).close()


def _install() -> bool:
    """Whether one could be installed: by root from the packages of Debian, else as Playwright brings it."""
    print("No Chromium was found; installing one for the tests of the page.", flush=True)  # noqa: T201 - the same
    if _is_root() and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "--quiet"], check=False, stdout=subprocess.DEVNULL)
        for package in PACKAGES:
            if subprocess.run([*APT, package], check=False, stdout=subprocess.DEVNULL).returncode == 0:
                return True
    own = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    return subprocess.run(own, check=False).returncode == 0


def _is_root() -> bool:
    return getattr(os, "geteuid", lambda: 1)() == 0


if __name__ == "__main__":
    sys.exit(main())
