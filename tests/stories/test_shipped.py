"""Do the stories that ship go as they are written, over the whole desk?"""

import pytest

from bot.app import local


@pytest.mark.parametrize("name", ["quiet-night", "partner"])
def test_a_story_that_ships_goes_as_it_is_written(name: str) -> None:
    told: list[str] = []

    assert local.play(name, out=told.append), "\n".join(told[-40:])
