"""Can what somebody writes ping, hide or leak?"""

import dataclasses
import inspect
import typing

import pytest

from bot.domain.message import CustomerMessage
from bot.messages import answers, customer, view
from bot.messages.limits import texts
from bot.messages.samples import FULL, HELD, NOW, WRITTEN, messages
from bot.messages.view import CustomerTicket, StaffTicket
from tests.messages.reading import CATALOG
from tests.messages.test_limits import customers_messages, staffs_messages

ATTACK = "<!channel> <@U0ANA> <https://evil.example|ok> &lt; @here {{ 7 * 7 }}"
SHOWN = "&lt;!channel&gt; &lt;@U0ANA&gt;"

INTERNAL = {"owner", "tier", "clock", "paging", "missing", "link", "requester", "level", "account_manager", "category"}


def test_what_people_write_is_shown_literally_and_pings_nobody() -> None:
    for message in (*customers_messages(ATTACK, 2), *staffs_messages(ATTACK, 2)):
        everything = "\n".join([message.text, *texts(_mrkdwn(message.blocks))])
        assert "<!" not in everything
        assert "<@" not in everything
        assert "49" not in everything
        assert "&amp;amp;" not in everything
        assert SHOWN in everything


def test_an_entity_that_somebody_typed_stays_what_they_typed() -> None:
    message = customer.reply(CATALOG, ticket=HELD, author="Ana Lima", text="if a &lt; b && c", now=NOW)

    assert "if a &amp;lt; b &amp;&amp; c" in message.text
    assert message.blocks[1]["text"]["text"] == "if a &amp;lt; b &amp;&amp; c"


def test_no_text_is_left_for_slack_to_find_names_in() -> None:
    for message in messages(CATALOG):
        for piece in _mrkdwn(message.blocks):
            assert piece["verbatim"] is True


@pytest.mark.req("LC-6")
def test_no_function_for_customers_takes_anything_of_the_staffs() -> None:
    takes: set[object] = set()
    for function in _functions(customer):
        takes |= _within(typing.get_type_hints(function))
        assert typing.get_type_hints(function)["return"] is CustomerMessage
    for function in (answers.opened, answers.customer_tickets, answers.customer_ticket, answers.help_for_customer):
        takes |= _within(typing.get_type_hints(function))

    assert CustomerTicket in takes
    assert not takes & {StaffTicket, view.PageView, view.ClockView, view.Entry}


@pytest.mark.req("LC-6")
def test_a_customers_ticket_has_no_internal_field() -> None:
    names = {item.name for item in dataclasses.fields(CustomerTicket)}

    assert names == {"id", "summary", "severity", "severity_label", "state", "zone", "opened_at", "handled_by",
                     "merged_into"}  # fmt: skip
    assert not names & INTERNAL
    assert not issubclass(StaffTicket, CustomerTicket)


@pytest.mark.req("LC-6")
def test_a_staff_ticket_handed_to_a_customers_message_fails_rather_than_leaks() -> None:
    with pytest.raises(AttributeError):
        customer.update(CATALOG, ticket=typing.cast("CustomerTicket", FULL), progress=WRITTEN, now=NOW)


def test_every_fallback_names_its_ticket_and_reads_as_sentences() -> None:
    for message in messages(CATALOG):
        assert "T-1042" in message.text or message.text == "You cannot do that."
        assert "\n" not in message.text
        for stuck in (".We", ".It", ".Sev", ".The", "..", " .", "  ", "None"):
            assert stuck not in message.text, message.text


def test_buttons_say_their_ticket_aloud() -> None:
    for message in messages(CATALOG):
        for block in message.blocks:
            for element in block.get("elements", ()) if block["type"] == "actions" else ():
                if element["type"] == "button":
                    assert element["accessibility_label"] == f"{element['text']['text']}: T-1042"


def _functions(module: object) -> list[typing.Callable[..., object]]:
    return [
        found for name, found in inspect.getmembers(module, inspect.isfunction)
        if found.__module__ == customer.__name__ and not name.startswith("_")
    ]  # fmt: skip


def _within(hints: dict[str, object]) -> set[object]:
    found: set[object] = set()
    pending = list(hints.values())
    while pending:
        one = pending.pop()
        pending += typing.get_args(one)
        if one not in found and dataclasses.is_dataclass(one) and isinstance(one, type):
            pending += typing.get_type_hints(one).values()
        found.add(one)
    return found


def _mrkdwn(piece: object) -> list[dict[str, object]]:
    if isinstance(piece, dict):
        if piece.get("type") == "mrkdwn":
            return [piece]
        return [found for inner in piece.values() for found in _mrkdwn(inner)]
    if isinstance(piece, (list, tuple)):
        return [found for inner in piece for found in _mrkdwn(inner)]
    return []
