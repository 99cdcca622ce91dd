"""Whatever anybody writes: no text of the catalogue pings, links with another face, or breaks out of a quotation."""

import re
from collections.abc import Iterator, Mapping

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.message import CustomerMessage, InternalMessage
from bot.messages.words import escape, line, link, paragraph, quote
from tests.messages.catalogue import calls

PIECES = (
    "<!channel>", "<!here|x>", "<!everyone>", "<!subteam^S0ABC>", "<@U0ANA>", "<#C0ACME>", "<!date^0^{date}|x>",
    "<https://evil.example|https://bank.example>", "<mailto:a@b.example|us>", "&lt;", "&amp;lt;!channel&amp;gt;",
    "&#60;", "<", ">", "&", "|", "\n", "\r", "\u2028", "\n>", "\n```\n", "```", "`", "*", "_", "~", "@channel", "@here",
    "https://a.example/<!channel>", "https://a.example/|x>", "http://a.example/?q=<@U0ANA>&b=1", "{{ x }}", "\u202e",
    "javascript:alert(1)", " ", "U0ANA", "\x00", "\ud800",
)  # fmt: skip
HOSTILE = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=8).map("".join)

ANGLES = re.compile(r"<([^<>]*)>")
"""What Slack reads as more than text."""


PING = re.compile(r"[@#][A-Z0-9]{3,}(\|.*)?|!.*", re.DOTALL)

FINISHED = {
    "home.staff_home", "incident_forms.update_form", "incident_forms.resolve_form",
    "directory.refusal", "directory.called",
}  # fmt: skip
"""What these take is another text of the catalogue as it stands, or an id of ours; or they give plain text."""


def specials(text: str) -> list[str]:
    """What Slack would read as a mention, a date or a link."""
    return ANGLES.findall(text)


def is_honest(found: str) -> bool:
    """Whether it is an address that shows itself."""
    return found.startswith(("https://", "http://")) and "|" not in found


@given(HOSTILE)
@example("<!channel>")
@example("https://a.example/|x>y")
@settings(max_examples=300)
def test_words_stay_words_in_every_form_that_the_templates_give_them(words: str) -> None:
    assert specials(escape(words)) == []
    assert specials(line(words)) == []
    assert all(is_honest(found) for found in [*specials(paragraph(words)), *specials(quote(words))])
    assert "\n" not in line(words)


@given(HOSTILE)
@settings(max_examples=300)
def test_each_line_of_a_quotation_is_marked_as_one(words: str) -> None:
    assert all(row.startswith(">") for row in quote(words).split("\n"))


@given(HOSTILE, HOSTILE)
@settings(max_examples=300)
def test_a_link_leads_where_it_was_made_to_and_only_to_the_web(label: str, address: str) -> None:
    made = link(label, f"https://a.example/{address}")
    assert re.fullmatch(r"<https://a\.example/[^<>|\s]*\|[^<>|\n]*>", made), made
    assert specials(link(label, f"javascript:{address}")) == []


def test_no_text_of_the_catalogue_says_more_than_it_was_given() -> None:
    assert len(calls()) > 100
    for call in (each for each in calls() if each.name not in FINISHED):
        ours = {what_it_does(found) for found in all_specials(call.said_with("word", 1))}
        for words in ("".join(PIECES), "\n".join(PIECES), "<!channel>", "<https://evil.example|https://bank.example>"):
            found = {what_it_does(each) for each in all_specials(call.said_with(words, 1)) if not is_honest(each)}
            assert found <= ours | {""}, call.name


def all_specials(said: object) -> Iterator[str]:
    if isinstance(said, CustomerMessage | InternalMessage):
        yield from specials(said.text)
        yield from all_specials(said.blocks)
    elif isinstance(said, str):
        yield from specials(said)
    elif isinstance(said, Mapping):
        if said.get("type") == "mrkdwn":
            yield from specials(said["text"])
        for inner in said.values():
            yield from all_specials(inner) if isinstance(inner, Mapping | list | tuple) else ()
    elif isinstance(said, list | tuple):
        for inner in said:
            yield from all_specials(inner) if isinstance(inner, Mapping | list | tuple) else ()


def what_it_does(found: str) -> str:
    """Whom it pings, or where it leads behind which kind of face; nothing where Slack shows it as it is."""
    if PING.fullmatch(found):
        return found
    if not re.match(r"\w+:", found):
        return ""
    return "/".join(found.split("/")[:3]) + ("|" if "|" in found else "")
