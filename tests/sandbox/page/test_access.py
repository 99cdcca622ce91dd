"""Can everybody use the page: by keyboard, by screen reader, in light and in dark?"""

from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.sandbox.page.windows import Windows, message, write

pytestmark = pytest.mark.browser


UNNAMED_CONTROLS = """() => [...document.querySelectorAll("button, a[href], input, select, textarea, [role=listbox]")]
  .filter((node) => node.checkVisibility())
  .filter((node) => !(node.getAttribute("aria-label")
    || document.getElementById(node.getAttribute("aria-labelledby") ?? "")?.textContent.trim()
    || [...(node.labels ?? [])].some((label) => label.textContent.trim())
    || (node.matches("button, a") && node.textContent.trim())))
  .map((node) => node.outerHTML)"""

# Texts whose colour stands out from what is behind it by less than 4.5 to 1 (WCAG 2, AA); opacity is not looked at.
FAINT_TEXTS = """() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => channels(colour).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((channels(colour)[3] ?? 1) === 1) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const faint = (node) => {
    const [one, other] = [light(getComputedStyle(node).color), light(behind(node))].sort((a, b) => b - a);
    return (one + 0.05) / (other + 0.05) < 4.5;
  };
  return [...document.querySelectorAll("body *")]
    .filter((node) => node.checkVisibility() && !node.matches(":disabled, option, .unseen"))
    .filter((node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()))
    .filter(faint).map((node) => `${node.className}: ${node.textContent}`);
}"""

REPEATED_IDS = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}"""


@pytest.mark.usefixtures("app")
def test_escape_closes_a_form_and_the_focus_stays_inside_it_until_then(windows: Windows) -> None:
    page = windows.open("U0ANA")
    write(page, "/report")
    dialog = page.get_by_role("dialog", name="Report")
    expect(dialog).to_be_visible()
    assert page.evaluate(UNNAMED_CONTROLS) == []
    for _ in range(12):
        page.keyboard.press("Tab")
        # Past the last control the browser's own bar is next, which shows as the body; never the page beneath.
        inside = "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        assert page.evaluate(inside)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_the_keyboard_goes_anywhere(windows: Windows) -> None:
    page = windows.open("U0ANA")
    page.keyboard.press("Control+k")
    page.keyboard.type("oper")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("operations")
    page.keyboard.press("Control+k")
    page.keyboard.type("be gil")
    page.keyboard.press("Enter")
    expect(page.locator(".you")).to_contain_text("Gil Roux")


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_have_names_ids_are_unique_and_texts_stand_out(
    windows: Windows, context: BrowserContext, scheme: Literal["light", "dark"]
) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)
    windows.open("U0CY", page=page)
    write(page, "card please")
    expect(page.get_by_role("button", name="Take it")).to_be_visible()
    windows.act("U0ANA", post="Hello <@U0CY>, see `this` :bell:\n> a quote", thread="last")
    expect(message(page, "Who takes it?")).to_contain_text("1 reply")
    message(page, "Who takes it?").hover()
    message(page, "Who takes it?").get_by_role("button", name="Reply in thread").click()
    expect(page.get_by_role("complementary").locator(".message")).to_have_count(2)
    page.locator("#composer textarea").fill("@a")
    expect(page.get_by_role("listbox", name="Suggestions").get_by_role("option").first).to_be_visible()
    assert page.locator("html").get_attribute("data-theme") == scheme
    assert page.evaluate(UNNAMED_CONTROLS) == []
    assert page.evaluate(REPEATED_IDS) == []
    assert page.evaluate(FAINT_TEXTS) == []
    for landmark in ("banner", "navigation", "main"):
        expect(page.get_by_role(landmark)).to_have_count(1)

    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert page.evaluate(UNNAMED_CONTROLS) == []
    assert page.evaluate(FAINT_TEXTS) == []


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_form_with_errors_is_readable_on_a_narrow_page(
    windows: Windows, context: BrowserContext, scheme: Literal["light", "dark"]
) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 400, "height": 800})
    windows.open("U0ANA", page=page)
    write(page, "/report")
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("button", name="Send it").hover()
    expect(page.get_by_text("Please fill in this field.")).to_have_count(2)
    assert page.evaluate("document.querySelector('dialog').getBoundingClientRect().right <= innerWidth")
    page.locator(".input-error").first.evaluate("told => told.textContent = 'x'.repeat(200)")
    assert page.locator(".modal-body").evaluate("body => body.scrollWidth <= body.clientWidth")
    assert page.evaluate(UNNAMED_CONTROLS) == []
    assert page.evaluate(FAINT_TEXTS) == []


def test_the_theme_can_be_chosen_and_is_remembered(windows: Windows) -> None:
    page = windows.open("U0CY")
    html = page.locator("html")
    expect(html).to_have_attribute("data-theme", "light")
    page.get_by_role("button", name="Light or dark").click()
    expect(html).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(html).to_have_attribute("data-theme", "dark")


def test_what_was_refused_is_said_and_what_was_written_comes_back(windows: Windows) -> None:
    page = windows.open("U0CY")
    write(page, "/ticket Checkout is down")
    expect(page.get_by_role("alert")).to_contain_text("Slash commands exist only")
    expect(page.locator("#composer textarea")).to_have_value("/ticket Checkout is down")
    windows.complaints.clear()  # the browser itself notes the refused request
