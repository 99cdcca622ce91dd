from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import events
from bot.domain.message import InternalMessage, Kind
from bot.domain.ticket import State
from bot.messages import alarms, staff
from bot.messages.samples import FULL, HOUR, NOW, OURS, PAGE, ZONE
from bot.messages.view import PageState, StaffTicket
from tests.messages.reading import CATALOG, buttons, labels, seen


def card(ticket: StaffTicket) -> InternalMessage:
    return staff.card(CATALOG, ticket=ticket, zone=ZONE, now=NOW)


def test_the_cards_two_lines_say_everything() -> None:
    message = card(FULL)

    assert seen(message).splitlines()[:3] == [
        "*T-1042* · *Sev 1 (Critical)* · Acme Corp · Enterprise",
        "waiting for customer · Ana Lima · first response due 11:00 EST",
        "Checkout is down",
    ]
    assert message.text == (
        "T-1042 Sev 1 (Critical), Acme Corp (Enterprise), waiting for customer, Ana Lima, first response due "
        "11:00 EST: Checkout is down. Bo is paged."
    )


@pytest.mark.req("UP-1")
def test_a_card_without_a_clock_names_the_next_word_to_the_customer() -> None:
    message = card(replace(FULL, clock=None, next_update_at=NOW + HOUR))
    assert "waiting for customer · Ana Lima · next update 11:00 EST" in seen(message)
    assert "Ana Lima, next update 11:00 EST: Checkout is down." in message.text
    assert "no deadline" in seen(card(replace(FULL, clock=None)))
    assert "awaits the customer's word" in seen(card(replace(FULL, clock=None, state=State.RESOLVED)))


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.NEW, ["Claim", "Reply", "Escalate", "Resolve", "More"]),
        (State.WAITING, ["Claim", "Reply", "Escalate", "Resolve", "More"]),
        (State.RESOLVED, ["Reply", "Escalate", "More"]),
        (State.CLOSED, []),
        (State.DECLINED, []),
        (State.MERGED, []),
    ],
)
def test_the_card_offers_what_the_state_allows(state: State, expected: list[str]) -> None:
    assert labels(card(replace(OURS, state=state))) == expected


def menu(ticket: StaffTicket) -> list[str]:
    options = card(ticket).blocks[-1]["elements"][-1]["options"]
    return [option["value"] for option in options]


def test_the_menu_names_the_action_and_the_ticket() -> None:
    fresh, held = menu(OURS), menu(FULL)
    for entry in (*fresh, *held):
        assert entry.endswith(":T-1042")
    assert fresh[0] == "start:T-1042"
    assert not {f"{word}:T-1042" for word in ("severity", "note", "update", "wait", "why", "mark", "decline")} - {
        *fresh
    }
    assert {f"{word}:T-1042" for word in ("resume", "hand", "rest", "back")} == {*held} - {*fresh}
    assert {"start:T-1042", "wait:T-1042"} == {*fresh} - {*held}
    assert "unmark:T-1042" in menu(replace(OURS, marks=("Security or privacy event",)))
    assert "excuse:T-1042" in menu(replace(OURS, missed=True))


@pytest.mark.req("PG-1")
def test_a_page_says_why_and_who_else_and_who_is_next() -> None:
    message = staff.page(CATALOG, ticket=FULL, page=PAGE, zone=ZONE, now=NOW)

    assert message.kind is Kind.PAGE
    assert message.text.startswith("T-1042 needs you: Sev 1 (Critical), Acme Corp: Checkout is down.")
    for fact in ("A critical ticket was opened.", ">please", "You are asked as incident commander.", "page 1 of 3",
                 "also paged: Bo Chen", "without an answer, Technical 10:15 EST"):  # fmt: skip
        assert fact in seen(message)
    assert labels(message) == ["Acknowledge", "Escalate now", "Can't take it"]
    assert buttons(message) == {"page_acknowledge": "p1", "page_escalate": "p1", "page_decline": "p1"}


@pytest.mark.req("PG-1")
@pytest.mark.parametrize(
    ("state", "said"),
    [
        (PageState.ACKNOWLEDGED, "T-1042: Acknowledged by Bo Chen as incident commander, 10:00 EST, after 12 minutes."),
        (PageState.DECLINED, "T-1042: Bo Chen cannot take it (10:00 EST). Technical is paged 10:15 EST."),
        (PageState.PASSED, "T-1042: This page has gone by without an answer (10:00 EST). Technical is paged now."),
        (PageState.STOOD_DOWN, "T-1042: No longer needed (10:00 EST): it was resolved."),
    ],
)
def test_a_page_that_is_over_says_how_and_has_no_buttons(state: PageState, said: str) -> None:
    page = replace(
        PAGE, state=state, by="Bo Chen", at=NOW, after_for=timedelta(minutes=12), ended_because="it was resolved"
    )

    message = staff.page(CATALOG, ticket=FULL, page=page, zone=ZONE, now=NOW)

    assert message.text.startswith(said)
    assert labels(message) == []


