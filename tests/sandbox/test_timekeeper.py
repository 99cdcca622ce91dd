"""Does moving the clock play every deadline on the way at its own moment, over all who follow it?"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk import WebClient
from websockets.sync.client import connect

from bot.sandbox import timekeeper
from bot.sandbox.server import Address
from tests.sandbox.conftest import MONDAY
from tests.sandbox.ear import listening
from tests.sandbox.follower import FakeProcess
from tests.sandbox.script import Script

HOUR = timedelta(hours=1)


@pytest.fixture
def client(address: Address) -> WebClient:
    return WebClient(token=address.bot_token, base_url=address.api_url)


@pytest.fixture
def hourly(address: Address, client: WebClient) -> Iterator[FakeProcess]:
    def post(now: datetime) -> None:
        client.chat_postMessage(channel="C0ACME", text=f"update {now:%a %H:%M}")

    process = FakeProcess(address.url, work=post, dues=[MONDAY + HOUR * n for n in range(1, 30)])
    yield process
    process.close()


def test_a_jump_of_a_day_looks_like_that_day(hourly: FakeProcess, script: Script) -> None:
    answer = script.clock(advance="1 day")
    assert answer["now"] == "2026-01-06T09:00:00+00:00"
    posted = script.messages("#acme")
    assert len(posted) == 24
    for number, message in enumerate(posted, 1):
        moment = MONDAY + HOUR * number
        assert message["text"] == f"update {moment:%a %H:%M}"
        assert datetime.fromisoformat(message["at"]).replace(microsecond=0) == moment


def test_the_next_event_is_where_the_clock_goes_when_asked(hourly: FakeProcess, script: Script) -> None:
    script.act("cy", post="hello", channel="#acme")
    assert script.clock()["next_due"] == (MONDAY + HOUR).isoformat()
    assert script.clock(next=True)["now"] == (MONDAY + HOUR).isoformat()
    assert script.texts("#acme") == ["hello", "update Mon 10:00"]


def test_two_processes_play_their_deadlines_in_order(
    hourly: FakeProcess, address: Address, client: WebClient, script: Script
) -> None:
    def post(now: datetime) -> None:
        client.chat_postMessage(channel="C0ACME", text=f"page {now:%H:%M}")

    other = FakeProcess(address.url, work=post, dues=[MONDAY + timedelta(minutes=90)], name="other")
    script.clock(to="11:00")
    assert script.texts("#acme") == ["update Mon 10:00", "page 10:30", "update Mon 11:00"]
    other.close()


def test_a_dead_process_is_not_waited_for(hourly: FakeProcess, script: Script) -> None:
    script.clock(advance=60)
    hourly.close()
    assert script.clock(advance="3 hours")["now"] == (MONDAY + HOUR * 3 + timedelta(minutes=1)).isoformat()
    assert script.clock()["processes"] == []


def test_a_process_that_says_nothing_is_ignored_after_a_while(
    address: Address, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timekeeper, "SILENCE_SECONDS", 0.3)
    with connect(f"{address.url.replace('http', 'ws')}/clock/follow?name=mute") as mute:
        json.loads(mute.recv(5))
        answer = script.clock(advance="1 hour")
        assert [process["ignored"] for process in answer["processes"]] == [True]
        assert answer["now"] == (MONDAY + HOUR).isoformat()


def test_a_process_that_never_gets_on_with_its_deadline_does_not_stop_the_clock(
    address: Address, script: Script
) -> None:
    due = MONDAY + timedelta(minutes=5)
    stuck = FakeProcess(address.url, work=lambda _due: stuck.dues.append(due), dues=[due])
    assert script.clock(advance="1 hour")["now"] == (MONDAY + HOUR).isoformat()
    assert stuck.heard.count(due) < 10
    stuck.close()


def test_the_clock_refuses_what_cannot_be(script: Script) -> None:
    assert "never goes back" in script.clock(to="2026-01-05T08:00:00Z")["error"]
    assert "is not a duration" in script.clock(advance="soon")["error"]
    assert "negative" in script.clock(advance=-5)["error"]
    assert "no next event" in script.clock(next=True)["error"]
    assert "rate is one of" in script.clock(rate=7)["error"]
    assert "is not a moment" in script.clock(to="noon")["error"]
    assert "say `advance`" in script.ask("/clock", {"x": 1})["error"]


def test_a_time_of_day_is_the_next_one(script: Script) -> None:
    assert script.clock(to="08:30")["now"] == datetime(2026, 1, 6, 8, 30, tzinfo=UTC).isoformat()
    assert script.clock(to="09:15")["now"] == datetime(2026, 1, 6, 9, 15, tzinfo=UTC).isoformat()


def test_a_deadline_between_two_ticks_of_play_is_played(hourly: FakeProcess, script: Script) -> None:
    script.clock(to="09:59")
    with listening(script, "cy") as window:
        script.clock(rate=60)
        window.until("message")
    script.clock(rate=0)
    assert script.texts("#acme") == ["update Mon 10:00"]


def test_messages_bear_simulated_time_and_never_the_same_ts(client: WebClient, script: Script) -> None:
    stamps = [client.chat_postMessage(channel="C0ACME", text=str(number))["ts"] for number in range(50)]
    assert stamps == sorted(set(stamps))
    assert {stamp.split(".")[0] for stamp in stamps} == {str(int(MONDAY.timestamp()))}
