"""How does a command answer: its output, one line for what went wrong, and the exit code?"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from bot.services.desk import Desk


@contextmanager
def open_desk() -> "Iterator[tuple[Desk, datetime]]":
    """Hand out the desk on the configured database, and the moment."""
    from bot.app import operate

    with operate.desk() as found:
        yield found


class OneLine:
    """Turns whatever an operator can mend into one line on standard error and exit code 1.

    Ctrl-C is how what `lasts` until then ends in order; anything else was not done.
    """

    def __init__(self, *, lasts: bool = False) -> None:
        self._lasts = lasts

    def __enter__(self) -> None:
        """Nothing is loaded until something fails."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Leaves what is ours to mend as it is."""
        if isinstance(error, KeyboardInterrupt):
            if self._lasts:
                raise typer.Exit(0) from None
            fail("Ctrl-C ended this before it was done.")
        # Whoever reads no further (`| head`) has what they wanted: Click ends that quietly.
        if isinstance(error, Exception) and not isinstance(error, BrokenPipeError):
            from bot.app.failures import sentence

            if said := sentence(error):
                fail(said)


def fail(sentence: str) -> NoReturn:
    """End with exit code 1 and this sentence on standard error."""
    print(sentence, file=sys.stderr)
    raise typer.Exit(1) from None


def write(text: str) -> None:
    """Write text as it is."""
    sys.stdout.write(text)