@pytest.mark.req("UP-3")
def test_the_owner_is_asked_for_words_and_reads_what_was_said_last() -> None:
    message = staff.update_request(
        CATALOG, ticket=FULL, due_at=NOW + timedelta(minutes=10), last_said="The disk is full", last_at=NOW - HOUR,
        zone=ZONE, now=NOW,
    )  # fmt: skip
    posted = staff.update_request(CATALOG, ticket=FULL, due_at=NOW, posted=True, zone=ZONE, now=NOW)

    assert "The customer's next update goes out 10:10 EST, in 10 minutes." in message.text
    assert "The customer read last (09:00 EST):\n>The disk is full" in seen(message)
    assert buttons(message) == {"update_write": "T-1042"}
    assert labels(posted) == []


@pytest.mark.req("LC-6")
def test_the_room_says_which_words_the_customer_reads() -> None:
    def said(side: str) -> str:
        chosen = staff.room_line(
            CATALOG, ticket_id="T-1042", author="Ana Lima", side="note" if side == "note" else "public", text="x",
            zone=ZONE, now=NOW,
        )  # fmt: skip
        return chosen.text

    assert said("note") == "T-1042 · Ana Lima noted, internal: x"
    assert said("public") == "T-1042 · Ana Lima replied to the customer: x"


def test_an_event_is_one_line_with_names_for_ids() -> None:
    message = staff.room_event(
        CATALOG, ticket_id="T-1042", event=events.Claimed(owner="ana", before="bo"), actor="Ana Lima",
        names={"ana": "Ana Lima", "bo": "Bo Chen"}, zone=ZONE, now=NOW,
    )  # fmt: skip

    assert message.text == "T-1042: Ana Lima took it over from Bo Chen."


def test_the_parts_of_an_update_are_told_apart_in_the_room() -> None:
    message = staff.room_event(
        CATALOG, ticket_id="T-1042", event=events.UpdateWritten(text=events.Words("The disk is full\nWe empty it")),
        actor="Ana Lima", names={}, zone=ZONE, now=NOW,
    )  # fmt: skip
    assert message.text == "T-1042: Ana Lima wrote the next update: The disk is full / We empty it."


@pytest.mark.req("PG-2")
def test_an_exhausted_chain_alarms_with_names_and_says_when_it_goes_on() -> None:
    message = alarms.exhausted(
        CATALOG, ticket=FULL, round_number=1, paged=("Ana Lima", "Bo Chen"), paging_since=NOW - 2 * HOUR,
        again_at=NOW + HOUR / 4, zone=ZONE, now=NOW,
    )  # fmt: skip

    assert message.kind is Kind.ALARM
    assert message.text == (
        "ALARM T-1042: nobody acknowledged. "
        "Round 1 is through: pages went up to the last level, since 08:00 EST (2 hours). "
        "Paged: Ana Lima and Bo Chen. The pages begin again 10:15 EST. If you can take it, press Claim on the card. "
        "Sev 1 (Critical), Acme Corp: Checkout is down."
    )


def test_a_breach_noticed_late_says_so() -> None:
    message = alarms.breached(
        CATALOG, ticket=FULL, metric="first response", due_at=NOW - HOUR, noticed_late_for=HOUR, next_name="Technical",
        zone=ZONE, now=NOW,
    )  # fmt: skip

    assert "First response was due 09:00 EST and is not met. Noticed 1 hour late" in message.text
    assert "It escalates to Technical." in message.text


@pytest.mark.req("ES-4")
def test_a_customers_request_to_escalate_waits_for_one_click() -> None:
    asked = alarms.escalation_asked(
        CATALOG, ticket=FULL, asked_by="Dee Park", reason="We lose orders", zone=ZONE, now=NOW
    )
    given = alarms.escalation_asked(CATALOG, ticket=FULL, asked_by="Dee Park", approved_by="Ana", zone=ZONE, now=NOW)

    assert "Dee Park of Acme Corp asks for an escalation: We lose orders." in asked.text
    assert buttons(asked) == {"escalation_approve": "T-1042"}
    assert labels(given) == []
    assert "Ana escalated it." in given.text


def test_a_message_that_reached_nobody_says_what_to_do() -> None:
    message = alarms.dead_letter(
        CATALOG, what="update", ticket_id="T-1042", to="#acme", why="the channel is archived", since=NOW - HOUR,
        attempts=5, zone=ZONE, now=NOW,
    )  # fmt: skip

    assert "The update for #acme could not be delivered (5 tries since 09:00 EST): the channel is archived." in (
        message.text
    )
    assert "Tell them yourself" in message.text


def test_claiming_what_somebody_has_asks_first_and_what_nobody_has_does_not() -> None:
    held = replace(OURS, owner="Ana & <Lima>", owner_key="ana")
    for ticket, value, asked in ((OURS, "T-1042", None), (held, "T-1042:ana", "Ana & <Lima> has T-1042, and is told")):
        claim = card(ticket).blocks[-1]["elements"][0]
        assert claim["value"] == value
        assert (asked or "") in str(claim.get("confirm", {}).get("text", {}).get("text", ""))
        assert ("confirm" in claim) is bool(asked)
