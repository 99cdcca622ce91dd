"""Can one person play a whole ticket on the page, with the real desk behind it?"""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from bot.sandbox.server import Address
from tests.sandbox.page.windows import Windows, message, write
from tests.stories.play import Play

pytestmark = pytest.mark.browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    made.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    yield made
    made.close()


@pytest.fixture
def windows(context: BrowserContext, address: Address) -> Iterator[Windows]:
    opened = Windows(context, address)
    yield opened
    assert opened.complaints == []


def later(page: Page, name: str) -> None:
    """Moves the clock by its button, and waits until it has arrived."""
    page.get_by_role("button", name=name).click()
    expect(page.locator(".clock-due")).not_to_have_text("moving…")


def hurried(route: Route) -> None:
    """Lets a story be played without the time to read it."""
    asked = dict(route.request.post_data_json or {})
    route.continue_(post_data=json.dumps(asked | {"pace": 0}))


def thread_of(page: Page, words: str) -> None:
    message(page, words).first.get_by_role("button", name=re.compile(r"\d+ repl")).click()


def update_number(number: int) -> re.Pattern[str]:
    return re.compile(rf"\bupdate {number}\b(?!:)", re.IGNORECASE)


@pytest.mark.req("UP-1")
def test_a_sev_1_is_played_on_the_page_from_the_first_word_to_the_closing(play: Play, windows: Windows) -> None:
    windows.script.clock(rate=1)
    cy = windows.open("U0CY")
    write(cy, "@Watchbell sev1 Checkout is down")
    thread_of(cy, "Checkout is down")
    heard = cy.get_by_role("complementary", name="Thread").locator(".message")
    expect(heard.filter(has_text="we have your ticket").or_(heard.filter(has_text="T-1")).first).to_be_visible()

    ana = windows.open("U0ANA", "@bot")
    message(ana, "T-1").get_by_role("button", name="Acknowledge").first.click()
    expect(message(ana, "Acknowledged by Ana Lima").first).to_be_visible()

    for update in (1, 2, 3):
        later(ana, "One hour later")
        expect(heard.filter(has_text=update_number(update))).to_have_count(1)
    assert [f"{each.at:%H:%M}" for each in play.acme.messages("update")] == ["15:00", "16:00", "17:00"]

    mei = windows.open("U0MEI", "C0TRIAGE")
    write(mei, "/escalate T-1 to 4 Three hours are too long")
    expect(message(mei, "T-1 is escalated to level 4").first).to_contain_text("Only visible to you")
    expect(heard.filter(has_text="Executive").first).to_be_visible()

    message(mei, "Checkout is down").get_by_role("button", name="Resolve").click()
    form = mei.get_by_role("dialog")
    for label, words in (("Root cause", "A certificate."), ("Workaround", "None."), ("Prevention", "A watch on it.")):
        form.get_by_label(label).fill(words)
    form.get_by_role("button", name="Resolve").click()
    expect(form).to_have_count(0)

    cy.get_by_role("complementary", name="Thread").get_by_role("button", name="It works").click()
    expect(heard.filter(has_text="is closed").last).to_be_visible()
    expect(message(mei, "Checkout is down").first).to_contain_text(re.compile("closed", re.IGNORECASE))


@pytest.mark.timeout(240)
def test_the_sev_1_story_is_played_before_ones_eyes(play: Play, windows: Windows) -> None:
    play.cy.posts("@Watchbell sev4 A ticket from before")
    page = windows.open("U0CY")
    page.route("**/page/story", hurried)

    page.get_by_role("button", name="Play the Sev 1 story").click()

    told = page.get_by_role("region", name="Story transcript")
    expect(told.get_by_role("heading")).to_contain_text("Playing")
    expect(message(page, "Checkout is down").first).to_be_visible()
    expect(told.get_by_role("heading")).to_contain_text("Played", timeout=180_000)
    expect(told).to_contain_text("T-2 is closed")
    thread_of(page, "Checkout is down")
    heard = page.get_by_role("complementary", name="Thread").locator(".message")
    for update in (1, 2, 3):
        expect(heard.filter(has_text=update_number(update))).to_have_count(1)
