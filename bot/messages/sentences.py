"""How is a reason with its facts put into words: why something cannot be, what was done, and why the desk did it?

Each block of a sheet is one sentence or two. What a customer's people may read stands in a sheet of its own, which
every language has whole; the sheet `..._inside` beside it is for our own people.
"""

from collections.abc import Mapping
from typing import Literal

from bot.domain.errors import Refused
from bot.messages.render import Catalog
from bot.messages.words import Mrkdwn, cut, unescaped

Sheet = Literal["refusals", "answers", "reasons"]
MOST = 3000
"""Characters of a sentence: it may quote what somebody wrote."""


def sentence(catalog: Catalog, *, sheet: Sheet, part: str, facts: Mapping[str, object]) -> Mrkdwn:
    """Say one block of a sheet with its facts; whatever they quote is shown literally.

    Facts that are moments need `zone` and `now` among them. KeyError: there is no such block.
    """
    name: str = sheet if part in catalog.parts(sheet) else f"{sheet}_inside"
    return Mrkdwn(cut(catalog.fill(name, part, facts), MOST))


def plainly(catalog: Catalog, *, sheet: Sheet, part: str, facts: Mapping[str, object]) -> str:
    """The same as plain text: for a field of a form, a page of the web, a terminal or the record."""
    return unescaped(sentence(catalog, sheet=sheet, part=part, facts=facts))


def reason(catalog: Catalog, part: str, **facts: object) -> str:
    """Say why the desk did something of itself, as plain text. KeyError: there is no such reason."""
    return plainly(catalog, sheet="reasons", part=part, facts=facts)


def worded(catalog: Catalog, refused: Refused) -> Refused:
    """Give a refusal its sentence, unless it has one already."""
    refused.sentence = refused.sentence or plainly(catalog, sheet="refusals", part=refused.reason, facts=refused.facts)
    return refused
