"""Is everything read back at a pace that Slack takes, by several processes together, whoever of them is killed?"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from sqlmodel import col, select

from bot.app.catching_up import AGAIN_AFTER, LONGEST_WAIT_FOR, CatchUp
from bot.clock import MovableClock
from bot.scheduler import Loops
from bot.services import absence
from bot.services.desk import Desk
from bot.slack.readback import CALLS_A_MINUTE
from bot.store import watch
from bot.store.database import Database
from bot.store.tables import OutboxRow
from tests.services.office import Office

CHANNELS = 100
refused: Callable[[str, SlackResponse], Exception] = SlackApiError


class Slack(WebClient):
    """Shows channels in which nobody wrote, or says what a test wants."""

    def __init__(self) -> None:
        super().__init__("xoxb-test")
        self.asked: list[str] = []
        self.says: Callable[[str], tuple[int, dict[str, str], dict[str, Any]]] = quiet

    def conversations_history(self, *, channel: str, **_more: Any) -> SlackResponse:
        self.asked.append(channel)
        status, headers, said = self.says(channel)
        answer = SlackResponse(
            client=self, http_verb="GET", api_url="", req_args={}, data=said, headers=headers, status_code=status
        )
        if not said["ok"]:
            raise refused("refused", answer)
        return answer


def quiet(_channel: str) -> tuple[int, dict[str, str], dict[str, Any]]:
    return 200, {}, {"ok": True, "messages": []}


class Away:
    """A desk of many channels that was away."""

    def __init__(self, database: Database) -> None:
        office = Office(database)
        self.desk: Desk = office.desk
        self.slack = Slack()
        self.clock = MovableClock(office.now)
        with database.transaction() as session:
            for nth in range(CHANNELS):
                watch.follow(session, f"C{nth:03}", external=False)
        with database.reading() as session:
            self.watched = sorted(row.channel for row in watch.watched(session))

    def process(self) -> CatchUp:
        """One that has just begun."""
        return CatchUp(self.desk, self.clock, self.slack, Loops(self.clock, tick=timedelta(minutes=1)))

    def lets(self, *processes: CatchUp, steps: int = 10_000) -> None:
        """Let them read in turns what can be read at this moment."""
        now = self.clock.now()
        for _ in range(steps):
            able = [each for each in processes if (at := each.next_at(now)) is not None and at <= now]
            for each in able:
                each.step(now)
            if not able:
                return

    def lets_for_minutes(self, process: CatchUp, minutes: int = 3) -> None:
        """Let one read for a while."""
        for _ in range(minutes):
            self.lets(process)
            self.clock.advance(timedelta(minutes=1))
        self.lets(process)

    def told(self) -> list[str]:
        """What our own people read about it."""
        with self.desk.db.reading() as session:
            rows = session.exec(select(OutboxRow).where(col(OutboxRow.key).startswith("unreadable:")))
            return [str(row.payload["text"]) for row in rows if row.lane == "C0OPS"]

    def asked(self) -> Counter[str]:
        """How often each channel was asked for."""
        return Counter(self.slack.asked)


@pytest.fixture
def away(database: Database) -> Away:
    return Away(database)


def test_slack_is_asked_no_more_often_than_it_takes(away: Away) -> None:
    process = away.process()
    for minute in (1, 2, 3):
        away.lets(process)
        assert away.asked().total() == min(minute * CALLS_A_MINUTE, len(away.watched))
        away.clock.advance(timedelta(minutes=1))
    assert list(away.asked()) == away.watched
    assert process.next_at(away.clock.now()) is None


@pytest.mark.parametrize("header", ["Retry-After", "retry-after"])
def test_a_pause_that_slack_asks_for_is_kept_and_nothing_is_passed_over(away: Away, header: str) -> None:
    process = away.process()
    away.slack.says = lambda _: (429, {header: "7"}, {"ok": False, "error": "ratelimited"})
    away.lets(process)
    assert away.asked().total() == 1
    assert process.next_at(away.clock.now()) == away.clock.now() + timedelta(seconds=7)

    away.slack.says = quiet
    for _ in range(3):
        away.clock.advance(timedelta(minutes=1))
        away.lets(process)
    assert away.asked() == Counter(away.watched) + Counter(away.watched[:1])


def test_several_processes_read_once_for_all_of_them_and_no_faster_than_one(away: Away) -> None:
    processes = [away.process() for _ in range(4)]
    for seconds in range(300):
        away.clock.advance(timedelta(seconds=1))
        away.lets(*processes)
        assert away.asked().total() <= CALLS_A_MINUTE * (seconds // 60 + 1), seconds
    assert away.asked() == Counter(away.watched)
    assert [each.next_at(away.clock.now()) for each in processes] == [None] * 4


def test_one_that_is_killed_again_and_again_leaves_no_channel_unread(away: Away) -> None:
    for _ in range(CHANNELS * 2):
        away.lets(away.process(), steps=2)
        away.clock.advance(absence.HELD_FOR)
    assert set(away.asked()) == set(away.watched)


def test_a_channel_that_was_in_hand_when_its_reader_died_is_read_by_the_next_one(away: Away) -> None:
    away.lets(away.process(), steps=1)
    assert not away.asked()

    process = away.process()
    away.lets_for_minutes(process)
    assert set(away.asked()) == set(away.watched)


def test_a_reader_whom_slack_keeps_waiting_gives_way_to_the_one_who_took_over(away: Away) -> None:
    first, second = away.process(), away.process()
    first.step(away.clock.now())

    def answers_late(channel: str) -> tuple[int, dict[str, str], dict[str, Any]]:
        away.slack.says = quiet
        away.clock.advance(absence.HELD_FOR)
        second.step(away.clock.now())
        return 200, {}, {"ok": True, "messages": [], "response_metadata": {"next_cursor": "more"}}

    away.slack.says = answers_late
    first.step(away.clock.now())
    for _ in range(180):
        away.lets(first, second)
        away.clock.advance(timedelta(seconds=1))
    assert away.asked() == Counter(away.watched) + Counter(away.watched[:1])


def test_what_another_process_has_read_within_the_hour_is_not_read_again(away: Away) -> None:
    processes = [away.process() for _ in range(4)]
    for minute in range(75):
        if minute >= 15 and minute % 15 == 0:
            processes[minute // 15 % 4].want(unless_read_for=timedelta(minutes=30))
        for _ in range(2):
            away.lets(*processes)
            away.clock.advance(timedelta(seconds=30))
    assert max(away.asked().values()) <= 3


def test_a_channel_that_cannot_be_read_holds_up_no_other_and_is_tried_again(away: Away) -> None:
    broken = away.watched[0]
    away.slack.says = lambda channel: (
        (200, {}, {"ok": False, "error": "internal_error"}) if channel == broken else quiet(channel)
    )
    process = away.process()
    away.lets_for_minutes(process)
    assert set(away.asked()) == set(away.watched)
    assert away.asked()[broken] > 1
    assert process.next_at(away.clock.now()) == away.clock.now() + AGAIN_AFTER


def test_a_channel_at_which_the_reader_stumbles_holds_up_no_other(away: Away) -> None:
    strange = away.watched[0]
    away.slack.says = lambda channel: (
        (200, {}, {"ok": True, "messages": ["no message"]}) if channel == strange else quiet(channel)
    )
    process = away.process()
    for _ in range(3):
        with suppress(AttributeError):
            away.lets(process)
        away.lets(process)
        away.clock.advance(timedelta(minutes=1))
    assert set(away.asked()) == set(away.watched)


def test_a_channel_that_slack_does_not_show_is_tried_ever_more_seldom_until_it_is_shown_again(away: Away) -> None:
    closed = away.watched[0]
    away.slack.says = lambda channel: (
        (200, {}, {"ok": False, "error": "not_in_channel"}) if channel == closed else quiet(channel)
    )
    process = away.process()
    away.lets_for_minutes(process, minutes=4 * 60)
    assert away.asked()[closed] <= 12
    assert set(away.asked()) == set(away.watched)

    away.slack.says = quiet
    away.clock.advance(LONGEST_WAIT_FOR)
    away.lets(process)
    assert process.next_at(away.clock.now()) is None


def test_a_person_is_asked_once_to_see_to_a_customers_channel_that_slack_does_not_show(away: Away) -> None:
    away.slack.says = lambda channel: (
        (200, {}, {"ok": False, "error": "missing_scope" if channel == "C0GLOBEX" else "not_in_channel"})
        if channel in {"C0ACME", "C0GLOBEX", "C001"}
        else quiet(channel)
    )
    process = away.process()
    away.lets_for_minutes(process, minutes=10)
    process.want()
    away.lets_for_minutes(process)
    acme, globex = away.told()
    assert acme == (
        "The channel of Acme Corp cannot be read: Slack says not_in_channel of C0ACME. Invite the bot there again, "
        "install the app anew where a scope is missing, or name another channel in the directory. Until then what they "
        "write there may become no ticket: look there yourself."
    )
    assert globex.startswith("The channel of Globex cannot be read: Slack says missing_scope of C0GLOBEX.")

    away.slack.says = quiet
    away.clock.advance(LONGEST_WAIT_FOR)
    process.want()
    away.lets_for_minutes(process)
    assert len(away.told()) == 2
