"""What do mrkdwn, Markdown, rich text and every block become on the page, and what do their inputs report?"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.sandbox.server import Server

pytestmark = pytest.mark.browser

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with Server(start_at=MONDAY) as address:
        opened = browser.new_page()
        opened.goto(f"{address.url}/?as=U0CY")
        expect(opened.get_by_role("heading", level=1)).to_have_text("acme")
        yield opened
        opened.close()


def drawn(page: Page, module: str, function: str, given: object) -> str:
    """The markup of what a module's function makes of something."""
    html: str = page.evaluate(
        """async ([module, name, given]) => {
          const made = (await import(`/static/${module}.js`))[name](given);
          const box = document.createElement("div");
          box.append(...[made].flat(Infinity));
          return box.innerHTML;
        }""",
        [module, function, given],
    )
    return html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _slanted_ ~struck~", "<strong>bold</strong> <em>slanted</em> <s>struck</s>"),
        ("*bold _and slanted_*", "<strong>bold <em>and slanted</em></strong>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case_name", "snake_case_name"),
        ("* not bold*", "* not bold*"),
        ("`*plain*`", "<code>*plain*</code>"),
        ("```a *b*\n<c```", "<pre><code>a *b*\n&lt;c</code></pre>"),
        ("&gt; said\nanswered", "<blockquote>said</blockquote>answered"),
        ("one\ntwo", "one<br>two"),
        ("&lt;b&gt; &amp;lt;", "&lt;b&gt; &amp;lt;"),
        ("<@U0ANA>", '<span class="mention">@Ana Lima</span>'),
        ("<@U0CY>", '<span class="mention mention-me">@Cy Young</span>'),
        ("<#C0ACME>", '<span class="mention">#acme</span>'),
        ("<!channel>", '<span class="mention mention-all">@channel</span>'),
        ("<!date^1767603600^{date_num} {time}|then>", '<span class="moment" title="then">2026-01-05 09:00</span>'),
        ("<!date^never^{time}|then>", '<span class="moment" title="then">then</span>'),
        (":bell: :nosuch: 10:30:00", '<span class="emoji" role="img" aria-label="bell">🔔</span> :nosuch: 10:30:00'),
        ("<javascript:alert(1)|press me>", "press me"),
        ("<javascript:alert(1)>", "&lt;javascript:alert(1)&gt;"),
        ("<data:text/html,x|press me>", "press me"),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
        ("", ""),
    ],
)
def test_mrkdwn_looks_as_in_slack(page: Page, text: str, html: str) -> None:
    assert drawn(page, "mrkdwn", "mrkdwn", text) == html


def test_a_link_opens_outside_and_tells_nothing_about_where_from(page: Page) -> None:
    html = drawn(page, "mrkdwn", "mrkdwn", "<https://a.example/?q=1&amp;r=2|the *docs*>")
    attributes = 'href="https://a.example/?q=1&amp;r=2" target="_blank" rel="noopener noreferrer"'
    assert html == f"<a {attributes}>the *docs*</a>"


def test_the_strangest_text_is_drawn_in_a_moment(page: Page) -> None:
    for text in ("*" * 40_000, "* a" * 13_000, "<" * 40_000, "_*~`" * 10_000, "<@" * 20_000, ":a" * 20_000):
        took: float = page.evaluate(
            """async (text) => {
              const { mrkdwn } = await import("/static/mrkdwn.js");
              const began = performance.now();
              mrkdwn(text);
              return performance.now() - began;
            }""",
            text,
        )
        assert took < 2000


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("## Report", '<p class="md-head md-head-2">Report</p>'),
        ("**bold** *slanted* `code`", "<p><strong>bold</strong> <em>slanted</em> <code>code</code></p>"),
        ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
        ("1. one\n2. two", "<ol><li>one</li><li>two</li></ol>"),
        ("[x](javascript:alert(1))", "<p>x)</p>"),
        ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>"),
        ("> said", "<blockquote>said</blockquote>"),
        (
            "|a|\n|-|\n|1|",
            '<table><thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>',
        ),
    ],
)
def test_markdown_blocks_are_standard_markdown(page: Page, text: str, html: str) -> None:
    assert drawn(page, "markdown", "markdown", text) == html


def test_rich_text_is_drawn_as_the_tree_it_is(page: Page) -> None:
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "<one>", "style": {"bold": True}}]}
    tree = [
        {
            "type": "rich_text_section",
            "elements": [{"type": "text", "text": "Hi "}, {"type": "user", "user_id": "U0BO"}],
        },
        {"type": "rich_text_list", "style": "ordered", "elements": [item]},
        {"type": "rich_text_quote", "elements": [{"type": "link", "url": "javascript:x", "text": "no"}]},
    ]
    assert drawn(page, "markdown", "richText", tree) == (
        '<div>Hi <span class="mention">@Bo Berg</span></div>'
        '<ol class="indent-0"><li><strong>&lt;one&gt;</strong></li></ol>'
        "<blockquote>no</blockquote>"
    )


