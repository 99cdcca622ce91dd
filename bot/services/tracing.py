"""To which work does a log line belong? To the delivery or deadline in hand, and to its ticket once that is known.

Every line written meanwhile bears them, whoever writes it: `delivery` is the key under which something of Slack's takes
effect once, `deadline` its kind and subject, `ticket` the ticket's number.
"""

from collections.abc import Callable
from contextvars import copy_context
from functools import wraps
from typing import ParamSpec, TypeVar

from structlog.contextvars import bind_contextvars

P = ParamSpec("P")
T = TypeVar("T")


def apart(work: Callable[P, T]) -> Callable[P, T]:
    """Do each call in a context of its own: what it says of itself is forgotten when it ends."""

    @wraps(work)
    def done_apart(*given: P.args, **named: P.kwargs) -> T:
        return copy_context().run(work, *given, **named)

    return done_apart


def about(**what: object) -> None:
    """Say what this is about, for every line from here to the end of the work."""
    bind_contextvars(**what)
