"""As many steps again as in test_machine.py: a Saturday evening, before the clocks of Europe go forward."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from tests.services.ground import on_sqlite
from tests.services.life import Life, live, rare

EVENING = datetime(2026, 3, 28, 22, tzinfo=UTC)


class Night(Life):
    """The same deeds, drawn anew."""


@pytest.mark.timeout(1800)
@pytest.mark.req("PG-2")
def test_by_night_no_state_is_without_a_next_step_in_five_thousand_steps(sqlite_template: Path) -> None:
    with on_sqlite(sqlite_template, now=EVENING) as ground:
        live(Night, ground, steps=5_000, seeds=count(1_000))
    assert rare(ground) == {}
