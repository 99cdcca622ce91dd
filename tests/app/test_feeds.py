"""A calendar of absences is read again each hour, and whoever can mend it hears once that it cannot be read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.app.fetch
from bot.app import runtime
from bot.app.feeds import Feeds
from bot.app.fetch import fetch
from bot.app.local import settings_for
from bot.delivery.fence import Fence
from bot.domain.errors import BadInput
from bot.services import erase, feeds, oncall
from bot.services.desk import Work
from bot.store import deadlines, people
from bot.store import feeds as kept
from bot.store.database import Database
from tests.app.calendars import HOST, Shelf, calendar, shelf
from tests.commands.shell import DIRECTORY_TEXT, Shell
from tests.services.office import Office
from tests.stories import stage

pytestmark = pytest.mark.req("PG-3")


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    db = Database(sqlite_url)
    yield Office(db)
    db.dispose()


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """Ana's calendar on a server that this process trusts: she is away today."""
    with shelf(tmp_path) as there:
        monkeypatch.setenv("SSL_CERT_FILE", str(there.certificate))
        yield there


def from_here(url: str) -> bytes:
    return fetch(url, fence=Fence((HOST,)))


def keeps(office: Office, url: str, *, person: str | None = "ana") -> None:
    with office.db.transaction() as session:
        feeds.keep(Work(office.desk, session), url=url, person=person, found=(), by="operator", now=office.now)


def an_hour_later(office: Office, reader: Feeds) -> None:
    office.passes(hours=1)
    while reader.step(office.now):
        pass
    office.delivers()


def on_call(office: Office) -> list[str]:
    with office.db.reading() as session:
        return [person.id for person in oncall.people_of_level(session, 1, now=office.now)]


def heard(office: Office, to: str) -> list[str]:
    return [each for each in office.said(to=to) if "The calendar of" in each]


def test_what_changes_in_a_calendar_changes_who_is_on_call_within_the_hour(office: Office, shared: Shelf) -> None:
    reader = Feeds(office.desk, from_here)
    keeps(office, shared.url)
    assert on_call(office) == ["ana"]
    assert reader.next_at(office.now) is None

    an_hour_later(office, reader)
    assert on_call(office) == ["bo"]
    shared.content = calendar("20260107")
    an_hour_later(office, reader)
    assert on_call(office) == ["ana"]
    assert len(shared.asked) == 2
    assert office.is_sound()


def test_a_broken_calendar_is_told_once_and_again_only_after_it_was_well(office: Office, shared: Shelf) -> None:
    reader = Feeds(office.desk, from_here)
    keeps(office, shared.url)
    an_hour_later(office, reader)
    shared.status = 404
    for _ in range(3):
        an_hour_later(office, reader)
    assert on_call(office) == ["bo"], "what it said last holds"
    for to in ("C0OPS", "ana"):
        (told,) = heard(office, to)
        assert f"The calendar of Ana Lima at {HOST} cannot be read: {HOST} answered 404" in told
        assert "hunter2" not in told
        assert "3f9a" not in told

    shared.status = 200
    an_hour_later(office, reader)
    assert "can be read again" in heard(office, "C0OPS")[-1]
    shared.content = b"<html>Please sign in</html>"
    an_hour_later(office, reader)
    assert [len(heard(office, to)) for to in ("C0OPS", "ana", "bo")] == [3, 3, 0]


def test_a_calendar_that_hangs_is_given_up_and_the_next_one_is_read(
    office: Office, shared: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.app.fetch, "WAIT_SECONDS", 0.2)
    read: list[str] = []

    def fetches(url: str) -> bytes:
        read.append(url)
        shared.silent = url == shared.url
        return from_here(url)

    keeps(office, shared.url)
    keeps(office, shared.url + "&of=team", person=None)
    an_hour_later(office, Feeds(office.desk, fetches))
    assert read == [shared.url, shared.url + "&of=team"]
    (told,) = heard(office, "ana")
    assert "cannot be reached" in told


