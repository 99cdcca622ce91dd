"""Does the folder of seals follow the database, and is a file that says something else told once?"""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import housekeeping, seal_folder
from bot.clock import SystemClock
from bot.services import seals
from bot.services.desk import Work
from bot.services.seal_key import SealKey
from bot.store.database import Database
from tests.services.office import Office

KEY = SealKey("a secret that nobody else knows")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "seals"
    made.mkdir()
    return made


def seal(office: Office) -> None:
    with office.db.transaction() as session:
        seals.seal(Work(office.desk, session), now=office.now)


def alarms(office: Office) -> list[str]:
    return [said for said in office.said() if "is not the seal that the database has" in said]


def test_each_seal_becomes_a_file_once_and_one_that_differs_is_told_once(sqlite_url: str, folder: Path) -> None:
    office, clock = Office(Database(sqlite_url)), SystemClock()
    office.desk = replace(office.desk, seal_key=KEY)
    seal(office)
    office.opens("sev3 The report shows a wrong total")
    seal(office)
    for _ in range(2):
        housekeeping.copy_seals(office.desk, folder, clock)
    first, second = sorted(folder.glob(seal_folder.PATTERN))
    with office.db.reading() as session:
        assert seal_folder.read(folder) == seals.signed_since(session, 1)
    assert alarms(office) == []

    first.write_text(second.read_text("utf-8"), "utf-8")
    for _ in range(2):
        housekeeping.copy_seals(office.desk, folder, clock)
    office.delivers()
    told = alarms(office)
    assert len(set(told)) == 1
    assert first.name in told[0]
    assert first.read_text("utf-8") == second.read_text("utf-8"), "nothing is written over"
    assert list(folder.glob(".*")) == []
    clock.close()
    office.db.dispose()
