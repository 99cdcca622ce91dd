"""As many steps again as in test_machine.py: a Saturday evening, before the clocks of Europe go forward."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from tests.services.life import Life, live

EVENING = datetime(2026, 3, 28, 22, tzinfo=UTC)


class Night(Life):
    """The same deeds, drawn anew."""


@pytest.mark.timeout(1800)
@pytest.mark.req("PG-2")
def test_by_night_no_state_is_without_a_next_step_in_four_hundred_steps(sqlite_template: Path) -> None:
    live(Night, sqlite_template, steps=400, now=EVENING, seeds=count(1_000))
