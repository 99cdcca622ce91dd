"""How does a story get very many people of ours?"""

from pathlib import Path

from bot.app.local import DIRECTORY
from tests.stories.play import Play

LEVEL_1, LEVEL_2 = "1: [rotation:first-line]", "technical: [bo, kai]"
"""Whom the directory that ships pages first, and its team of the second level."""


def directory(play: Play, folder: Path, names: list[str], *, level: int) -> Path:
    """A directory whose first or second level is these people; the workspace has them from now on."""
    for name in names:
        told = play.script.ask("/people", {"id": f"U0{name.upper()}", "handle": name, "name": f"Pat {name}"})
        assert told.get("people"), told
    rows = "".join(f"  {name}: {{slack: U0{name.upper()}, name: Pat {name}, role: engineer}}\n" for name in names)
    text = DIRECTORY.read_text(encoding="utf-8").replace("people:\n", f"people:\n{rows}", 1)
    team = f"technical: [{', '.join(names)}]"
    wanted = {1: (LEVEL_1, "1: [team:technical]"), 2: (LEVEL_2, team)}
    assert all(old in text for old, _ in wanted.values()), "the directory that ships says it otherwise now"
    for old, new in (wanted[2], *([wanted[1]] if level == 1 else [])):
        text = text.replace(old, new)
    path = folder / "crowd.yml"
    path.write_text(text, encoding="utf-8")
    return path
