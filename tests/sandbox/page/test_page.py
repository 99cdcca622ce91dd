"""Does the page of the local workspace show what happens, and do what is pressed, for several people at once?"""

import json
import re

import pytest
from playwright.sync_api import BrowserContext, WebSocketRoute, expect
from slack_sdk import WebClient

from bot.sandbox.server import Address
from tests.sandbox.page.windows import Windows, message, write

pytestmark = pytest.mark.browser


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
    summary.fill("Mail is late")
    summary.press("Enter")
    expect(dialog).to_have_count(0)
    expect(message(page, "Reported: Mail is late, sev1, ['Production'], 2026-11-20")).to_be_visible()


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
def test_a_card_that_changes_under_the_finger_does_not_lose_the_click(windows: Windows) -> None:
    ana, bo = windows.open("U0ANA"), windows.open("U0BO")
    windows.act("U0CY", post="card please")
    message(ana, "Who takes it?").get_by_role("button", name="Drop").hover()
    ana.mouse.down()
    message(bo, "Who takes it?").get_by_role("button", name="Take it").click()
    expect(message(bo, "Taken by @Bo Berg")).to_be_visible()
    # What ana's window hears next it draws elsewhere, so that it has heard of the card too.
    windows.script.act("U0BO", channel="C0TRIAGE", post="I have it", wait=False)
    expect(ana.get_by_role("button", name="triage, 1 unread")).to_be_visible()
    ana.mouse.up()
    ana.get_by_role("dialog", name="Really?").get_by_role("button", name="Keep it").click()
    expect(message(ana, "Taken by @Bo Berg")).to_be_visible()


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


def test_a_long_channel_keeps_few_messages_on_the_page_and_brings_the_rest_to_who_scrolls_up(windows: Windows) -> None:
    for number in range(320):
        windows.act("U0CY", post=f"Line {number:03}")
    page = windows.open("U0ANA")
    shown = page.locator("#messages .message")
    expect(message(page, "Line 319")).to_be_in_viewport()
    expect(shown).to_have_count(100)
    windows.act("U0CY", post="One more")
    expect(message(page, "One more")).to_be_in_viewport()
    expect(shown).to_have_count(101)
    page.locator("#messages").evaluate("(box) => { box.scrollTop = 0; }")
    expect(message(page, "Line 121")).to_have_count(1)
    page.locator("#messages").evaluate("(box) => { box.scrollTop = 400; }")
    windows.act("U0CY", post="While you read above")
    page.get_by_role("button", name=re.compile("To the newest|more below")).click()
    expect(message(page, "While you read above")).to_be_in_viewport()
    expect(shown).to_have_count(100)


def test_a_thousand_messages_in_a_rush_leave_the_page_usable(windows: Windows) -> None:
    page = windows.open("U0ANA")
    for number in range(1000):
        windows.act("U0CY" if number % 3 else "U0DEE", post=f"Line {number:03}")
    expect(message(page, "Line 999")).to_be_in_viewport()
    assert page.locator("#messages .message").count() <= 150
    write(page, "Thank you all")
    expect(message(page, "Thank you all")).to_be_in_viewport()


def test_a_message_can_be_written_later_in_the_channel_where_it_was_begun(windows: Windows) -> None:
    page = windows.open("U0ANA")
    page.locator("#composer textarea").fill("Half a thou")
    page.get_by_role("button", name="operations").click()
    expect(page.locator("#composer textarea")).to_have_value("")
    page.get_by_role("button", name="acme").click()
    expect(page.locator("#composer textarea")).to_have_value("Half a thou")
    expect(page.locator("#composer textarea")).to_be_focused()


def test_the_address_of_a_message_leads_to_it_within_the_page(windows: Windows, address: Address) -> None:
    root = windows.act("U0CY", post="Mail is late")["ts"]
    reply = windows.act("U0DEE", post="Since noon", thread=root)["ts"]
    for number in range(40):
        windows.act("U0DEE", post=f"Line {number}")
    client = WebClient(address.bot_token, base_url=address.api_url)
    link = client.chat_getPermalink(channel="C0ACME", message_ts=reply)["permalink"]
    client.chat_postMessage(channel="C0TRIAGE", text=f"See <{link}|what Dee said>")
    page = windows.open("U0ANA", "C0TRIAGE")
    page.get_by_role("link", name="what Dee said").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("acme")
    expect(page.get_by_role("complementary").locator(".message").filter(has_text="Since noon")).to_be_in_viewport()


@pytest.mark.usefixtures("app")
def test_a_newcomer_is_shown_the_apps_answer_where_it_came(windows: Windows) -> None:
    page = windows.open("U0CY")
    write(page, "@Watchbell are you there?")
    pane = page.get_by_role("complementary", name="Thread")
    expect(pane.locator(".message").filter(has_text="I am listening.")).to_be_visible()
    expect(page.locator("#composer textarea")).to_be_focused()
    page.get_by_role("button", name="Close the thread").click()
    page.get_by_role("button", name="Dismiss the hint").click()
    write(page, "@Watchbell and now?")
    expect(message(page, "and now?").get_by_role("button", name="1 reply")).to_be_visible()
    expect(pane).to_be_hidden()


def test_a_story_is_told_line_by_line_to_every_window(windows: Windows, context: BrowserContext) -> None:
    page = context.new_page()
    links: list[WebSocketRoute] = []

    def pass_on(link: WebSocketRoute) -> None:
        link.connect_to_server()
        links.append(link)

    page.route_web_socket(re.compile("/page/live"), pass_on)
    windows.open("U0ANA", page=page)
    for line in ("Mon 09:00:00  #acme  Cy Young  Checkout <b>is</b> down", "Mon 09:00:01  #acme  Watchbell  T-1"):
        links[0].send(json.dumps([{"type": "story", "line": line, "done": False}]))
    told = page.get_by_role("region", name="Story transcript")
    expect(told.locator(".story-line")).to_have_count(2)
    expect(told).to_contain_text("Checkout <b>is</b> down")
    links[0].send(json.dumps([{"type": "story", "line": None, "done": True, "passed": True}]))
    told.get_by_role("button", name="Close the transcript").click()
    expect(told).to_be_hidden()