def test_no_transaction_waits_for_a_calendar_and_two_processes_tell_once(office: Office, sqlite_url: str) -> None:
    other = Database(sqlite_url)

    def fetches(_: str) -> bytes:
        # Another process has it in hand meanwhile, and can write.
        wish = second_wish()
        with other.transaction() as session:
            feeds.failed(Work(office.desk, session), wish, why="It answered 500.", now=office.now)
        raise bot.app.fetch.CannotFetch("It answered 500.")

    def second_wish() -> feeds.Wish:
        with other.reading() as session:
            wish = feeds.wanted(session)
        assert wish
        return wish

    keeps(office, "https://calendar.example/ana.ics")
    an_hour_later(office, Feeds(office.desk, fetches))
    other.dispose()
    assert len(heard(office, "C0OPS")) == 1


def test_the_calendar_of_somebody_who_left_is_told_and_changes_nothing(office: Office, shared: Shelf) -> None:
    keeps(office, shared.url)
    with office.db.transaction() as session:
        people.persons(session)["ana"].active = False
    an_hour_later(office, Feeds(office.desk, from_here))
    (told,) = heard(office, "C0OPS")
    assert "nobody called ana" in told
    assert heard(office, "ana") == []


def test_a_calendar_is_stopped_with_what_it_brought_and_erasing_somebody_stops_theirs(
    office: Office, shared: Shelf
) -> None:
    reader = Feeds(office.desk, from_here)
    keeps(office, shared.url)
    an_hour_later(office, reader)
    with office.db.transaction() as session:
        feeds.stop(Work(office.desk, session), url=shared.url, by="operator", now=office.now)
    assert on_call(office) == ["ana"]
    with pytest.raises(BadInput, match="no_such_feed"), office.db.transaction() as session:
        feeds.stop(Work(office.desk, session), url=shared.url, by="operator", now=office.now)

    keeps(office, shared.url)
    with office.db.transaction() as session:
        erase.erase(Work(office.desk, session), name="ana", by="operator", now=office.now)
        assert kept.by_url(session, shared.url) is None
    an_hour_later(office, reader)
    assert len(shared.asked) == 1
    with office.db.reading() as session:
        assert deadlines.due_of(session, kind=feeds.DEADLINE, subject="1") is None


def test_an_operator_keeps_a_calendar_by_its_address_and_stops_it(desk: Shell, shared: Shelf) -> None:
    desk.types("directory", "apply", desk.file("people.yml", DIRECTORY_TEXT))
    shared.content = calendar("20260105", more="RRULE:FREQ=WEEKLY\r\n")
    refused = desk.types("directory", "absences", shared.url, "--person", "ana")
    assert (refused.code, "PRIVATE_HOSTS" in refused.sentence) == (1, True)

    said = desk.types("directory", "absences", shared.url, "--person", "ana", PRIVATE_HOSTS=HOST).out
    assert said.endswith("The absences were taken over.\nThe calendar is read again each hour.\n")
    assert "read no more" in desk.types("directory", "absences", shared.url, "--stop").out
    assert desk.types("directory", "absences", shared.url, "--stop").code == 1


def test_a_running_desk_reads_the_calendars_that_are_kept(sqlite_url: str, shared: Shelf) -> None:
    with stage.workspace() as address:
        settings = settings_for(address, sqlite_url).model_copy(update={"private_hosts": HOST})
        with runtime.running(settings) as running:
            play = stage.play_on(address)
            with running.db.transaction() as session:
                work = Work(running.desk, session)
                feeds.keep(work, url=shared.url, person="ana", found=(), by="operator", now=running.clock.now())
            play.advance(hours=1, minutes=1)
            play.cy.posts("@Watchbell sev1 Checkout is down")
            play.inbox(play.bo).one("page")
            assert play.inbox(play.ana).messages("page") == []
