"""How do a template's parts and some buttons become one finished message?"""

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.message import Block, CustomerMessage, InternalMessage, Kind
from bot.messages.blocks import actions, context, fitted, sections
from bot.messages.words import cut

TEXT = 3900
"""Slack edits no message whose text is longer than four thousand characters."""


def customer_message(
    kind: Kind, parts: Mapping[str, str], buttons: Iterable[Block] = (), *, between: Iterable[Block] = ()
) -> CustomerMessage:
    """A message that a customer may read; buttons `between` stand before its further facts."""
    blocks = _blocks(parts, [*buttons], between=[*between])
    return CustomerMessage(kind=kind, text=cut(parts.get("text", ""), TEXT), blocks=blocks)


def internal_message(kind: Kind, parts: Mapping[str, str], buttons: Iterable[Block] = ()) -> InternalMessage:
    """A message for our own people."""
    return InternalMessage(kind=kind, text=cut(parts.get("text", ""), TEXT), blocks=_blocks(parts, [*buttons]))


def _blocks(parts: Mapping[str, str], buttons: list[Block], *, between: Sequence[Block] = ()) -> tuple[Block, ...]:
    """1. what it says, 2. somebody's words or further facts, 3. small print, 4. buttons."""
    blocks = sections(parts.get("body", ""))
    if between:
        blocks.append(actions(*between))
    blocks += sections(parts.get("more", ""))
    if parts.get("footer"):
        blocks.append(context(parts["footer"]))
    if buttons:
        blocks.append(actions(*buttons))
    return fitted(blocks)
