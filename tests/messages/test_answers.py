from dataclasses import replace

import pytest

from bot.domain.events import Claimed
from bot.domain.ticket import State
from bot.messages import answers
from bot.messages.sample_answers import answers_in
from bot.messages.samples import FULL, HELD, HOUR, NOW, OURS, OVER, THEIRS, ZONE
from bot.messages.staff import happened
from bot.messages.view import ClockView, CustomerRow, Entry, LevelOnCall
from tests.messages.reading import CATALOG


@pytest.mark.req("LC-5")
def test_a_customers_list_says_state_who_and_when_the_next_word_comes() -> None:
    said = answers.customer_tickets(
        CATALOG, rows=(CustomerRow(HELD, NOW + HOUR),), closed=(CustomerRow(OVER),), zone=ZONE, now=NOW
    )

    assert said.splitlines() == [
        "Your open tickets:",
        "• *T-1042* · Sev 1 (Critical) · in progress · Ana Lima · next update 11:00 EST: Checkout is down",
        "Closed lately:",
        "• *T-1042* · Sev 1 (Critical) · closed: Checkout is down",
    ]
    assert answers.customer_tickets(CATALOG, rows=(), zone=ZONE, now=NOW) == "You have no open ticket."


@pytest.mark.req("SV-3")
def test_the_queue_keeps_its_order_and_says_how_many_more_there_are() -> None:
    late = replace(OURS, id="T-7", clock=ClockView("resolution", NOW - HOUR), owner="Bo Chen")

    said = answers.staff_queue(CATALOG, tickets=(late, OURS), total=5, zone=ZONE, now=NOW)

    assert said.splitlines() == [
        "5 open tickets, the most urgent first:",
        "• *T-7* · Sev 1 (Critical) · Acme Corp · new · Bo Chen · resolution overdue since 09:00 EST: Checkout is down",
        "• *T-1042* · Sev 1 (Critical) · Acme Corp · new · no owner · no deadline: Checkout is down",
        "... and 3 more.",
    ]


def test_showing_a_ticket_to_its_customer_says_what_is_needed() -> None:
    said = answers.customer_ticket(
        CATALOG, ticket=replace(HELD, state=State.WAITING), next_at=NOW + HOUR, missing=("Logs",), now=NOW
    )

    assert said.splitlines() == [
        "*T-1042* · Sev 1 (Critical) · waiting for you · Ana Lima has it",
        "Checkout is down",
        "Opened 09:00 EST. Next update 11:00 EST.",
        "Still needed: Logs.",
    ]


def test_showing_a_ticket_to_staff_lists_clocks_and_history() -> None:
    event_line = happened(CATALOG, event=_claimed(), actor="Ana & Co", names={"ana": "Ana & Co"}, zone=ZONE, now=NOW)

    said = answers.staff_ticket(
        CATALOG, ticket=FULL, clocks=(ClockView("resolution", NOW + HOUR, "warned"),),
        history=(Entry(NOW, event_line),), zone=ZONE, now=NOW,
    )  # fmt: skip

    assert said.splitlines()[-2:] == ["• resolution: warned, due 11:00 EST", "10:00 EST Ana &amp; Co took it."]


def test_on_call_says_who_until_when_and_who_is_next() -> None:
    levels = (LevelOnCall(1, "Initial response", ("Ana Lima",), NOW + HOUR, ("Bo Chen",)), LevelOnCall(2, "Next", ()))

    assert answers.on_call(CATALOG, levels=levels, zone=ZONE, now=NOW).splitlines() == [
        "Level 1 (Initial response): Ana Lima until 11:00 EST, then Bo Chen",
        "Level 2 (Next): nobody",
    ]


def test_help_names_commands_only_to_those_who_have_them() -> None:
    def told(*, commands: bool) -> str:
        return answers.help_for_customer(
            CATALOG, bot="watchbell", commands=commands, severities=("Critical",), zone=ZONE, now=NOW
        )

    assert "/ticket" in told(commands=True)
    assert "/ticket" not in told(commands=False)
    assert "`@watchbell status`" in told(commands=False)


def test_no_answer_has_empty_lines_or_words_that_stick_together() -> None:
    for said in answers_in(CATALOG):
        assert said
        assert "\n\n" not in said
        assert "None" not in said
        assert "\n:" not in said
    assert "T-1042" in answers.opened(CATALOG, ticket=THEIRS, now=NOW)


def _claimed() -> Claimed:
    return Claimed(owner="ana", before=None)
