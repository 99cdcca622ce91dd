"""Does a page leave at once while everything else hangs on a Slack that does not answer?"""

import threading

import pytest

from bot.delivery.relay import PAGE_SLOTS
from bot.store.database import Database
from tests.delivery.desk import Office
from tests.make import NINE, note_text, page_text

LONG = 30


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.mark.req("PG-2")
def test_a_page_leaves_while_every_other_send_hangs(office: Office) -> None:
    begun, let_go, paged = threading.Semaphore(0), threading.Event(), threading.Event()

    def hangs_but_for_pages(lane: str) -> None:
        if lane.startswith("@"):
            paged.set()
            return
        begun.release()
        let_go.wait(LONG)

    office.slack.gate = hangs_but_for_pages
    relay = office.another(workers=16)
    for number in range(40):
        office.post(note_text(str(number)), f"C{number}")
    try:
        while relay.step(NINE):
            pass
        for _ in range(16 - PAGE_SLOTS):
            assert begun.acquire(timeout=LONG)
        assert relay.busy()

        office.post(page_text("page"), "@U0ANA")
        assert relay.step(NINE)
        assert paged.wait(LONG)
        assert office.slack.texts == ["page"]
        assert not relay.step(NINE)
    finally:
        let_go.set()
        assert relay.stop()
