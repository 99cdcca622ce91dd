"""Does everything follow from a ticket's opening, once, whoever comes to it first?"""

from datetime import timedelta

from sqlalchemy import select

from bot.domain.message import Kind
from bot.services import beginning, due, intake, queries, working
from bot.services.audit import verify
from bot.services.desk import Answer, Work
from bot.store import deadlines, pages
from bot.store.tables import metadata
from tests.services.office import Office

WAITS = select(metadata.tables["deadline"].c.id).where(metadata.tables["deadline"].c.kind == beginning.DEADLINE)


def opens_only(office: Office, text: str = "sev1 Checkout is down") -> str:
    """Open a ticket by command, as far as its own transaction goes."""
    answer = office.desk.do(intake.open_by_command, actor=office.who("cy"), channel="C0ACME", text=text, now=office.now)
    assert answer.ticket
    return answer.ticket


def rows_of(office: Office, table: str) -> int:
    with office.db.reading() as session:
        return len(session.connection().execute(metadata.tables[table].select()).all())


def test_a_ticket_of_a_command_is_confirmed_before_its_clocks_and_pages(office: Office) -> None:
    ticket = opens_only(office)
    assert not office.ticket(ticket).begun
    assert [rows_of(office, name) for name in ("clock", "page", "outbox")] == [0, 0, 0]
    assert rows_of(office, "timeline") > 0
    verdict = verify(office.desk, now=office.now)
    assert verdict.difference is None


def test_what_follows_is_due_at_once_and_happens_once(office: Office) -> None:
    ticket = opens_only(office)
    office.passes(seconds=0)
    receipts = office.said(kind=Kind.RECEIPT)
    assert len(receipts) == 1
    assert office.ticket(ticket).begun
    with office.db.transaction() as session:
        beginning.due(Work(office.desk, session), number=1, now=office.now)
    assert office.said(kind=Kind.RECEIPT) == receipts


def test_whoever_comes_to_it_first_lets_it_begin(office: Office) -> None:
    ticket = opens_only(office)
    office.desk.do(working.note, actor=office.who("bo"), ticket=ticket, text="The disk is full.", now=office.now)
    assert office.ticket(ticket).begun
    with office.db.reading() as session:
        assert len(pages.of_ticket(session, 1)) == 1
        assert session.connection().execute(WAITS).first() is not None
    office.passes(seconds=0)
    assert len(office.said(kind=Kind.RECEIPT)) == len(office.said(kind=Kind.PAGE)) == 1
    with office.db.reading() as session:
        assert session.connection().execute(WAITS).first() is None


def test_who_only_looks_changes_nothing(office: Office) -> None:
    ticket = opens_only(office)
    shown = office.desk.ask(
        queries.show_ticket, actor=office.who("ana"), ticket=ticket, channel="C0TRIAGE", now=office.now
    )
    assert isinstance(shown, Answer)
    assert not office.ticket(ticket).begun


def test_its_clocks_run_from_its_opening_however_late_it_begins(office: Office) -> None:
    ticket = opens_only(office)
    opened_at = office.now
    office.now = opened_at.replace(hour=opened_at.hour + 2)
    office.passes(seconds=0)
    with office.db.reading() as session:
        started = {row.started_at for row in session.connection().execute(metadata.tables["clock"].select())}
        assert opened_at in started
        assert deadlines.due_of(session, kind="update", subject="1") is not None
    assert office.ticket(ticket).begun
    assert verify(office.desk, now=office.now).difference is None


def test_a_new_ticket_does_not_wait_for_all_that_fell_due_while_the_desk_was_away(office: Office) -> None:
    for _ in range(3):
        office.opens()
    office.now += timedelta(hours=2)
    ticket = opens_only(office)
    assert due.fire(office.desk, now=office.now)
    assert office.ticket(ticket).begun
    assert len(office.said(kind=Kind.UPDATE)) == 0
