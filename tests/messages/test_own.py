"""What does the list of a customer's own tickets offer, wherever it stands?"""

from dataclasses import replace

import pytest

from bot.domain.message import CustomerMessage, Kind
from bot.domain.ticket import State
from bot.messages import own
from bot.messages.limits import check_message
from bot.messages.samples import HELD, HOUR, NOW, OVER, RESOLVED, ZONE
from bot.messages.view import CustomerRow, CustomerTicket
from tests.messages.reading import CATALOG


@pytest.mark.req("LC-5")
def test_the_longest_list_is_one_that_slack_takes_and_says_what_it_leaves_out() -> None:
    rows = tuple(
        CustomerRow(replace(HELD, id=f"T-{number}", summary="Checkout & payment " * 40), NOW + HOUR)
        for number in range(own.MOST)
    )
    closed = tuple(CustomerRow(replace(OVER, summary="Old " * 90)) for _ in range(100))

    blocks = own.answer(CATALOG, rows=rows, total=own.MOST + 3, closed=closed, zone=ZONE, now=NOW)

    check_message(CustomerMessage(Kind.NOTICE, "T-1", blocks))
    assert [block["elements"][1]["value"] for block in blocks if block["type"] == "actions"] == [
        row.ticket.id for row in rows
    ]
    assert any("3 more are open" in str(block) for block in blocks)


@pytest.mark.parametrize(
    ("ticket", "offered"),
    [
        (HELD, ["customer_details", "customer_escalate"]),
        (RESOLVED, ["customer_confirm", "customer_reopen"]),
        (OVER, []),
        (replace(OVER, state=State.MERGED), []),
    ],
    ids=["at work", "resolved", "closed", "merged"],
)
def test_a_ticket_offers_what_it_offers_in_its_thread(ticket: CustomerTicket, offered: list[str]) -> None:
    blocks = own.one(CATALOG, text="How it stands", ticket=ticket)
    assert [each["action_id"] for block in blocks[1:] for each in block["elements"]] == offered


def test_nothing_open_is_said_in_words() -> None:
    (block,) = own.answer(CATALOG, rows=(), total=0, zone=ZONE, now=NOW)
    assert block["text"]["text"] == "You have no open ticket."
