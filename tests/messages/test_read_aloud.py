"""Does every text say what it means to somebody who sees no colour and no emoji, or only hears the notification?"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from bot.domain.message import AnyMessage, Block
from bot.messages.check import every_message, every_view
from bot.messages.limits import texts
from tests.messages.reading import CATALOG

EMOJI = re.compile(r"(?<![\w:]):[a-z][a-z0-9_+-]*:(?![\w:])|[\U0001F000-\U0001FAFF☀-➿⬀-⯿️]")
TICKET = re.compile(r"\b[TI]-\d+\b")
NAMED = re.compile(r"[^\W\d_]{2,}[^:]*: \S|[.!?]$")
WORD = re.compile(r"[^\W\d_]{2,}")


@cache
def everything() -> tuple[AnyMessage, ...]:
    return tuple(every_message(CATALOG))


def stripped(text: str) -> str:
    """The text as somebody has it whom emoji do not reach."""
    return EMOJI.sub("", text).strip()


def lines_with_emoji(blocks: object) -> Iterator[str]:
    for text in texts(blocks):
        yield from (line for line in text.splitlines() if stripped(line) != line.strip() and "`" not in line)


def elements(piece: object) -> Iterator[Block]:
    """Every element of a payload, however deep."""
    if isinstance(piece, Mapping):
        if "type" in piece:
            yield dict(piece)
        for inner in piece.values():
            yield from elements(inner)
    elif isinstance(piece, list | tuple):
        for inner in piece:
            yield from elements(inner)


@pytest.mark.req("SV-1")
def test_no_line_says_what_it_means_by_an_emoji_alone() -> None:
    pictures = [message.blocks for message in everything()] + [view["blocks"] for view in every_view(CATALOG)]
    found = [line for blocks in pictures for line in lines_with_emoji(blocks)]
    # A picture may stand beside a sentence or a named fact (`Marked: data lost`), never in the place of the name.
    assert [line for line in found if not NAMED.search(stripped(line))] == []


def test_the_notification_says_the_same_as_the_message() -> None:
    for message in everything():
        said = "\n".join(texts(message.blocks))
        spoken = stripped(message.text)
        assert len(WORD.findall(spoken)) >= 2, message.text
        tickets = TICKET.findall(said)
        assert not tickets or tickets[0] in spoken, (message.text, said)


def test_a_button_has_a_word_that_colour_and_pictures_only_accompany() -> None:
    payloads = [message.blocks for message in everything()] + [view["blocks"] for view in every_view(CATALOG)]
    buttons = [each for blocks in payloads for each in elements(blocks) if each["type"] == "button"]
    assert buttons
    for each in buttons:
        assert WORD.search(stripped(each["text"]["text"])), each
        assert WORD.search(stripped(each["accessibility_label"])), each


def test_no_message_uses_a_coloured_bar() -> None:
    coloured = [each for message in everything() for each in elements(message.blocks) if "color" in each]
    assert coloured == []
