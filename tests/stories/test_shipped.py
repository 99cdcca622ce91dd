"""Do the stories that ship go as they are written, over the whole desk?"""

import json
import sys
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from bot.app import local, runtime, workspace
from bot.handbook.directory import load_directory
from bot.sandbox import story, storyfile
from bot.sandbox.server import Address, Server
from bot.services.timeline import stream_of
from bot.store import trail
from bot.store.tables import Ticket
from tests.accounting import Happening, Posted, as_posted, told, too_many

ANOTHER_WEEK = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
"""Bo's week: a story that needs Ana's has to wait for the next one."""


ROOMS = {"C0TRIAGE": "card", "C0OPS": "operations"}


def played(name: str, *, start_at: datetime | None = None) -> str | None:
    """What went wrong, as the story tells it, or which message was one too many; None where it went as written."""
    lines: list[str] = []
    with Server(manifest=workspace.manifest(), start_at=start_at) as address, local.desk_on(address) as desk:
        if not story.play(name, address.control_url, lines.append, bring=local.bringing(desk)):
            return "\n".join(lines[-40:])
        posted = [*everything_posted(address)]
        sys.stdout.write(f"{name}: {lines[-1]}\n{told(posted)}\n")
        return "\n".join(too_many(posted, what_happened(desk))) or None


def everything_posted(address: Address) -> Iterator[Posted]:
    """Each message that the desk posted in any channel; what only one person sees stands in none."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{address.control_url}/journal", timeout=60) as answer:
        entries = json.load(answer)["entries"]
    assert entries[0]["number"] == 1
    for entry in entries:
        found = as_posted(entry["message"], rooms=ROOMS) if entry["kind"] == "message" else None
        if found is not None:
            yield found


def what_happened(desk: runtime.Runtime) -> dict[int, list[Happening]]:
    """What the record has of each ticket."""
    found = {}
    with desk.db.reading() as session:
        for row in session.exec(select(Ticket)):
            entries = trail.read(session, stream_of(row))
            found[row.number_known] = [Happening(each.kind, _people(each.facts.get("people"))) for each in entries]
    return found


def _people(named: object) -> int:
    return len(named) if isinstance(named, list | tuple) else 1


@pytest.mark.parametrize("name", ["quiet-night", "partner"])
def test_a_story_goes_as_it_is_written_whenever_it_is_played(name: str) -> None:
    assert played(name, start_at=ANOTHER_WEEK) is None


@pytest.mark.long
def test_forty_customers_and_three_hundred_tickets_go_as_they_are_written() -> None:
    assert played("busy-day") is None


def test_the_busy_days_directory_is_the_local_workspaces_with_forty_customers_more() -> None:
    path = storyfile.read(storyfile.find("busy-day")).directory
    assert path is not None
    busy, usual = load_directory(str(path)).directory, load_directory(str(local.DIRECTORY)).directory
    assert len(busy.customers) == len(usual.customers) + 40
    assert busy.model_copy(update={"customers": usual.customers}) == usual
    assert usual.customers.items() <= busy.customers.items()


def test_every_story_that_ships_is_readable_and_offered_on_the_page() -> None:
    files = sorted(Path(storyfile.STORIES).glob("*.yml"))
    assert [one["name"] for one in story.listed()] == [path.stem for path in files]
    assert {"busy-day", "partner", "quiet-night", "sev1"} <= {path.stem for path in files}
    for path in files:
        assert storyfile.read(path).steps
