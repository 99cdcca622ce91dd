"""Who has it when eight people press Acknowledge on one page at once? One of them, and all others hear who."""

from dataclasses import replace
from threading import Barrier, Thread

import pytest
from sqlmodel import col, select

from bot.domain.errors import TooLate
from bot.domain.escalation import Phase
from bot.domain.people import Actor
from bot.services import page_answers
from bot.store.database import Database
from bot.store.tables import Escalation, OutboxRow, Page
from tests.make import make_person
from tests.services.office import PEOPLE, Office

CROWD = (*PEOPLE, "zoe", "tom", "uma")


def everybody(office: Office) -> list[Actor]:
    """The five of the directory and three more engineers."""
    with office.db.transaction() as session:
        session.add_all([make_person(name) for name in CROWD[len(PEOPLE) :]])
    known = [office.who(name) for name in PEOPLE]
    return known + [replace(known[0], person=name, name=name.title()) for name in CROWD[len(PEOPLE) :]]


@pytest.mark.req("PG-1")
def test_of_eight_clicks_at_once_one_wins_and_seven_hear_who(database: Database) -> None:
    office = Office(database)
    crowd = everybody(office)
    ticket = office.opens()
    office.passes(minutes=46)
    page = office.page_of("bo", ticket=ticket)
    start = Barrier(len(crowd))
    won: list[str] = []
    told: list[str] = []

    def click(actor: Actor) -> None:
        start.wait(30)
        try:
            office.desk.do(page_answers.acknowledge, actor=actor, page=page, now=office.now)
        except TooLate as late:
            told.append(late.sentence)
        else:
            won.append(str(actor.person))

    threads = [Thread(target=click, args=(actor,)) for actor in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    office.delivers()

    (winner,) = won
    assert office.ticket(ticket).owner == winner
    assert len(told) == 7
    name = next(actor.name for actor in crowd if actor.person == winner)
    assert all(f"already acknowledged by {name}" in each for each in told), told
    with office.db.reading() as session:
        (chain,) = session.exec(select(Escalation)).all()
        assert chain.state == Phase.ACKNOWLEDGED
        copies = session.exec(select(Page.id)).all()
        assert len(copies) == 5
        for copy in copies:
            shown = select(OutboxRow).where(OutboxRow.card == f"page:{copy}", OutboxRow.state == "sent")
            last = session.exec(shown.order_by(col(OutboxRow.seq).desc())).first()
            assert last is not None
            assert f"Acknowledged by {name}" in str(last.payload)
