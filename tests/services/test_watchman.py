"""Does the desk notice, by itself, a step that is due and that nobody did?"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlmodel import col, select

from bot.services import page_answers, watchman
from bot.store import deadlines
from bot.store.tables import Deadline, Escalation, OutboxRow, Person
from tests.services.office import Office

TITLE = "ALARM: the desk missed a step of its own"


def looks(office: Office, times: int = 2) -> list[str]:
    """What some looks, a minute apart, find at last."""
    found: list[watchman.Fault] = []
    for _ in range(times):
        found = watchman.look(office.desk, now=office.now)
        office.now += timedelta(seconds=1)
    return [fault.said for fault in found]


def told_directly(office: Office, person: str = "mei") -> list[str]:
    return [said for said in office.said(to=person) if said.startswith(TITLE)]


def forget_the_next_page(office: Office) -> None:
    with office.db.transaction() as session:
        deadlines.cancel(session, kind="page", ticket_number=1)


def forget_the_next_update(office: Office) -> None:
    with office.db.transaction() as session:
        deadlines.cancel(session, kind="update", ticket_number=1)


def lose_the_page(office: Office) -> None:
    with office.db.transaction() as session:
        session.connection().execute(delete(OutboxRow).where(col(OutboxRow.key).startswith("page:")))


def let_a_deadline_lie(office: Office) -> None:
    with office.db.reading() as session:
        due_at = session.exec(select(Deadline.due_at).where(Deadline.kind == "page")).one()
    office.now = due_at + timedelta(seconds=61)


def keep_failing(office: Office) -> None:
    let_a_deadline_lie(office)
    with office.db.transaction() as session:
        later = office.now + timedelta(minutes=5)
        session.connection().execute(update(Deadline).values(due_at=later, attempts=7))


def stop_sending(office: Office) -> None:
    with office.db.transaction() as session:
        pages = update(OutboxRow).where(col(OutboxRow.kind) == "page", col(OutboxRow.op) == "post")
        session.connection().execute(pages.values(state="pending"))
    office.now += timedelta(minutes=3)


@pytest.mark.req("PG-5")
@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (forget_the_next_page, "T-1 is paged, but nobody is next"),
        (forget_the_next_update, "T-1 is Sev 1, but its next customer update is not planned"),
        (lose_the_page, "T-1 pages Ana Lima, but no message went out"),
        (let_a_deadline_lie, "T-1: page was due 04:15 EST"),
        (keep_failing, "T-1: page was due 04:15 EST"),
        (stop_sending, "T-1: a page has not left since 04:00 EST"),
    ],
)
def test_each_planted_fault_is_found_and_told_to_managers_directly(
    office: Office, plant: Callable[[Office], None], said: str
) -> None:
    office.opens()
    assert looks(office) == []
    plant(office)
    assert said in looks(office)
    (alarm,) = told_directly(office)
    assert said in alarm
    assert told_directly(office, "vic") == told_directly(office)


def unsent(office: Office) -> list[str]:
    return [each for each in looks(office) if "has not left" in each]


def test_what_slack_never_takes_is_told_once_others_left_for_a_while_after_it(office: Office) -> None:
    office.opens("sev3 A typo")
    with office.db.transaction() as session:
        receipt = update(OutboxRow).where(col(OutboxRow.card) == "receipt:1")
        session.connection().execute(receipt.values(state="pending", attempts=15, lease_until=None))
        others = update(OutboxRow).where(col(OutboxRow.card).is_distinct_from("receipt:1"))
        session.connection().execute(others.values(state="failed", sent_at=None))
    office.now += timedelta(hours=1)
    assert unsent(office) == [], "nothing leaves after it: that is Slack's own trouble"
    with office.db.transaction() as session:
        session.connection().execute(others.values(state="sent", sent_at=office.now))
    assert unsent(office) == [], "it may be on its way too"

    office.now += timedelta(minutes=11)
    assert unsent(office) == ["T-1: a receipt has not left since 04:00 EST"]
    unsent(office)
    assert len([each for each in told_directly(office) if "has not left" in each]) == 1


def test_what_only_one_look_saw_is_no_fault(office: Office) -> None:
    office.opens()
    forget_the_next_page(office)
    assert looks(office, times=1) == []
    with office.db.transaction() as session:
        chain = session.exec(select(Escalation.id)).one()
        deadlines.arm(session, kind="page", subject=chain, due_at=office.now + timedelta(minutes=5), ticket_number=1)
    assert looks(office) == []
    assert told_directly(office) == []


def test_a_fault_that_stays_is_told_once(office: Office) -> None:
    office.opens()
    forget_the_next_page(office)
    looks(office, times=5)
    assert len(told_directly(office)) == 1


def test_a_manager_hears_by_every_contact_too(office: Office) -> None:
    with office.db.transaction() as session:
        session.get_one(Person, "mei").contacts = ["mailto://mei@mail.test"]
    office.opens()
    forget_the_next_page(office)
    looks(office)
    with office.db.reading() as session:
        (row,) = session.exec(select(OutboxRow).where(OutboxRow.op == "notify")).all()
        assert (row.lane, row.payload["text"]) == ("out:mei:0", TITLE)
        assert "nobody is next" in row.payload["body"]


def test_a_desk_at_rest_has_no_faults_through_a_whole_chain(office: Office) -> None:
    ticket = office.opens()
    for _ in range(12):
        office.passes(minutes=17)
        assert looks(office) == []
    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket=ticket))
    for _ in range(6):
        office.passes(minutes=37)
        assert looks(office) == []
