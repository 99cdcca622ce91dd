"""Does a clock say the right time, and does the followed one answer the workspace only once the work is done?"""

import json
import queue
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from bot.clock import ClockUnreachableError, FollowedClock, MovableClock, Rest, SystemClock, follow_address

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)


class Workspace:
    """The workspace's end of the wire: says the time, and keeps what it is told."""

    def __init__(self) -> None:
        self.heard: queue.Queue[dict[str, object]] = queue.Queue()
        self.connections: queue.Queue[ServerConnection] = queue.Queue()
        self.server: Server = serve(self._serve, "127.0.0.1", 0)
        self.port = self.server.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _serve(self, connection: ServerConnection) -> None:
        connection.send(json.dumps({"now": NINE.isoformat(), "ask": 0}))
        self.connections.put(connection)
        try:
            while True:
                self.heard.put(json.loads(connection.recv()))
        except ConnectionClosed:
            return

    def close(self) -> None:
        while not self.connections.empty():
            self.connections.get().close()
        self.server.shutdown()
        self.thread.join()


class Work:
    """What the process has left to do."""

    def __init__(self) -> None:
        self.rest = Rest(idle=True)
        self.woken = threading.Event()


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    workspace = Workspace()
    yield workspace
    workspace.close()


@pytest.fixture
def clock(workspace: Workspace) -> Iterator[FollowedClock]:
    clock = FollowedClock(workspace.url, name="test")
    yield clock
    clock.close()


def test_the_system_clock_speaks_utc_and_waits_no_negative_time() -> None:
    clock = SystemClock()

    assert clock.now().utcoffset() == timedelta(0)
    assert clock.seconds_until(NINE) == 0
    assert (clock.seconds_until(clock.now() + timedelta(minutes=1)) or 0) > 50


def test_a_moved_clock_wakes_those_who_wait_and_never_goes_back() -> None:
    clock = MovableClock(NINE)
    woken: list[datetime] = []
    clock.attach(wake=lambda: woken.append(clock.now()), rest=lambda: Rest(idle=True))

    clock.advance(timedelta(hours=1))

    assert woken == [NINE + timedelta(hours=1)]
    assert clock.seconds_until(NINE + timedelta(hours=2)) is None
    with pytest.raises(ValueError, match="cannot go back"):
        clock.move_to(NINE)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://127.0.0.1:1/", "http://127.0.0.1:1/clock", "ws://127.0.0.1:1/clock/follow"]
)
def test_every_spelling_of_the_control_address_leads_to_the_clock(url: str) -> None:
    assert follow_address(url, name="a b") == "ws://127.0.0.1:1/clock/follow?name=a+b"


def test_a_clock_behind_tls_is_followed_through_tls() -> None:
    assert follow_address("https://desk.example.com/clock") == "wss://desk.example.com/clock/follow?name=bot"


def test_time_is_what_the_workspace_says(clock: FollowedClock) -> None:
    assert clock.now() == NINE
    assert clock.seconds_until(NINE) == 0
    assert clock.seconds_until(NINE + timedelta(seconds=1)) is None


def test_a_workspace_that_is_not_there_is_named_in_one_sentence() -> None:
    clock = FollowedClock("http://127.0.0.1:9", patience=0.1)

    with pytest.raises(ClockUnreachableError, match=r"CLOCK_URL: no clock answers at http://127\.0\.0\.1:9; start "):
        clock.now()


def test_a_question_is_answered_once_the_work_is_done(workspace: Workspace, clock: FollowedClock) -> None:
    work = Work()
    clock.attach(wake=work.woken.set, rest=lambda: work.rest)
    assert workspace.heard.get(timeout=5) == {"answer": 0, "idle": True, "next_due": None}
    connection = workspace.connections.get(timeout=5)
    ten = NINE + timedelta(hours=1)

    work.woken.clear()
    work.rest = Rest(idle=False)
    connection.send(json.dumps({"now": ten.isoformat(), "ask": 7}))

    assert work.woken.wait(5)
    assert clock.now() == ten
    assert workspace.heard.get(timeout=5) == {"answer": 7, "idle": False, "next_due": None}  # a sign of life

    work.rest = Rest(idle=True, next_due=ten)
    clock.changed()

    assert workspace.heard.get(timeout=5) == {"answer": 7, "idle": True, "next_due": ten.isoformat()}


def test_a_process_that_is_starting_shows_life_but_is_not_idle(workspace: Workspace, clock: FollowedClock) -> None:
    assert clock.now() == NINE

    assert workspace.heard.get(timeout=5) == {"answer": 0, "idle": False, "next_due": None}


def test_a_new_next_due_is_reported_unasked_and_only_once(workspace: Workspace, clock: FollowedClock) -> None:
    work = Work()
    clock.attach(wake=work.woken.set, rest=lambda: work.rest)
    workspace.heard.get(timeout=5)

    work.rest = Rest(idle=True, next_due=NINE)
    clock.changed()
    clock.changed()
    work.rest = Rest(idle=True)
    clock.changed()

    assert workspace.heard.get(timeout=5) == {"next_due": NINE.isoformat()}
    assert workspace.heard.get(timeout=5) == {"next_due": None}


def test_a_broken_connection_is_made_anew(workspace: Workspace, clock: FollowedClock) -> None:
    work = Work()
    clock.attach(wake=work.woken.set, rest=lambda: work.rest)
    workspace.connections.get(timeout=5).close()

    again = workspace.connections.get(timeout=5)
    again.send(json.dumps({"now": (NINE + timedelta(days=1)).isoformat(), "ask": 1}))

    while (answer := workspace.heard.get(timeout=5))["answer"] != 1:
        continue
    assert answer == {"answer": 1, "idle": True, "next_due": None}
    assert clock.now() == NINE + timedelta(days=1)


def test_words_that_make_no_sense_change_nothing(workspace: Workspace, clock: FollowedClock) -> None:
    assert clock.now() == NINE
    connection = workspace.connections.get(timeout=5)

    connection.send("noon")
    connection.send(json.dumps({"now": "2026-01-05T10:00:00"}))
    connection.send(json.dumps({"now": "2026-01-05T11:00:00+02:00", "ask": 3}))
    clock.attach(wake=lambda: None, rest=lambda: Rest(idle=True))

    assert workspace.heard.get(timeout=5)["answer"] in {0, 3}
    assert clock.now() == NINE
