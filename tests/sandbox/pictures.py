"""How do the README's pictures come about? The Sev 1 story, stopped where there is something to see.

Run it after the page has changed: `python -m tests.sandbox.pictures`.
"""

import itertools
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import yaml
from playwright.sync_api import Browser, expect, sync_playwright

import bot
from bot.app.local import desk_on
from bot.app.workspace import manifest
from bot.sandbox import story
from bot.sandbox.server import Server
from tests.browser import launch

PACKAGE = Path(bot.__file__).parent
STORY = PACKAGE / "sandbox" / "stories" / "sev1.yml"
FOLDER = PACKAGE / "sandbox" / "page" / "pictures"


MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
REPLIES = re.compile(r"^\d+ repl")


@dataclass(frozen=True, slots=True)
class Picture:
    """One view of the page, just before the story's first step that says `before`: whose, where, how."""

    name: str
    before: str
    person: str
    channel: str
    height: int = 800
    scheme: Literal["light", "dark"] = "light"
    thread: str = ""
    """The message whose thread is open, by its words."""


PICTURES = (
    Picture("customer", "/escalate", "U0CY", "C0ACME", thread="Checkout is down"),
    Picture("page", "Acknowledge", "U0BO", "@bot", height=560, scheme="dark"),
    Picture("triage", "/escalate", "U0BO", "C0TRIAGE", thread="Checkout is down"),
)


def main() -> None:
    """Draw every picture anew."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for picture in PICTURES:
            take(browser, picture)
        browser.close()


def take(browser: Browser, picture: Picture) -> None:
    """Play the story as far as this picture needs it, and take the picture."""
    with (
        Server(start_at=MONDAY, manifest=manifest()) as address,
        desk_on(address),
        tempfile.TemporaryDirectory() as folder,
    ):
        part = Path(folder) / "part.yml"
        part.write_text(yaml.safe_dump(beginning(picture.before), sort_keys=False), encoding="utf-8")
        if not story.play(str(part), address.control_url, lambda _: None):
            raise SystemExit(f"The story did not get as far as {picture.name} needs it.")
        context = browser.new_context(
            viewport={"width": 1280, "height": picture.height}, color_scheme=picture.scheme, reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(f"{address.url}/?as={picture.person}&in={picture.channel}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")
        if picture.thread:
            head = page.locator("#messages .message").filter(has_text=picture.thread).first
            head.get_by_role("button", name=REPLIES).click()
            expect(page.locator("#thread .message").first).to_be_visible()
            page.mouse.move(0, 0)
        page.screenshot(path=FOLDER / f"{picture.name}.png")
        context.close()


def beginning(before: str) -> dict[str, object]:
    """The story as far as its first step that says `before`."""
    whole = yaml.safe_load(STORY.read_text(encoding="utf-8"))
    steps = itertools.takewhile(lambda step: "note" in step or before not in str(step), whole["steps"])
    return {**whole, "steps": list(steps)}


if __name__ == "__main__":
    main()
