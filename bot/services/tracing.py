"""To which work does a log line belong? To the delivery or deadline in hand, and to its ticket once that is known.

Every line written meanwhile bears them, whoever writes it: `delivery` is the key under which something of Slack's takes
effect once, `deadline` its kind and subject, `message` the id of what is sent, `ticket` the ticket's number. Whoever
watches hears of each piece of work as it ends, by the same names and without a word that anybody wrote.
"""

import logging
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial, wraps
from typing import ParamSpec, TypeVar

from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from bot.domain.errors import Refused

P = ParamSpec("P")
T = TypeVar("T")

NAMES = ("delivery", "deadline", "message", "ticket")
"""What a piece of work may be about."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work that has ended: which function did it, about what, how long it took, and which error it met.

    A refusal is an answer and no error.
    """

    work: str
    about: Mapping[str, str]
    took_for: timedelta
    error: str | None


@dataclass(slots=True)
class _Course:
    errors: list[str] = field(default_factory=list)


_course: ContextVar[_Course | None] = ContextVar("course", default=None)
pieces = logging.getLogger(f"{__name__}.pieces")
"""Carries pieces of work to those who watch, as Python carries lines to handlers. They are no lines of the log."""


class _Watcher(logging.Handler):
    def __init__(self, hears: Callable[[Piece], None]) -> None:
        super().__init__()
        self.hears = hears

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.hears(record.__dict__["piece"])
        except Exception:  # noqa: BLE001 - whoever watches must not break whoever works
            self.handleError(record)


def apart(work: Callable[P, T]) -> Callable[P, T]:
    """Do each call in a context of its own: what it says of itself is forgotten when it ends."""

    @wraps(work)
    def done_apart(*given: P.args, **named: P.kwargs) -> T:
        return copy_context().run(_begun, partial(work, *given, **named), work.__name__)

    return done_apart


def about(**what: object) -> None:
    """Say what this is about, for every line from here to the end of the work."""
    bind_contextvars(**what)


def named() -> dict[str, str]:
    """What the present work is about, by the names above."""
    bound = get_contextvars()
    return {name: str(bound[name]) for name in NAMES if name in bound}


def met(error: str) -> None:
    """The present work met an error, by its type's name, although it goes on."""
    course = _course.get()
    if course is not None:
        course.errors.append(error)


def watch(watcher: Callable[[Piece], None]) -> Callable[[], None]:
    """Let the watcher hear of each piece of work that was about something; gives the call that ends this."""
    handler = _Watcher(watcher)
    pieces.propagate = False
    pieces.setLevel(logging.INFO)
    pieces.addHandler(handler)
    return lambda: pieces.removeHandler(handler)


def _begun(work: Callable[[], T], name: str) -> T:
    # What was done before in this thread is not what this is about.
    clear_contextvars()
    if not pieces.handlers:
        return work()
    course, began = _Course(), time.monotonic()
    _course.set(course)
    try:
        return work()
    except BaseException as error:
        if not isinstance(error, Refused):
            met(type(error).__name__)
        raise
    finally:
        if what := named():
            took_for = timedelta(seconds=time.monotonic() - began)
            piece = Piece(name.strip("_"), what, took_for, next(iter(course.errors), None))
            pieces.info("ended", extra={"piece": piece})
