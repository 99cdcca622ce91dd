"""What if Slack repeats, reorders, refuses or stays silent? Everything still happens, and once."""

import pytest

from bot.sandbox.server import Address
from tests.stories import stage
from tests.stories.play import Play, doubled
from tests.stories.signed import Wire

TIMEOUTS = ("timeout_before", "timeout_after")
"""Slack does not answer in time: it has not begun, or it is done."""


def test_every_delivery_twice_makes_one_of_everything(play: Play) -> None:
    play.misbehave(kind="duplicate", times=50)

    play.ana.types("/ticket sev1 Checkout is down", "acme")
    play.dee.posts("@Watchbell sev3 The report shows a wrong total")
    play.ana.clicks("Acknowledge", "@ana")
    play.ana.clicks("Reply", "triage", text="T-1")
    play.ana.sends({"Your reply": "We are on it."})
    play.dee.posts("Thank you, we also see it in the app", thread=play.acme.one("receipt", "T-1").ts)
    play.advance(minutes=1)

    assert doubled(play.by_bot()) == []
    assert len(play.acme.messages("receipt")) == 2
    play.acme.one("reply")
    play.triage.one(text="we also see it in the app")


def test_deliveries_out_of_order_make_one_of_everything(play: Play) -> None:
    play.misbehave(kind="reorder", times=50)

    written = play.cy.posts("@Watchbell sev2 Payments are slow", wait=False)
    reply = play.cy.posts("Since ten o'clock", thread=written.ts, wait=False)
    play.cy.does(edit="Since eleven o'clock", ts=reply.ts, channel="acme", wait=False)
    gone = play.cy.posts("Never mind this line", thread=written.ts, wait=False)
    play.cy.does(delete=gone.ts, channel="acme", wait=False)
    play.advance(minutes=1)

    assert doubled(play.by_bot()) == []
    play.acme.one("receipt")
    play.triage.one("card")
    play.triage.one(text="Since eleven o'clock")
    assert play.triage.messages(text="Since ten o'clock") == []
    assert play.triage.messages(text="Never mind this line") == []


@pytest.mark.parametrize("kind", ["429", "500", *TIMEOUTS])
def test_a_failing_post_is_repeated_until_it_stands_once(play: Play, kind: str) -> None:
    play.misbehave(kind=kind, method="chat.postMessage", times=3, retry_after=20)

    play.cy.posts("@Watchbell sev1 Checkout is down")
    play.advance(minutes=5)

    assert doubled(play.by_bot()) == []
    play.acme.one("receipt")
    play.acme.one("question")
    play.triage.one("card")
    assert len(play.inbox(play.ana).messages("page")) == 1


@pytest.mark.parametrize("kind", ["429", "500", *(pytest.param(each, marks=pytest.mark.long) for each in TIMEOUTS)])
def test_a_failing_edit_is_repeated_until_the_card_is_right(play: Play, kind: str) -> None:
    play.cy.posts("@Watchbell sev1 Checkout is down")
    play.advance(minutes=1)
    play.misbehave(kind=kind, method="chat.update", times=2, retry_after=20)

    play.ana.clicks("Acknowledge", "@ana")
    play.advance(minutes=5)

    assert "Ana Lima" in play.triage.one("card").text
    assert "Acknowledged by Ana Lima" in play.inbox(play.ana).one("page").text
    assert doubled(play.by_bot()) == []


@pytest.mark.req("PG-2")
def test_an_outage_of_slack_delays_and_loses_nothing(play: Play) -> None:
    play.misbehave(kind="500", **{"for": "30 minutes"})
    play.cy.posts("@Watchbell sev1 Checkout is down")
    play.advance(minutes=40)

    assert doubled(play.by_bot()) == []
    play.acme.one("receipt")
    play.triage.one("card")
    assert play.inbox(play.ana).messages("page") != []
    play.advance(minutes=20)
    assert "late" not in play.acme.one("update").text


def test_dropped_sockets_lose_nothing(play: Play) -> None:
    for number in range(3):
        play.misbehave(kind="drop_sockets")
        play.dee.posts(f"@Watchbell sev3 Report {number} shows a wrong total")
    play.script.ask("/app", {"await_connections": 1})
    play.advance(minutes=10)

    assert doubled(play.by_bot()) == []
    assert [len(play.acme.messages("receipt", f"Report {number}")) for number in range(3)] == [1, 1, 1]


def test_the_same_slash_command_delivered_twice_is_one_ticket(address: Address, sqlite_url: str) -> None:
    with stage.desk(address, sqlite_url, http=True) as running:
        wire, play = Wire.to(running, address), stage.play_on(address)

        first = wire.command("/ticket", "sev3 Report fails", trigger="1.2.a")
        again = wire.command("/ticket", "sev3 Report fails", trigger="1.2.a")
        play.settle()
        assert (first.status, again.status) == (200, 200)
        play.acme.one("receipt")

        wire.command("/ticket", "sev3 Report fails", trigger="1.3.b")
        play.advance(minutes=1)
        assert len(play.acme.messages("receipt")) == 2
