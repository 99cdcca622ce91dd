"""Whatever people do and however time passes: nobody is forgotten, nobody is paged for nothing, the record agrees.

As many steps again are in test_machine_by_night.py, so that two cores can share them.
"""

from itertools import count
from pathlib import Path
from secrets import randbelow

import pytest

from tests.make import NINE
from tests.services.life import Life, live


@pytest.mark.timeout(1800)
@pytest.mark.req("PG-2")
def test_by_day_no_state_is_without_a_next_step_in_four_hundred_steps(sqlite_template: Path) -> None:
    live(Life, sqlite_template, steps=400, now=NINE, seeds=count())


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_no_state_is_without_a_next_step_in_fifty_thousand_steps(sqlite_template: Path) -> None:
    live(Life, sqlite_template, steps=50_000, now=NINE, seeds=iter(lambda: randbelow(2**32), -1))
