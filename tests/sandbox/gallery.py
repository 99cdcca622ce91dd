"""How does everything look that people read and fill in? One Sev 1, stopped seven times, in light and in dark.

Run it after a text or the page has changed: `python -m tests.sandbox.gallery`. `docs/pictures.md` shows what it draws.
"""

import json
import tempfile
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from playwright.sync_api import Locator, Page, expect, sync_playwright

from bot.app.local import bringing, desk_on
from bot.app.workspace import manifest
from bot.sandbox import story
from bot.sandbox.server import Address, Server
from tests.browser import launch
from tests.sandbox.pictures import MONDAY, REPLIES, STORY

FOLDER = Path("docs") / "pictures"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PATIENCE_MS = 120_000
HEAD = "Checkout is down"
TICKET = "T-1"


@dataclass(frozen=True, slots=True)
class View:
    """One picture: what it is called, whose page it is and where, and which part of the page it shows."""

    name: str
    person: str
    place: str
    part: Callable[[Page], Locator]


def message(words: str) -> Callable[[Page], Locator]:
    """The newest message of the channel with these words."""
    return lambda page: page.locator("#messages .message").filter(has_text=words).last


def answer(words: str) -> Callable[[Page], Locator]:
    """The newest message of the ticket's thread with these words."""

    def part(page: Page) -> Locator:
        page.locator("#messages .message").filter(has_text=HEAD).first.get_by_role("button", name=REPLIES).click()
        return page.locator("#thread .message").filter(has_text=words).last

    return part


def form(button: str, *, words: str = HEAD) -> Callable[[Page], Locator]:
    """The form that a button of a message opens."""

    def part(page: Page) -> Locator:
        message(words)(page).get_by_role("button", name=button).first.click()
        return page.get_by_role("dialog")

    return part


def tab(page: Page) -> Locator:
    """The app's home tab."""
    page.get_by_role("button", name="Home").click()
    return page.locator("#home .home-view")


def shown(page: Page) -> Locator:
    """The form that is open already."""
    return page.get_by_role("dialog")


def details(page: Page) -> Locator:
    """The form that the receipt's button opens."""
    answer("We understood")(page).get_by_role("button", name="Add details").click()
    return page.get_by_role("dialog")


STOPS: tuple[tuple[str, tuple[View, ...]], ...] = (
    (
        "Ana does not answer",
        (
            View("receipt", "U0CY", "C0ACME", answer("We understood")),
            View("question", "U0CY", "C0ACME", answer("would help us")),
            View("page", "U0ANA", "@bot", message(f"{TICKET}")),
            View("form-details", "U0CY", "C0ACME", details),
        ),
    ),
    (
        "Nobody writes the second one",
        (
            View("card", "U0BO", "C0TRIAGE", message(HEAD)),
            View("update", "U0CY", "C0ACME", message("update 1")),
            View("reply", "U0CY", "C0ACME", answer("we see it too")),
            View("form-reply", "U0BO", "C0TRIAGE", form("Reply")),
            View("form-escalate", "U0BO", "C0TRIAGE", form("Escalate")),
            View("form-resolve", "U0BO", "C0TRIAGE", form("Resolve")),
            View("home-customer", "U0CY", "@bot", tab),
            View("home-engineer", "U0BO", "@bot", tab),
            View("home-manager", "U0MEI", "@bot", tab),
            View("form-ticket", "U0KAI", "C0TRIAGE", shown),
            View("form-admin", "U0VIC", "C0TRIAGE", shown),
        ),
    ),
    ("{click: It works", (View("resolution", "U0CY", "C0ACME", message("is solved")),)),
    ("{nothing:", (View("closing", "U0CY", "C0ACME", answer("is closed")),)),
)
COMMANDS = {"form-ticket": ("kai", "/ticket"), "form-admin": ("vic", "/ticket admin")}
"""What has to be typed before a form is there."""


def main() -> None:
    """Draw every picture anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Server(start_at=MONDAY, manifest=manifest()) as address, desk_on(address) as desk, sync_playwright() as driver:
        browser = launch(driver)
        page = browser.new_context(viewport={"width": 1180, "height": 1300}, reduced_motion="reduce").new_page()
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        for steps, views in _parts():
            _plays(steps, address, bringing(desk))
            for view in views:
                _draw(page, address, view)
        browser.close()


def _parts() -> list[tuple[dict[str, object], tuple[View, ...]]]:
    """The story in as many parts as there are stops; a part after the first goes on where the one before ended."""
    text = STORY.read_text(encoding="utf-8")
    whole = yaml.safe_load(text)
    steps, found = list(whole["steps"]), []
    for before, views in STOPS:
        end = next(number for number, step in enumerate(steps) if before.strip("{:") in _written(step))
        # What is looked for was seen when the story is tested; a part begins without knowing what came before.
        found.append((whole | {"steps": [step for step in steps[:end] if not {"see", "nothing"} & {*step}]}, views))
        steps = json.loads(json.dumps(steps[end:]).replace("{ticket}", TICKET))
        whole.pop("start", None)
    return found


def _written(step: object) -> str:
    return str(step).replace("'", "")


def _plays(part: dict[str, object], address: Address, bring: Callable[[Path], None]) -> None:
    told: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "part.yml"
        file.write_text(yaml.safe_dump(part, sort_keys=False), encoding="utf-8")
        if not story.play(str(file), address.control_url, told.append, bring=bring):
            raise SystemExit("\n".join(told[-5:]))


def _draw(page: Page, address: Address, view: View) -> None:
    if view.name in COMMANDS:
        who, command = COMMANDS[view.name]
        _acts(address, {"as": who, "command": command, "channel": "triage"})
    page.goto(f"{address.url}/?as={view.person}&in={view.place}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    part = view.part(page)
    expect(part).to_be_visible()
    page.mouse.move(0, 0)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        part.screenshot(path=FOLDER / f"{view.name}{'' if scheme == 'light' else '-dark'}.png")
    cancel = page.get_by_role("dialog").get_by_role("button", name="Cancel")
    if cancel.count():
        cancel.click()


def _acts(address: Address, act: dict[str, object]) -> None:
    request = urllib.request.Request(  # noqa: S310 - the workspace that we started ourselves
        f"{address.control_url}/act", data=json.dumps(act).encode(), headers={"content-type": "application/json"}
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as got:
        said = json.load(got)
    if not said["ok"]:
        raise SystemExit(str(said))


if __name__ == "__main__":
    main()
