"""Every process obeys the version of a handbook that holds now, whoever brought it, and none goes back by itself."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.handbook.errors import HandbookError
from bot.handbook.loader import Loaded, load
from bot.services import rebase
from bot.services.desk import Work
from bot.services.handbooks import Handbooks
from bot.store import clocks, people, trail
from bot.store.tables import metadata
from tests.services.office import Office

pytestmark = pytest.mark.req("HB-1")

CUSTOMER = metadata.tables["customer"]


def edited(folder: Path, within: str, *, name: str = "enterprise", tier: str = "enterprise") -> Loaded:
    file = folder / f"{name}.yml"
    target = f"tiers: {{{tier}: {{targets: {{sev2: {{first_response: {within}}}}}}}}}"
    file.write_text(f"extends: {name}\nname: {name}\n{target}\n")
    return load(str(file))


def rebases(office: Office, loaded: Loaded) -> None:
    with office.db.transaction() as session:
        rebase.apply(Work(office.desk, session), loaded, by="operator", now=office.now)


def promised(office: Office) -> timedelta:
    """How long a new ticket's first response may take."""
    number = office.ticket(office.opens("sev2 Reports are slow")).number_known
    with office.db.reading() as session:
        row = clocks.one(session, number, "first_response", 1)
    assert row is not None
    assert row.due_at is not None
    return row.due_at - row.started_at


def became_current(office: Office, name: str = "enterprise") -> list[str]:
    with office.db.reading() as session:
        rows = [row.facts for row in trail.read(session, "handbook") if row.kind == "became_current"]
    return [str(row["hash"]) for row in rows if row["name"] == name]


def test_a_rebase_reaches_every_running_desk_with_its_next_transaction(office: Office, tmp_path: Path) -> None:
    other, shorter = Office(office.db), edited(tmp_path, "90 minutes")
    assert promised(office) == promised(other) == timedelta(hours=2)

    rebases(office, shorter)

    assert promised(other) == promised(office) == timedelta(minutes=90)
    assert became_current(office) == [office.handbook.hash, shorter.hash]
    assert office.is_sound()


def test_a_start_with_a_changed_file_reaches_the_desks_that_run_already(office: Office, tmp_path: Path) -> None:
    assert promised(office) == timedelta(hours=2)

    Office(office.db, handbook=edited(tmp_path, "1 hour"))

    assert promised(office) == timedelta(hours=1)


def test_a_start_with_an_unchanged_file_keeps_what_a_rebase_brought(office: Office, tmp_path: Path) -> None:
    rebases(office, edited(tmp_path, "90 minutes"))

    assert promised(Office(office.db)) == timedelta(minutes=90)
    assert promised(Office(office.db, handbook=edited(tmp_path, "30 minutes"))) == timedelta(minutes=30)
    assert promised(office) == timedelta(minutes=30)
    assert len(became_current(office)) == 3


def test_a_rebase_of_a_customers_own_handbook_reaches_running_desks_too(office: Office, tmp_path: Path) -> None:
    changed = edited(tmp_path, "30 minutes", name="channel", tier="partner")
    other = Office(office.db)
    for each in (office, other):
        assert pinned_by_fern(each) != changed.hash

    rebases(office, changed)

    assert pinned_by_fern(office) == pinned_by_fern(other) == changed.hash
    assert became_current(office, "channel")[-1] == changed.hash
    assert promised(office) == timedelta(hours=2)


def pinned_by_fern(office: Office) -> str:
    """What a new ticket of the partner, who has the channel handbook, pins."""
    with office.db.transaction() as session:
        work = Work(office.desk, session)
        return work.desk.handbooks.pin(session, work.handbook_of(people.customer(session, "fern")), now=office.now)


def test_a_customers_handbook_that_is_gone_is_found_before_anybody_writes(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "own.yml"
    file.write_text("extends: enterprise\n")
    with office.db.transaction() as session:
        session.connection().execute(update(CUSTOMER).where(CUSTOMER.c.id == "acme").values(handbook=str(file)))
    with office.db.reading() as session:
        Handbooks(office.handbook).read_all(session)
    file.unlink()

    with office.db.reading() as session, pytest.raises(HandbookError) as refused:
        Handbooks(office.handbook).read_all(session)

    assert str(refused.value).startswith(f"customer acme: handbook: {file}: no such file or directory")
