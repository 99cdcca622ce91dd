"""Is this process fit to work, and how is the desk doing? What `/readyz`, `/metrics` and the heartbeat tell."""

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.exc import DatabaseError

from bot.app.making import fresh_token
from bot.services import figures
from bot.store import remembered
from bot.store.database import Database
from bot.web import health as readiness
from bot.web.metrics import Gauge

if TYPE_CHECKING:
    from bot.app.runtime import Runtime

TICK_TOO_LONG_SECONDS = 30.0
"""For so long a loop may be at one step; then it hangs, and the process is not ready."""

TRIED = "tried"
"""Under which name the last trial stands of whether the database can be written again."""

AGES = {
    "tick_age_seconds": "How long this process's slowest loop has been at one piece of work",
    "socket_age_seconds": "Age of the last traffic on this process's socket",
}
"""What is measured of the process that is asked, not of the desk; where it works and holds a socket."""

SOCKET_SILENT_SECONDS = 30.0
"""Slack pings more often than this; a line that is silent for longer is dead."""


def of(runtime: "Runtime") -> readiness.Health:
    """The probes of a process: what hears and answers as well as what works."""
    probes: dict[str, readiness.Probe] = {"database": lambda: _database_answers(runtime.db)}
    if runtime.loops:
        probes["ticks"] = readiness.older_than(runtime.loops.seconds_since_tick, TICK_TOO_LONG_SECONDS, what="tick")
        probes["loops"] = lambda: _stumbling(runtime)
    if runtime.socket:
        probes["socket"] = readiness.older_than(
            runtime.socket.seconds_since_traffic, SOCKET_SILENT_SECONDS, what="socket traffic"
        )
    return readiness.Health(probes)


def of_worker(runtime: "Runtime") -> readiness.Health:
    """The same for whoever waits for a sign that work is done: a process that stands aside gives none.

    For `/readyz` such a process is well, since it goes on hearing Slack until its successor does.
    """
    found = of(runtime)
    return replace(found, probes={**found.probes, "program": lambda: _stands_aside(runtime)})


def gauges(runtime: "Runtime") -> list[Gauge]:
    """The desk in numbers, as they are now."""
    with runtime.db.reading() as session:
        found = [
            Gauge(figure.name, figure.meaning, figure.value, dict(figure.labels))
            for figure in figures.of_desk(session, now=runtime.clock.now())
        ]
    ages = {
        "tick_age_seconds": runtime.loops.seconds_since_tick() if runtime.loops else None,
        "socket_age_seconds": runtime.socket.seconds_since_traffic() if runtime.socket else None,
    }
    return found + [Gauge(name, AGES[name], age) for name, age in ages.items() if age is not None]


def _database_answers(db: Database) -> str | None:
    db.check_schema()
    if db.trouble:
        # What can be read need not be writable, and a process that nobody sends anything would never find out.
        with suppress(DatabaseError):
            try_to_write(db)
    return f"the database keeps nothing: {db.trouble}" if db.trouble else None


def try_to_write(db: Database) -> None:
    """Pass where the database keeps what it is given. Raises DatabaseError."""
    with db.transaction() as session:
        remembered.keep(session, TRIED, fresh_token())


def _stumbling(runtime: "Runtime") -> str | None:
    names = runtime.loops.stumbling() if runtime.loops else []
    return f"these loops fail: {', '.join(names)}" if names else None


def _stands_aside(runtime: "Runtime") -> str | None:
    return "a newer program has the work" if runtime.aside and runtime.aside.now() else None
