"""What is done once, just before a transaction commits, however often it was asked for?

Each of several events in one transaction changes how a ticket's card reads; only how it reads in the end is said.
"""

from collections.abc import Callable

from sqlmodel import Session

_ASKED = "at_commit"


def once(session: Session, key: str, call: Callable[[], object]) -> None:
    """Let `call` be done as this transaction ends; the same key asked for again takes the place of the first."""
    waiting: dict[str, Callable[[], object]] = session.info.setdefault(_ASKED, {})
    waiting.pop(key, None)
    waiting[key] = call


def asked(session: Session) -> dict[str, Callable[[], object]]:
    """What is asked for so far."""
    return dict(session.info.get(_ASKED, {}))


def ask_again(session: Session, before: dict[str, Callable[[], object]]) -> None:
    """Let that be asked for and nothing else, after a part of the transaction was undone."""
    session.info[_ASKED] = before


def settle(session: Session) -> None:
    """Do what was asked for, in the order in which it was asked for last, until nothing is left."""
    waiting: dict[str, Callable[[], object]] = session.info.get(_ASKED, {})
    while waiting:
        waiting.pop(next(iter(waiting)))()
