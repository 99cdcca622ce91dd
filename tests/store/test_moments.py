"""Does a moment on the quick way become what it becomes on SQLAlchemy's own?"""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

from bot.store import moments
from bot.store.tables import metadata

DIALECT = sqlite.dialect()
DUE_AT: TypeEngine[Any] = metadata.tables["deadline"].c.due_at.type
ZONES = st.sampled_from([UTC, ZoneInfo("UTC"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu")])
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=ZONES)  # noqa: DTZ001 - the zone is drawn


def written(moment: datetime | None) -> Any:
    process = moments.to_driver(DUE_AT, DIALECT)
    assert process is not None
    return process(moment)


def read(text: str | None) -> Any:
    process = moments.from_driver(DUE_AT, DIALECT)
    assert process is not None
    return process(text)


@given(moment=MOMENTS)
def test_a_moment_is_written_and_read_as_its_column_does_it(moment: datetime) -> None:
    kind = DUE_AT.dialect_impl(DIALECT)
    bind, result = kind.bind_processor(DIALECT), kind.result_processor(DIALECT, None)
    assert bind is not None
    assert result is not None
    assert written(moment) == bind(moment)
    assert read(bind(moment)) == result(bind(moment)) == moment.astimezone(UTC)
    assert read(bind(moment)).tzinfo is UTC


def test_the_hour_that_comes_twice_in_autumn_is_two_hours() -> None:
    first = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"))
    assert written(first) == "2026-11-01 05:30:00.000000"
    assert written(first.replace(fold=1)) == "2026-11-01 06:30:00.000000"


def test_no_moment_stays_none() -> None:
    assert written(None) is None
    assert read(None) is None


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone"):
        written(datetime(2026, 1, 5))  # noqa: DTZ001 - that is what is refused
