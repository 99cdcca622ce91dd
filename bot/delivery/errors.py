"""Why did a message not go out, and what may be done about it?"""

import re
from datetime import timedelta

LONGEST_PAUSE = timedelta(hours=1)
"""After this we ask again, whatever we were told: a page must not wait for years on one odd answer."""

SHORTEST_PAUSE = timedelta(milliseconds=100)

_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]*)?")


class DeliveryError(Exception):
    """A medium did not take a message.

    `permanent`: it never will. `retry_after`: not before that. `settles_in`: the message may have arrived all the same,
    and that long after the attempt began a look-up will tell. `gone`: what it was meant for is no longer there, so
    nobody misses it.
    """

    def __init__(
        self,
        code: str,
        *,
        permanent: bool = False,
        retry_after: timedelta | None = None,
        settles_in: timedelta | None = None,
        gone: bool = False,
    ) -> None:
        self.code = code
        self.permanent = permanent
        self.retry_after = retry_after
        self.settles_in = settles_in
        self.gone = gone
        super().__init__(code)

    @property
    def ambiguous(self) -> bool:
        """Whether the message may have arrived although nobody said so."""
        return self.settles_in is not None


def pause_asked_for(said: str, *, otherwise: timedelta) -> timedelta:
    """How long a medium wants us to wait, by its `Retry-After` in seconds; `otherwise` where it says nothing of use."""
    if not _SECONDS.fullmatch(said):
        return otherwise
    return min(max(timedelta(seconds=float(said)), SHORTEST_PAUSE), LONGEST_PAUSE)
