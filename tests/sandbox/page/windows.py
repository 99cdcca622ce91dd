"""How does a test look at the page? Through windows, one person each."""

from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from bot.sandbox.server import Address
from tests.sandbox.script import Script


class Windows:
    """Browser windows, one person each; anything written to the console as an error fails the test."""

    def __init__(self, context: BrowserContext, address: Address) -> None:
        self.context = context
        self.url = address.url
        self.script = Script(address.control_url)
        self.complaints: list[str] = []

    def open(self, person: str, channel: str = "C0ACME", *, page: Page | None = None) -> Page:
        page = page or self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{self.url}/?as={person}&in={channel}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page

    def act(self, person: str, **body: Any) -> dict[str, Any]:
        return self.script.act(person, channel="C0ACME", wait=False, **body)


def write(page: Page, text: str) -> None:
    box = page.locator("#composer textarea")
    box.fill(text)
    box.press("Enter")


def message(page: Page, text: str) -> Locator:
    return page.locator("#messages .message").filter(has_text=text)
