"""Which stories are there, and does one play as it is written?"""

from collections.abc import Callable
from pathlib import Path

STORIES = Path(__file__).parent / "stories"


def listed() -> list[dict[str, str]]:
    """The stories that ship, by name and title."""
    return [{"name": path.stem, "title": path.stem} for path in sorted(STORIES.glob("*.yml"))]


def play(story: str | Path, control_url: str, out: Callable[[str], None] = print) -> bool:
    """Plays a story; to come."""
    del story, control_url, out
    return False
