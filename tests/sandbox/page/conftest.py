"""What the page's tests stand on: a fresh workspace, a small app on it, and windows that must not complain."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext

from bot.sandbox.server import Address, Server
from tests.sandbox.page.app import MANIFEST, PageApp
from tests.sandbox.page.windows import Windows

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def address() -> Iterator[Address]:
    with Server(start_at=MONDAY, manifest=MANIFEST) as listening:
        yield listening


@pytest.fixture
def app(address: Address) -> Iterator[None]:
    connected = PageApp(address)
    yield
    connected.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def windows(context: BrowserContext, address: Address) -> Iterator[Windows]:
    opened = Windows(context, address)
    yield opened
    assert opened.complaints == []
