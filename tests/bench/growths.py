"""Does a claim take longer the more deadlines there are that are not due?"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from bot.store.database import Database
from bot.store.migrate import upgrade
from tests.bench import office, timers
from tests.bench.claims import DUE, claim
from tests.bench.goal import Goal, at_most
from tests.bench.measure import interleaved, p50, scaled
from tests.postgres import Server, server

ROUNDS = 15
FEW, MANY = 10_000, 1_000_000


def goals(part: float) -> list[Goal]:
    """A thousand due of ten thousand and of a million, on both databases."""
    few, many = scaled(FEW, part), scaled(MANY, part)
    with (
        office.folder() as where, timers.desk_rows(where / "few.db", few) as small,
        timers.desk_rows(where / "many.db", many) as big,
    ):  # fmt: skip
        lite = _grown(small, big, part=part)
    with server() as postgres, _filled(postgres, "few", few) as small, _filled(postgres, "many", many) as big:
        pg = _grown(small, big, part=part)
    what = f"the same claim from {few:,} to {many:,} rows"
    return [
        at_most(f"{what}, SQLite", lite["many"], lite["few"], 1.5, unit="ms"),
        at_most(f"{what}, PostgreSQL", pg["many"], pg["few"], 4, unit="ms"),
    ]


def _grown(few: Database, many: Database, *, part: float) -> dict[str, float]:
    due = scaled(DUE, part)
    took = interleaved(
        {"few": lambda: claim(few, due), "many": lambda: claim(many, due)},
        before={"few": lambda: timers.fall_due(few, due), "many": lambda: timers.fall_due(many, due)},
        rounds=scaled(ROUNDS, part),
    )
    return {name: p50(found) * 1e3 for name, found in took.items()}


@contextmanager
def _filled(postgres: Server, name: str, rows: int) -> Iterator[Database]:
    url = postgres.create(f"bench_{name}", empty=True)
    upgrade(url)
    address = url.replace("postgresql+psycopg", "postgresql", 1)
    with psycopg.connect(address) as connection:
        columns = "due_at, kind, subject, ticket_number, attempts, planned_for"
        with connection.cursor().copy(f"COPY deadline ({columns}) FROM STDIN") as copy:
            for number, moment in enumerate(timers.moments(rows)):
                copy.write_row((moment, "bench", str(number), number, 0, moment))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ANALYZE deadline")
    db = Database(url)
    try:
        yield db
    finally:
        db.dispose()
        postgres.drop(f"bench_{name}")
