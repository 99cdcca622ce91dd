"""Staff can ask of a card why its deadline is when it is, and get the ledger in their own zone."""

from datetime import timedelta

import pytest

from bot.domain.errors import NotAllowed
from bot.services import forms, working
from tests.make import NINE
from tests.services.office import Office


def shown(office: Office, name: str, ticket: str) -> str:
    view = office.does(name, forms.why, ticket=ticket).view
    assert view is not None
    assert "submit" not in view
    return "\n".join(str(block.get("text", "")) for block in view["blocks"])


@pytest.mark.req("SL-7")
def test_the_ledger_of_the_next_clock_stands_span_by_span_in_the_readers_zone(office: Office) -> None:
    ticket = office.opens("sev2 Reports are slow")

    words = shown(office, "ana", ticket)

    assert "first response*: running, due" in words
    assert "2 hours from Mon 2026-01-05 09:00+00:00 in Europe/Lisbon" in words
    assert "due Mon 2026-01-05 11:00+00:00" in words


def test_a_moment_is_said_to_the_second_and_a_levels_window_by_what_it_is(office: Office) -> None:
    office.now = NINE + timedelta(seconds=7, microseconds=123)
    ticket = office.opens("sev1 Checkout is down")
    office.does("ana", working.claim, ticket=ticket)

    words = shown(office, "ana", ticket)

    assert "*response at level 1*: " in words
    assert "from Mon 2026-01-05 09:00:07+00:00 in" in words


def test_a_ticket_whose_clocks_have_ended_shows_them_without_a_ledger(office: Office) -> None:
    ticket = office.opens("sev2 Reports are slow")
    office.does("bo", working.reply, ticket=ticket, text="We are on it.")

    words = shown(office, "ana", ticket)

    assert "first response*: met" in words
    assert "```" not in words


def test_a_customer_cannot_look_into_our_clocks(office: Office) -> None:
    ticket = office.opens("sev2 Reports are slow")

    with pytest.raises(NotAllowed):
        office.does("cy", forms.why, ticket=ticket)
