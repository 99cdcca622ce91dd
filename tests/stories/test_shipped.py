"""Do the stories that ship go as they are written, over the whole desk?"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import local, workspace
from bot.handbook.directory import load_directory
from bot.sandbox import story, storyfile
from bot.sandbox.server import Server

ANOTHER_WEEK = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
"""Bo's week: a story that needs Ana's has to wait for the next one."""


def played(name: str, *, start_at: datetime | None = None) -> str | None:
    """What went wrong, as the story tells it; None where it went as written."""
    told: list[str] = []
    with Server(manifest=workspace.manifest(), start_at=start_at) as address, local.desk_on(address) as desk:
        went_well = story.play(name, address.control_url, told.append, bring=local.bringing(desk))
    return None if went_well else "\n".join(told[-40:])


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
