"""By which address beside Slack does somebody get a page, and which addresses get it together?

A contact is an Apprise URL, and where its person wants so, when it is tried after the one before: `URL at once`,
`URL after 10 minutes`. Without such words the handbook says so: all together, or one after the other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.target import parse_duration

_CONTACT = re.compile(r"([a-z][a-z0-9+.-]*://\S+)(?: (at once|after (\S.*)))?")


@dataclass(frozen=True, slots=True)
class Contact:
    """One address; `after` is how long the one before is waited for, where its person says so."""

    address: str
    after: timedelta | None = None


def parse_contact(words: str) -> Contact:
    """The contact that a line of the directory means. Raises ValueError that says what is wrong."""
    hit = _CONTACT.fullmatch(words)
    if hit is None:
        # Never the line itself: it may hold a password.
        raise ValueError(
            "must look like an Apprise URL (`mailto://...`), with at most `at once` or `after 10 minutes` behind it"
        )
    address, told, wait = hit.groups()
    if told is None:
        return Contact(address)
    return Contact(address, parse_duration(wait) if wait else timedelta())


def checked_contact(words: str) -> str:
    """The same words, where they mean a contact. Raises ValueError as `parse_contact`."""
    parse_contact(words)
    return words


@dataclass(frozen=True, slots=True)
class Turn:
    """How many of the next contacts are tried together now, and when the one after them is; None after the last."""

    count: int
    next_after: timedelta | None


def turn(contacts: Sequence[Contact], *, tried: int, wait: timedelta) -> Turn:
    """Say who is next once so many were tried: one, and with it all that follow it at once.

    `wait` holds for contacts whose person says nothing; none at all means that they are tried together.
    """
    count = 0
    for place in range(tried, len(contacts)):
        after = contacts[place].after
        before = wait if after is None else after
        if count and before:
            return Turn(count, before)
        count += 1
    return Turn(count, None)