def option(text: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": text}, "value": text.lower()}


HIGH, LOW = option("High"), option("Low")

INPUTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"type": "plain_text_input", "initial_value": "a <b>"}, {"value": "a <b>"}),
    ({"type": "plain_text_input", "multiline": True, "initial_value": "a\nb"}, {"value": "a\nb"}),
    ({"type": "plain_text_input"}, {"value": None}),
    ({"type": "number_input", "is_decimal_allowed": True, "initial_value": "1.5"}, {"value": "1.5"}),
    ({"type": "email_text_input", "initial_value": "a@b.example"}, {"value": "a@b.example"}),
    ({"type": "url_text_input", "initial_value": "https://b.example"}, {"value": "https://b.example"}),
    ({"type": "datepicker", "initial_date": "2026-02-28"}, {"selected_date": "2026-02-28"}),
    ({"type": "timepicker", "initial_time": "23:59"}, {"selected_time": "23:59"}),
    ({"type": "datetimepicker", "initial_date_time": 1767603600}, {"selected_date_time": 1767603600}),
    ({"type": "static_select", "options": [HIGH, LOW], "initial_option": LOW}, {"selected_option": LOW}),
    ({"type": "static_select", "options": [HIGH, LOW]}, {"selected_option": None}),
    (
        {"type": "static_select", "option_groups": [{"label": HIGH["text"], "options": [LOW]}], "initial_option": LOW},
        {"selected_option": LOW},
    ),
    ({"type": "multi_static_select", "options": [HIGH, LOW], "initial_options": [LOW]}, {"selected_options": [LOW]}),
    ({"type": "users_select", "initial_user": "U0MEI"}, {"selected_user": "U0MEI"}),
    ({"type": "multi_users_select", "initial_users": ["U0BO"]}, {"selected_users": ["U0BO"]}),
    ({"type": "channels_select", "initial_channel": "C0ACME"}, {"selected_channel": "C0ACME"}),
    ({"type": "conversations_select", "initial_conversation": "U0BO"}, {"selected_conversation": "U0BO"}),
    ({"type": "radio_buttons", "options": [HIGH, LOW], "initial_option": HIGH}, {"selected_option": HIGH}),
    ({"type": "checkboxes", "options": [HIGH, LOW], "initial_options": [HIGH]}, {"selected_options": [HIGH]}),
    ({"type": "external_select", "initial_option": LOW}, {"selected_option": LOW}),
    ({"type": "multi_external_select", "initial_options": [LOW]}, {"selected_options": [LOW]}),
]


@pytest.mark.parametrize(("element", "state"), INPUTS, ids=lambda given: str(given.get("type", "")))
def test_an_input_reports_its_state_as_slack_does(page: Page, element: dict[str, Any], state: dict[str, Any]) -> None:
    block = {
        "type": "input",
        "block_id": "b",
        "label": {"type": "plain_text", "text": "What"},
        "element": {"action_id": "a", **element},
    }
    values: dict[str, Any] = page.evaluate(
        """async (block) => {
          const { blocks } = await import("/static/blocks.js");
          const { Form } = await import("/static/form.js");
          const form = new Form();
          blocks([block], { form, act: () => {}, options: () => [] });
          return form.values();
        }""",
        block,
    )
    assert values == {"b": {"a": {"type": element["type"], **state}}}


@pytest.mark.parametrize(
    ("element", "state", "fault"),
    [
        ({"type": "plain_text_input"}, {"value": None}, "Please fill in this field."),
        ({"type": "plain_text_input", "min_length": 3}, {"value": "ab"}, "Please write at least 3 characters."),
        ({"type": "plain_text_input", "max_length": 3}, {"value": "abcd"}, "at most 3 characters (now 4)"),
        ({"type": "number_input", "is_decimal_allowed": False}, {"value": "1.5"}, "Please write a whole number."),
        ({"type": "number_input", "min_value": "2"}, {"value": "1"}, "The least is 2."),
        ({"type": "number_input", "max_value": "2"}, {"value": "3"}, "The most is 2."),
        ({"type": "email_text_input"}, {"value": "nobody"}, "Please write an e-mail address."),
        ({"type": "url_text_input"}, {"value": "nowhere"}, "Please write a whole address"),
        ({"type": "checkboxes"}, {"selected_options": []}, "Please fill in this field."),
    ],
)
def test_a_wrong_input_is_told_what_is_wrong(
    page: Page, element: dict[str, Any], state: dict[str, Any], fault: str
) -> None:
    said: str = page.evaluate(
        "async ([block, state]) => (await import('/static/form.js')).demandOf(block)(state)",
        [{"type": "input", "element": element}, state],
    )
    assert fault in said


def test_an_unknown_block_says_so_instead_of_hiding(page: Page) -> None:
    html: str = page.evaluate(
        """async () => {
          const { blocks } = await import("/static/blocks.js");
          const box = document.createElement("div");
          box.append(...blocks([{ type: "hologram", block_id: "b" }], {}));
          return box.textContent;
        }"""
    )
    assert html == "This page does not draw “hologram” yet."
