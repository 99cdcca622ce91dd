"""How long after its moment does a page leave, in a busy desk of two processes on PostgreSQL?

From the moment that a page is due to the request's arrival at Slack, with ten thousand tickets open. Between two
samples the pages before are moved into the past, so that each comes on its own and not in a bundle.
"""

import json
import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from queue import Queue
from threading import Event
from urllib.request import ProxyHandler, Request, build_opener

import psycopg
from sqlalchemy.engine import make_url

from bot.clock import SystemClock
from bot.services import due, intake, whois
from bot.services.desk import Answer, Desk, Work
from bot.store.bell import CHANNEL
from bot.store.database import Database
from bot.store.migrate import upgrade
from tests.bench import office
from tests.bench.envelopes import line
from tests.bench.goal import Goal, at_most
from tests.bench.idles import desk_process
from tests.bench.measure import p50, p99, scaled
from tests.postgres import server

OPEN, SAMPLES = 10_000, 60
EVERY_SECONDS = 1.5
SETTLE_SECONDS = 15.0

CLONED = {
    "ticket": "number, id, customer_id, handbook, tier, zone, severity, severity_since, category, state, source,"
    " summary, details, channel, requester_workspace, requester_slack, requester_name, assigned, waiting_for,"
    " opened_at, times_resolved, closing, draft, proposal, last_said, updates_sent",
    "deadline": "due_at, kind, subject, ticket_number, attempts, planned_for",
}


class Slack:
    """Notes when which page arrived."""

    def __init__(self) -> None:
        self.pages: Queue[tuple[int, float]] = Queue()
        self._numbers = count(1)

    def hear(self, method: str, asked: bytes) -> Mapping[str, object]:
        """Answer as Slack does, as far as the desk looks at it."""
        arrived = time.time()
        if method == "conversations.open":
            return {"channel": {"id": "D0ANA"}}
        if method == "users.info":
            return {"user": {"team_id": office.WORKSPACE}}
        if method != "chat.postMessage":
            return {}
        said = json.loads(asked)
        about = said.get("metadata", {})
        if about.get("event_type") == "watchbell_page":
            self.pages.put((int(about["event_payload"]["ticket"]), arrived))
        return {"channel": said.get("channel", ""), "ts": f"{next(self._numbers)}.000001"}


def goals(part: float) -> list[Goal]:
    """The slowest of a hundred pages against one SELECT 1 and one request on this machine."""
    slack = Slack()
    with ExitStack() as stack:
        postgres = stack.enter_context(server())
        url = postgres.create("bench_pages", empty=True)
        upgrade(url)
        held = stack.enter_context(line(hear=slack.hear))
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        raw = stack.enter_context(psycopg.connect(address, autocommit=True))
        db = Database(url)
        stack.callback(db.dispose)
        samples = scaled(SAMPLES, part)
        chains = _open(office.desk_on(db, clock=SystemClock()), samples)
        _fill(raw, scaled(OPEN, part))
        for _ in range(2):
            stack.enter_context(desk_process("run", api=held.api, database=url))
        if not held.open.wait(180):
            raise AssertionError("the desk did not connect")
        Event().wait(SETTLE_SECONDS * min(part * 10, 1))
        took, floor = [], []
        for number in chains:
            took.append(_sample(raw, slack, number))
            floor += [_floor(raw, held.api) for _ in range(5)]
    ours, base = p99(took) * 1e3, p50(floor) * 1e3
    return [at_most("page due to request leaving: p99, to SELECT 1 and a request", ours, base, 200, unit="ms")]


def _open(desk: Desk, times: int) -> list[int]:
    """Open so many critical tickets an hour ago; their next pages are due when the bench says so."""
    opened_at = datetime.now(UTC) - timedelta(hours=1)
    numbers = []
    for number in range(times):

        def by_ana(work: Work, *, number: int, now: datetime) -> Answer:
            ana = whois.find(work.session, workspace="", user="U0ANA", channel="C0ACME")
            text = f"sev1 Checkout {number} is down"
            return intake.open_by_command(work, actor=ana, channel="C0ACME", text=text, now=now)

        now = opened_at + timedelta(seconds=number)
        ticket = desk.do(by_ana, number=number, now=now).ticket
        assert ticket is not None
        while due.fire_one(desk, now=now):
            pass
        office.begin(desk, ticket, now=opened_at + timedelta(seconds=number))
        numbers.append(int(ticket.partition("-")[2]))
    return numbers


def _fill(raw: psycopg.Connection, tickets: int) -> None:
    """Let so many more tickets be open, each with deadlines of its own; nothing is due but what the bench lets be."""
    raw.execute("UPDATE deadline SET due_at = now() + interval '1 day'")
    raw.execute("UPDATE outbox SET state = 'cancelled' WHERE state = 'pending'")
    chosen = CLONED["ticket"].replace("number, id,", "n + 100000, 'T-' || (n + 100000),", 1)
    raw.execute(
        f"INSERT INTO ticket ({CLONED['ticket']}) SELECT {chosen} FROM ticket, generate_series(1, {tickets}) AS n"  # noqa: S608 - numbers of our own
        " WHERE number = (SELECT min(number) FROM ticket)".encode()
    )
    raw.execute(
        f"INSERT INTO deadline ({CLONED['deadline']}) SELECT now() + interval '1 day' + n * interval '1 second',"  # noqa: S608 - the same
        f" 'update', (n + 100000)::text, n + 100000, 0, now() FROM generate_series(1, {tickets}) AS n".encode()
    )
    raw.execute("ANALYZE")


def _sample(raw: psycopg.Connection, slack: Slack, number: int) -> float:
    """Let one page be due in a moment; gives how many seconds after it the request arrived."""
    raw.execute("UPDATE page SET paged_at = paged_at - interval '1 hour' WHERE paged_at > now() - interval '2 minutes'")
    due_at = datetime.now(UTC) + timedelta(seconds=EVERY_SECONDS)
    raw.execute(
        "UPDATE deadline SET due_at = %s, planned_for = %s WHERE kind = 'page' AND ticket_number = %s",
        (due_at, due_at, number),
    )
    raw.execute("SELECT pg_notify(%s, 'bench')", (CHANNEL,))
    while True:
        ticket, arrived = slack.pages.get(timeout=30)
        if ticket == number:
            return arrived - due_at.timestamp()


def _floor(raw: psycopg.Connection, api: str) -> float:
    """One SELECT 1, and one request that begins its own connection, as Slack's library does."""
    asking = build_opener(ProxyHandler({}))
    began = time.perf_counter()
    raw.execute("SELECT 1").fetchone()
    asking.open(Request(f"{api}api.test", b"x=1"), timeout=10).read()  # noqa: S310 - this machine
    return time.perf_counter() - began
