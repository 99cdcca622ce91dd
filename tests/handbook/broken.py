"""How is a broken handbook written down so that the place of its fault can be seen?

In a text, `»` stands right before the line and column that the refusal has to name.
"""

from pathlib import Path

import pytest

from bot.handbook import HandbookError, load


def refusals(folder: Path, text: str) -> tuple[list[str], str]:
    """Give the expected places of a marked text, and what the loader said of it."""
    places = []
    for number, line in enumerate(text.splitlines(), start=1):
        before = line
        while "»" in before:
            column = before.index("»") + 1
            places.append(f"{number}:{column}:")
            before = before.replace("»", "", 1)
    path = folder / "acme.yml"
    path.write_text(text.replace("»", ""), encoding="utf-8")
    with pytest.raises(HandbookError) as refused:
        load(str(path))
    return [f"{path}:{place}" for place in places], str(refused.value)


def assert_refused(folder: Path, text: str, *says: str) -> None:
    """Check that exactly the marked places are named, in order, and that the words are said."""
    places, said = refusals(folder, text)
    lines = said.splitlines()
    assert len(lines) == len(places), said
    for place, line in zip(places, lines, strict=True):
        assert line.startswith(place), f"{line!r} does not start at {place}"
    for words in says:
        assert words in said, said
