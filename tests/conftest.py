"""What do all tests stand on: databases, and one browser where a page is looked at."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import NoBrowserError, launch

pytest_plugins = ("tests.databases",)


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
