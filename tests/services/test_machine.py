"""Whatever people do and however time passes: nobody is forgotten, nobody is paged for nothing, the record agrees.

As many steps again are in test_machine_by_night.py, so that two cores can share them.
"""

from itertools import count
from pathlib import Path
from secrets import randbelow

import pytest

from tests.make import NINE
from tests.postgres import Server
from tests.services.ground import on_postgres, on_sqlite
from tests.services.life import Life, live, rare


@pytest.mark.timeout(1800)
@pytest.mark.req("PG-2")
def test_by_day_no_state_is_without_a_next_step_in_five_thousand_steps(sqlite_template: Path) -> None:
    with on_sqlite(sqlite_template, now=NINE) as ground:
        live(Life, ground, steps=5_000, seeds=count())
    assert rare(ground) == {}


@pytest.mark.postgres
@pytest.mark.timeout(1800)
@pytest.mark.req("PG-2")
def test_on_postgresql_no_state_is_without_a_next_step_in_a_hundred_steps(postgres: Server) -> None:
    with on_postgres(postgres, now=NINE) as ground:
        live(Life, ground, steps=100, seeds=count(2_000))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_no_state_is_without_a_next_step_in_fifty_thousand_steps(sqlite_template: Path) -> None:
    with on_sqlite(sqlite_template, now=NINE) as ground:
        live(Life, ground, steps=50_000, seeds=iter(lambda: randbelow(2**32), -1))
    assert rare(ground) == {}


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.timeout(3600)
def test_on_postgresql_no_state_is_without_a_next_step_in_five_thousand_steps(postgres: Server) -> None:
    with on_postgres(postgres, now=NINE) as ground:
        live(Life, ground, steps=5_000, seeds=iter(lambda: randbelow(2**32), -1))
    assert rare(ground) == {}
