"""Does the page of the local workspace show what happens, and do what is pressed, for several people at once?"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebSocketRoute, expect

from bot.sandbox.server import Address, Server
from tests.sandbox.page_app import MANIFEST, PageApp
from tests.sandbox.script import Script

pytestmark = pytest.mark.browser

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

UNNAMED_CONTROLS = """() => [...document.querySelectorAll("button, a[href], input, select, textarea, [role=listbox]")]
  .filter((node) => node.checkVisibility())
  .filter((node) => !(node.getAttribute("aria-label")
    || document.getElementById(node.getAttribute("aria-labelledby") ?? "")?.textContent.trim()
    || [...(node.labels ?? [])].some((label) => label.textContent.trim())
    || (node.matches("button, a") && node.textContent.trim())))
  .map((node) => node.outerHTML)"""

REPEATED_IDS = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}"""


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


@pytest.fixture
def windows(context: BrowserContext, address: Address) -> Iterator[Windows]:
    opened = Windows(context, address)
    yield opened
    assert opened.complaints == []


def write(page: Page, text: str) -> None:
    box = page.locator("#composer textarea")
    box.fill(text)
    box.press("Enter")


def message(page: Page, text: str) -> Any:
    return page.locator("#messages .message").filter(has_text=text)


def test_what_a_customer_writes_appears_in_an_engineers_window_at_once(windows: Windows) -> None:
    cy, ana = windows.open("U0CY"), windows.open("U0ANA")
    write(cy, "Checkout is *down*")
    for page in (cy, ana):
        said = message(page, "Checkout is down")
        expect(said).to_be_visible()
        expect(said.locator("strong.message-name")).to_have_text("Cy Young")
        expect(said.locator(".message-body strong")).to_have_text("down")
    expect(message(ana, "Checkout is down").locator(".tag-guest")).to_have_text("Acme Corp")
    expect(cy.locator("#composer textarea")).to_have_value("")


