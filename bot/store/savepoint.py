"""How is a part of a transaction undone on its own, with everything that it asked for?"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from bot.store import at_commit, changes, later, remembered, trail


@contextmanager
def undoable(session: Session) -> Iterator[None]:
    """Do a part of a transaction; where it raises, nothing is left of it, and the transaction goes on.

    What it asked for at the end of the transaction is done at its own end, so that a failure there is its failure too.
    """
    before = at_commit.asked(session)
    try:
        with session.begin_nested(), _written(session), changes.undone_uncounted(session.connection()):
            yield
            at_commit.settle(session)
    except BaseException:
        at_commit.ask_again(session, before)
        remembered.forget(session)
        raise


@contextmanager
def _written(session: Session) -> Iterator[None]:
    """Let nothing wait to be written that a failed part asked for; what waited before is written now."""
    session.connection()  # sets the savepoint, which else waits for the first statement
    try:
        yield
    except BaseException:
        later.forget(session)
        trail.forget(session)
        raise
