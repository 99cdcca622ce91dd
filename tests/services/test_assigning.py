"""Do tickets find their owner by themselves, one each, and only people who are there?"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Barrier

import pytest

from bot.domain.events import Assigned
from bot.services import due, holding, page_answers, queue_bell, stand_in, timeline, triage, working
from bot.services.desk import Answer, Desk, Work
from bot.store.database import Database
from bot.store.tables import Person
from tests.services.automatic import RULES, office_with
from tests.services.office import Office

CLOSING = {"root_cause": "a disk", "workaround": "none", "prevention": "an alarm"}


@pytest.fixture
def automatic(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    """Monday nine o'clock UTC: Ana is on call and at work, Bo is at work, in Tokyo Kai has gone home."""
    db = Database(sqlite_url)
    office = office_with(db, tmp_path)
    # New York's customers open at nine there: an enterprise ticket is worked around the clock.
    yield office
    db.dispose()


def owners(office: Office, *ids: str) -> list[str | None]:
    return [office.ticket(each).owner for each in ids]


def opened(office: Office, many: int, severity: str = "sev3") -> list[str]:
    found = []
    for _ in range(many):
        found.append(office.opens(f"{severity} A report is wrong"))
        office.passes(seconds=1)
    return found


def reasons(office: Office, ticket: str) -> list[str]:
    row = office.ticket(ticket)
    with office.db.reading() as session:
        found = timeline.events_of(Work(office.desk, session), row)
    return [event.why for _, _, event in found if isinstance(event, Assigned)]


@pytest.mark.req("LC-4")
def test_each_ticket_goes_to_whoever_has_least_until_everybody_is_full(automatic: Office) -> None:
    ids = opened(automatic, 5)

    assert sorted(filter(None, owners(automatic, *ids))) == ["ana", "ana", "bo", "bo"]
    assert owners(automatic, ids[-1]) == [None]
    assert "is at work, had 0 of at most 2 tickets" in reasons(automatic, ids[0])[0]
    assert "Why you" in automatic.said(to="ana")[-1]
    assert automatic.is_sound()


@pytest.mark.req("LC-4")
def test_the_card_says_why_somebody_has_it_and_no_more_once_it_was_claimed(automatic: Office) -> None:
    (ticket,) = opened(automatic, 1)
    owner = automatic.ticket(ticket).owner
    assert owner is not None
    assert automatic.ticket(ticket).assigned["to"] == owner

    other = "bo" if owner == "ana" else "ana"
    automatic.does(other, working.claim, ticket=ticket, shown=owner)
    automatic.passes(minutes=1)

    assert owners(automatic, ticket) == [other]
    assert len(reasons(automatic, ticket)) == 1


@pytest.mark.req("LC-4")
def test_the_oldest_due_is_given_out_when_somebody_frees_up(automatic: Office) -> None:
    ids = opened(automatic, 4)
    later, sooner = automatic.opens("sev4 A question"), automatic.opens("sev2 Slow")
    automatic.passes(seconds=1)
    assert owners(automatic, later, sooner) == [None, None]

    automatic.does("ana", working.resolve, ticket=ids[0], values=CLOSING)
    automatic.passes(seconds=1)
    assert None not in owners(automatic, sooner)
    assert owners(automatic, later) == [None]

    automatic.does("ana", triage.decline, ticket=ids[1], reason="Another team does this")
    automatic.passes(seconds=1)
    assert None not in owners(automatic, later)


@pytest.mark.req("LC-4")
def test_while_somebody_is_paged_the_ticket_is_theirs_who_acknowledges(automatic: Office) -> None:
    ticket = automatic.opens("sev1 Checkout is down")
    automatic.passes(minutes=2)
    assert owners(automatic, ticket) == [None]

    automatic.does("ana", page_answers.acknowledge, page=automatic.page_of("ana", ticket=ticket))
    automatic.passes(minutes=1)

    assert owners(automatic, ticket) == ["ana"]
    assert reasons(automatic, ticket) == []


@pytest.mark.req("LC-4")
def test_a_ticket_waits_for_the_next_person_whose_day_begins(automatic: Office) -> None:
    at(automatic, "bo", hours="Mon-Fri 12:00-16:00")
    at(automatic, "kai", hours="Mon 06:00-07:00")
    opened(automatic, 2)
    (third,) = opened(automatic, 1)
    assert owners(automatic, third) == [None]

    automatic.passes(hours=1, minutes=59)
    assert owners(automatic, third) == [None]
    automatic.passes(minutes=2)

    assert owners(automatic, third) == ["bo"]


@pytest.mark.req("LC-4")
def test_whoever_is_away_gets_nothing_until_they_are_back(automatic: Office) -> None:
    automatic.does("mei", stand_in.absent, person="U0BO", words="2026-01-05 09:00 2026-01-05 11:00")
    ids = opened(automatic, 3)
    assert owners(automatic, *ids) == ["ana", "ana", None]

    automatic.passes(hours=3)

    assert owners(automatic, *ids) == ["ana", "ana", "bo"]


