"""Do four processes on PostgreSQL send a thousand pages that are due at the same moment once each?"""

import multiprocessing
import os
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from threading import Event

import pytest
from sqlalchemy import func, select, update

from bot.delivery.relay import Relay
from bot.delivery.sent import Sent
from bot.handbook.loader import load
from bot.messages.check import load as load_templates
from bot.services import due, standing
from bot.services.desk import Desk
from bot.services.handbooks import Handbooks
from bot.store.database import Database
from bot.store.tables import LevelTarget, OutboxRow, TeamMember, metadata
from tests.make import make_person
from tests.services.ground import Quiet

PROCESSES = 4
TICKETS, PEOPLE = 4, 250
"""A person's channel takes four messages at once: no clock has to go on."""

BOX, CHAIN, DUE = (metadata.tables[name] for name in ("outbox", "escalation", "deadline"))
PAGES = (BOX.c.kind == "page") & (BOX.c.op == "post")
_forking = multiprocessing.get_context("forkserver")


class Letterbox:
    """Takes everything, and writes down what it took in a file that other processes write to as well."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_APPEND)

    def send(self, row: OutboxRow) -> Sent:
        if row.kind == "page" and row.op == "post":
            os.write(self._file, f"{row.id} {row.lane}\n".encode())
        return Sent(row.lane, f"{row.seq}.000001")

    def look_up(self, _row: OutboxRow) -> Sent | None:
        return None

    def is_external(self, lane: str) -> bool:
        return lane == "C0ACME"


def work(url: str, file: Path, now: datetime, start: Path) -> None:
    """What one process does: the deadlines that are due and the messages that may leave, until no page waits."""
    db, pause = Database(url), Event()
    desk = Desk(
        db=db,
        handbooks=Handbooks(load("enterprise")),
        catalog=load_templates(None),
        token=lambda: token_hex(16),
        bot_user="U0BELL",
        workspace="T0WATCH",
    )
    relay = Relay(
        db, Letterbox(file), word=standing.speaker(desk), clock=lambda: now, on_dead_letter=lambda *_: None, workers=0
    )
    while not start.exists():
        pause.wait(0.01)
    while due.fire(desk, now=now) or relay.step(now) or left(db, now=now):
        pass
    db.dispose()


def left(db: Database, *, now: datetime) -> int:
    """How much is to be done by whichever process: deadlines that are due, pages that have not left."""
    unsent = select(func.count()).select_from(BOX).where(PAGES, BOX.c.state.in_(("pending", "sending")))
    waiting = select(func.count()).select_from(DUE).where(DUE.c.due_at <= now)
    with db.reading() as session:
        return sum(int(session.connection().execute(each).scalar_one()) for each in (unsent, waiting))


@pytest.fixture
def office(postgres_url: str) -> Iterator[Quiet]:
    """A desk whose second level is very many people, and whose tickets page it next."""
    office = Quiet(Database(postgres_url))
    names = [f"p{number:03}" for number in range(PEOPLE)]
    with office.db.transaction() as session:
        session.add_all([make_person(name) for name in names])
        session.add_all([TeamMember(team="crowd", position=place, person_id=name) for place, name in enumerate(names)])
        session.get_one(LevelTarget, (2, 0)).target = "team:crowd"
    for number in range(TICKETS):
        office.opens(f"sev1 Checkout {number} is down")
    with office.db.transaction() as session:
        session.connection().execute(update(CHAIN).values(attempt=3))
    yield office
    office.db.dispose()


@pytest.mark.postgres
@pytest.mark.timeout(900)
@pytest.mark.req("PG-1")
def test_four_processes_send_each_of_a_thousand_pages_once(office: Quiet, tmp_path: Path) -> None:
    file, start = tmp_path / "taken", tmp_path / "start"
    file.touch()
    now = office.now + timedelta(minutes=15)
    at_work = [_forking.Process(target=work, args=(office.db.url, file, now, start)) for _ in range(PROCESSES)]
    for each in at_work:
        each.start()
    start.touch()
    for each in at_work:
        each.join(600)
    assert [each.exitcode for each in at_work] == [0] * PROCESSES

    taken = [line.split() for line in file.read_text(encoding="utf-8").splitlines()]
    crowd = [lane for _, lane in taken if lane.startswith("@U0P")]
    assert len(crowd) == TICKETS * PEOPLE
    assert max(Counter(row for row, _ in taken).values()) == 1, "sent twice"
    assert set(Counter(crowd).values()) == {TICKETS}
    with office.db.reading() as session:
        pages = session.connection().execute(select(metadata.tables["page"])).all()
    assert Counter(page.level for page in pages) == {1: TICKETS, 2: TICKETS * PEOPLE}
    assert left(office.db, now=now) == 0