def test_the_welcome_line_leads_a_newcomer_from_customer_to_engineer(windows: Windows) -> None:
    page = windows.open("U0CY")
    expect(page.locator("#welcome")).to_contain_text("You are Cy, a customer.")
    page.get_by_role("button", name="Checkout is down").click()
    page.get_by_role("button", name="Send").click()
    expect(message(page, "Checkout is down")).to_be_visible()
    page.locator("#welcome").get_by_role("button", name="be Ana").click()
    expect(page.locator(".you")).to_have_text("You are Ana Lima — Watchbell")
    expect(page).to_have_url(re.compile("as=U0ANA"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Watchbell")


def test_everybody_is_one_click_away(windows: Windows) -> None:
    page = windows.open("U0CY")
    page.get_by_role("link", name="Be Mei Tan, Watchbell").click()
    expect(page.locator(".you")).to_contain_text("Mei Tan")
    expect(page.get_by_role("button", name="triage")).to_be_visible()
    page.get_by_role("link", name="Be Dee Park, Acme Corp").click()
    expect(page.locator(".you")).to_contain_text("Dee Park — Acme Corp, a customer")
    expect(page.get_by_role("button", name="triage")).to_have_count(0)


@pytest.mark.usefixtures("app")
def test_a_form_keeps_its_words_through_errors_and_then_submits(windows: Windows) -> None:
    page = windows.open("U0ANA")
    box = page.locator("#composer textarea")
    box.press_sequentially("/rep")
    expect(page.get_by_role("option")).to_contain_text(["/report"])
    box.press("Tab")
    expect(box).to_have_value("/report ")
    box.press("Enter")
    dialog = page.get_by_role("dialog", name="Report")
    summary = dialog.get_by_label("Summary")
    expect(summary).to_be_focused()
    dialog.get_by_role("button", name="Send it").click()
    expect(dialog.get_by_text("Please fill in this field.")).to_have_count(2)
    summary.fill("help")
    dialog.get_by_label("Severity").select_option("Sev 1")
    dialog.get_by_label("Production").check()
    dialog.get_by_label("Since").fill("2026-11-20")
    dialog.get_by_role("button", name="Send it").click()
    expect(dialog.get_by_text("Please say what is wrong.")).to_be_visible()
    expect(summary).to_have_attribute("aria-invalid", "true")
    expect(summary).to_have_value("help")
    assert page.evaluate(UNNAMED_CONTROLS) == []
    summary.fill("Mail is late")
    summary.press("Enter")
    expect(dialog).to_have_count(0)
    expect(message(page, "Reported: Mail is late, sev1, ['Production'], 2026-11-20")).to_be_visible()


@pytest.mark.usefixtures("app")
def test_escape_closes_a_form_and_the_focus_stays_inside_it_until_then(windows: Windows) -> None:
    page = windows.open("U0ANA")
    write(page, "/report")
    dialog = page.get_by_role("dialog", name="Report")
    expect(dialog).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        # Past the last control the browser's own bar is next, which shows as the body; never the page beneath.
        inside = "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        assert page.evaluate(inside)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


@pytest.mark.usefixtures("app")
def test_a_button_changes_the_card_for_all_and_whispers_to_who_pressed_it(windows: Windows) -> None:
    cy, ana = windows.open("U0CY"), windows.open("U0ANA")
    write(cy, "card please")
    expect(message(ana, "Who takes it?")).to_be_visible()
    message(ana, "Who takes it?").get_by_role("button", name="Take it").click()
    for page in (cy, ana):
        expect(message(page, "Taken by @Ana Lima")).to_be_visible()
        expect(page.get_by_role("button", name="Take it")).to_have_count(0)
    expect(message(ana, "It is yours now.")).to_contain_text("Only visible to you")
    expect(message(cy, "It is yours now.")).to_have_count(0)


@pytest.mark.usefixtures("app")
def test_a_dangerous_button_asks_first(windows: Windows) -> None:
    page = windows.open("U0CY")
    write(page, "card please")
    page.get_by_role("button", name="Drop").click()
    dialog = page.get_by_role("dialog", name="Really?")
    expect(dialog.locator(".modal-body strong")).to_have_text("cannot")
    dialog.get_by_role("button", name="Keep it").click()
    expect(message(page, "Who takes it?")).to_be_visible()
    page.get_by_role("button", name="Drop").click()
    page.get_by_role("button", name="Drop it").click()
    expect(message(page, "Who takes it?")).to_have_count(0)


@pytest.mark.usefixtures("app")
def test_a_choice_in_a_message_reaches_the_app(windows: Windows) -> None:
    page = windows.open("U0CY")
    write(page, "card please")
    page.get_by_role("combobox", name="Grade").select_option("High")
    expect(message(page, "Graded high.")).to_be_visible()


@pytest.mark.usefixtures("app")
def test_a_command_that_answers_at_once_shows_its_answer_once(windows: Windows) -> None:
    page = windows.open("U0ANA")
    write(page, "/rota")
    expect(message(page, "Ana is on call.")).to_have_count(1)
    expect(message(page, "Ana is on call.")).to_contain_text("Only visible to you")


@pytest.mark.usefixtures("app")
def test_a_thread_opens_beside_the_channel_and_both_count_its_replies(windows: Windows) -> None:
    cy, ana = windows.open("U0CY"), windows.open("U0ANA")
    box = cy.locator("#composer textarea")
    box.press_sequentially("@wat")
    box.press("Enter")
    box.press_sequentially("are you there?")
    box.press("Enter")
    asked = message(ana, "are you there?")
    expect(asked.locator(".mention")).to_have_text("@Watchbell")
    asked.get_by_role("button", name="1 reply").click()
    pane = ana.get_by_role("complementary", name="Thread")
    expect(pane.locator(".message")).to_have_count(2)
    reply = pane.get_by_role("combobox", name="Reply in the thread")
    expect(reply).to_be_focused()
    reply.fill("And so am I")
    reply.press("Enter")
    expect(pane.locator(".message").filter(has_text="And so am I")).to_be_visible()
    for page in (cy, ana):
        expect(message(page, "are you there?").get_by_role("button", name="2 replies")).to_be_visible()
        expect(message(page, "And so am I")).to_have_count(0)
    reply.press("Escape")
    expect(pane).to_be_hidden()


def test_reactions_are_picked_shared_and_taken_back(windows: Windows) -> None:
    cy, ana = windows.open("U0CY"), windows.open("U0ANA")
    write(cy, "Mail is late")
    said = message(ana, "Mail is late")
    said.hover()
    said.get_by_role("button", name="Add a reaction").first.click()
    ana.get_by_role("button", name="ticket", exact=True).click()
    expect(message(cy, "Mail is late").get_by_role("button", name="ticket, 1, by Ana Lima")).to_be_visible()
    said.get_by_role("button", name="ticket, 1, by Ana Lima").click()
    expect(message(cy, "Mail is late").locator(".reaction")).to_have_count(0)


def test_own_messages_can_be_edited_and_deleted(windows: Windows) -> None:
    cy, ana = windows.open("U0CY"), windows.open("U0ANA")
    write(cy, "Chekout is down")
    for name in ("Edit message", "Delete message"):
        message(cy, "is down").hover()
        message(cy, "is down").get_by_role("button", name="More actions").click()
        cy.get_by_role("menuitem", name=name).click()
        if name == "Edit message":
            cy.get_by_label("Edit the message").fill("Checkout is down")
            cy.get_by_label("Edit the message").press("Enter")
            expect(message(ana, "Checkout is down")).to_contain_text("(edited)")
    expect(message(ana, "is down")).to_have_count(0)


@pytest.mark.usefixtures("app")
def test_message_shortcuts_are_for_the_installing_workspace_only(windows: Windows) -> None:
    cy, ana = windows.open("U0CY"), windows.open("U0ANA")
    windows.act("U0DEE", post="Login is slow")
    message(ana, "Login is slow").hover()
    message(ana, "Login is slow").get_by_role("button", name="More actions").click()
    ana.get_by_role("menuitem", name="Report this").click()
    expect(ana.get_by_role("dialog", name="Report")).to_be_visible()
    message(cy, "Login is slow").hover()
    expect(message(cy, "Login is slow").get_by_role("button", name="More actions")).to_have_count(0)


@pytest.mark.usefixtures("app")
def test_the_home_tab_shows_what_the_app_published(windows: Windows) -> None:
    page = windows.open("U0ANA", "@bot")
    page.get_by_role("button", name="Home").click()
    expect(page.locator("#home")).to_contain_text("Nothing is open.")


STRANGE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "&lt;b&gt; &amp;amp;",
    '"><svg onload=alert(1)>',
    "<!channel> <!here>",
]


def test_strange_text_stays_text(windows: Windows) -> None:
    page = windows.open("U0CY")
    for text in STRANGE:
        write(page, text)
        expect(page.locator("#messages .message-text").last).to_have_text(text)
    assert page.locator("#messages img, #messages script, #messages .message-text svg").count() == 0
    assert page.locator("#messages .mention-all").count() == 0


def test_the_clock_moves_for_every_window(windows: Windows) -> None:
    cy, ana = windows.open("U0CY"), windows.open("U0ANA")
    windows.script.clock(to="23:30")
    expect(ana.get_by_role("timer")).to_contain_text("23:30:00")
    write(cy, "Still here?")
    cy.get_by_role("button", name="One hour later").click()
    expect(ana.get_by_role("timer")).to_contain_text("00:30:00")
    expect(ana.get_by_role("separator", name="Yesterday")).to_be_visible()
    write(cy, "Good morning")
    expect(message(ana, "Good morning").locator("time")).to_have_text("00:30")
    expect(ana.get_by_role("separator", name="Today")).to_be_visible()


def test_unread_channels_are_counted_until_they_are_opened(windows: Windows) -> None:
    page = windows.open("U0ANA", "C0TRIAGE")
    for number in range(3):
        windows.act("U0CY", post=f"Question {number}")
    unread = page.get_by_role("button", name="acme, shared with Acme Corp, 3 unread")
    expect(unread).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(3\) #triage"))
    unread.click()
    expect(message(page, "Question 2")).to_be_visible()
    expect(page.get_by_role("button", name="acme, shared with Acme Corp", exact=True)).to_be_visible()


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


def test_a_broken_link_is_mended_and_nothing_is_missing(windows: Windows, context: BrowserContext) -> None:
    page = context.new_page()
    links: list[WebSocketRoute] = []

    def pass_on(link: WebSocketRoute) -> None:
        link.connect_to_server()
        links.append(link)

    page.route_web_socket(re.compile("/page/live"), pass_on)
    windows.open("U0ANA", page=page)
    windows.act("U0CY", post="Before")
    expect(message(page, "Before")).to_be_visible()
    links[0].close()
    windows.act("U0CY", post="Meanwhile")
    expect(message(page, "Meanwhile")).to_be_visible()
    windows.act("U0CY", post="After")
    expect(message(page, "After")).to_have_count(1)
    assert len(links) == 2


def test_a_long_channel_keeps_few_messages_on_the_page_and_gives_the_rest_on_request(windows: Windows) -> None:
    for number in range(320):
        windows.act("U0CY", post=f"Line {number:03}")
    page = windows.open("U0ANA")
    shown = page.locator("#messages .message")
    expect(message(page, "Line 319")).to_be_in_viewport()
    expect(shown).to_have_count(200)
    windows.act("U0CY", post="One more")
    expect(message(page, "One more")).to_be_in_viewport()
    expect(shown).to_have_count(200)
    page.get_by_role("button", name="Earlier messages").click()
    expect(message(page, "Line 100")).to_have_count(1)
    page.locator("#messages").evaluate("(box) => { box.scrollTop = 400; }")
    windows.act("U0CY", post="While you read above")
    page.get_by_role("button", name=re.compile("To the newest|more below")).click()
    expect(message(page, "While you read above")).to_be_in_viewport()
    expect(shown).to_have_count(200)


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_control_has_a_name_and_every_id_is_unique(
    windows: Windows, context: BrowserContext, scheme: Literal["light", "dark"]
) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)
    windows.open("U0CY", page=page)
    write(page, "card please")
    expect(page.get_by_role("button", name="Take it")).to_be_visible()
    assert page.locator("html").get_attribute("data-theme") == scheme
    assert page.evaluate(UNNAMED_CONTROLS) == []
    assert page.evaluate(REPEATED_IDS) == []
    for landmark in ("banner", "navigation", "main"):
        expect(page.get_by_role(landmark)).to_have_count(1)


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
    expect(page.get_by_role("alert")).to_contain_text("slash commands")
    expect(page.locator("#composer textarea")).to_have_value("/ticket Checkout is down")
    windows.complaints.clear()  # the browser itself notes the refused request