@pytest.mark.req("LC-4")
def test_a_sev_2_passes_on_when_its_owners_day_ends_and_a_sev_3_stays(automatic: Office) -> None:
    at(automatic, "ana", hours="Mon-Fri 09:00-10:00")
    at(automatic, "kai", hours="Mon 00:00-01:00")
    late, calm = automatic.opens("sev2 Slow"), automatic.opens("sev3 A label")
    for each in (late, calm):
        automatic.does("bo", working.claim, ticket=each)
    at(automatic, "bo", hours="Mon-Fri 09:00-12:00")
    automatic.passes(hours=1, minutes=59)
    assert owners(automatic, late, calm) == ["bo", "bo"]

    automatic.passes(minutes=2)

    assert owners(automatic, late, calm) == ["ana", "bo"]
    assert "Bo Berg's shift ended" in reasons(automatic, late)[0]
    assert "passed from you to Ana Lima" in automatic.said(to="bo")[-1]


def test_who_takes_a_ticket_outside_their_hours_keeps_it(automatic: Office) -> None:
    at(automatic, "kai", hours="Mon 00:00-01:00")
    ticket = automatic.opens("sev2 Slow")
    automatic.does("kai", working.claim, ticket=ticket)

    automatic.passes(hours=3)

    assert owners(automatic, ticket) == ["kai"]


def test_what_is_given_back_pages_and_is_not_handed_out_meanwhile(automatic: Office) -> None:
    (ticket,) = opened(automatic, 1)
    owner = automatic.ticket(ticket).owner
    assert owner is not None

    automatic.does(owner, holding.give_back, ticket=ticket)
    automatic.passes(minutes=1)

    assert owners(automatic, ticket) == [None]


def test_firing_twice_gives_a_ticket_once(automatic: Office) -> None:
    (ticket,) = opened(automatic, 1)
    for _ in range(3):
        automatic.desk.do(woken, now=automatic.now)
        automatic.passes(seconds=1)

    assert len(reasons(automatic, ticket)) == 1


def woken(work: Work, *, now: datetime) -> Answer:
    queue_bell.settle(work, now=now)
    return Answer()


def test_a_raised_cap_is_used_at_the_next_start(sqlite_url: str, tmp_path: Path) -> None:
    db = Database(sqlite_url)
    office = office_with(db, tmp_path, RULES.replace("at_most: 2", "at_most: 1"))
    opened(office, 2)
    (third,) = opened(office, 1)
    assert owners(office, third) == [None]
    db.dispose()


def test_without_the_key_nothing_is_given_out(office: Office) -> None:
    ids = opened(office, 2)
    office.passes(hours=1)

    assert owners(office, *ids) == [None, None]


def at(office: Office, name: str, *, hours: str) -> None:
    """Let somebody work at these hours."""
    with office.db.transaction() as session:
        session.get_one(Person, name).hours = hours


@pytest.mark.req("ES-7")
def test_too_many_open_tickets_alarm_once_and_again_only_after_it_was_over(sqlite_url: str, tmp_path: Path) -> None:
    db = Database(sqlite_url)
    office = office_with(db, tmp_path, "extends: enterprise\nqueue: {open_at_most: {sev3: 2}}\n")
    ids = opened(office, 5)
    assert len(alarms(office)) == 1
    assert "3 Sev 3 (Medium) tickets are open; 2 are as many as the handbook allows" in alarms(office)[0]

    for each in ids[:3]:
        office.does("ana", triage.decline, ticket=each, reason="Another team does this")
        office.passes(seconds=1)
    opened(office, 1)

    assert len(alarms(office)) == 2
    assert len([each for each in office.said(to="mei") if "as many as the handbook" in each]) == 2
    db.dispose()


@pytest.mark.req("ES-7")
def test_a_ticket_that_grows_too_old_alarms_at_that_moment(sqlite_url: str, tmp_path: Path) -> None:
    db = Database(sqlite_url)
    office = office_with(db, tmp_path, "extends: enterprise\nqueue: {oldest_at_most: {sev2: 3 hours}}\n")
    first = office.opens("sev2 Slow")
    office.passes(hours=1)
    second = office.opens("sev2 Slower")
    office.passes(hours=2)
    assert alarms(office) == []

    office.passes(minutes=1)
    assert len(alarms(office)) == 1
    assert first in alarms(office)[0]
    office.passes(hours=2)
    assert len(alarms(office)) == 1

    for each in (first, second):
        office.does("ana", triage.decline, ticket=each, reason="Another team does this")
    office.passes(seconds=1)
    office.opens("sev2 Slow again")
    office.passes(hours=3, minutes=1)
    assert len(alarms(office)) == 2
    db.dispose()


def alarms(office: Office) -> list[str]:
    found = office.said(to="C0OPS")
    return [each for each in found if "as many as the handbook" in each or "been open for longer" in each]


@pytest.mark.postgres
@pytest.mark.req("LC-4")
def test_two_processes_that_give_out_tickets_at_once_give_each_once_and_nobody_too_many(
    postgres_url: str, tmp_path: Path
) -> None:
    db, another = Database(postgres_url), Database(postgres_url)
    office = office_with(db, tmp_path)
    ids = [office.opens("sev3 A report is wrong") for _ in range(6)]
    together = Barrier(2)

    def drains(desk: Desk) -> None:
        together.wait(30)
        while due.fire(desk, now=office.now):
            pass

    with ThreadPoolExecutor(2) as both:
        [*both.map(drains, (office.desk, replace(office.desk, db=another)))]
    office.passes(seconds=10)

    assert sorted(filter(None, owners(office, *ids))) == ["ana", "ana", "bo", "bo"]
    assert [len(reasons(office, each)) for each in ids] == [int(each is not None) for each in owners(office, *ids)]
    assert office.is_sound()
    db.dispose()
    another.dispose()
