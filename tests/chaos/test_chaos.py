"""Is everything there exactly once after everything went wrong? The short run of what `make chaos` does in full."""

from pathlib import Path

import pytest

from tests.chaos.chaos import Chaos, Plan
from tests.stories import stage

PLAN = {"intakes": 60, "kills": 52, "customers": 3}


def check(plan: Plan, database: str, folder: Path) -> None:
    with stage.workspace() as address:
        chaos = Chaos(plan, address, database, folder)
        assert chaos.run() == []
        assert chaos.crowd.intakes >= plan.intakes
        assert chaos.fleet.kills >= plan.kills


@pytest.mark.timeout(900)
def test_one_process_on_sqlite_is_killed_again_and_again(sqlite_url: str, tmp_path: Path) -> None:
    check(Plan(seed=1, processes=1, jumps=1, **PLAN), sqlite_url, tmp_path)


@pytest.mark.postgres
@pytest.mark.timeout(900)
def test_four_processes_on_postgresql_are_killed_again_and_again(postgres_url: str, tmp_path: Path) -> None:
    check(Plan(seed=2, processes=4, **PLAN), postgres_url, tmp_path)
