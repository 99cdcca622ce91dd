"""What can go wrong that an operator can mend? Each of these says in one sentence what to do."""

from urllib.error import URLError

from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError, ProgrammingError

from bot.app.redaction import Redaction
from bot.clock import ClockUnreachableError
from bot.domain.errors import Refused
from bot.domain.seal import BrokenSeal
from bot.handbook.errors import HandbookError
from bot.messages.render import BrokenTemplate, Catalog
from bot.messages.sentences import worded
from bot.sandbox.storyfile import StoryError
from bot.settings import SettingsError
from bot.store.errors import CannotMove, SchemaBehind, WrongEncoding, first_line


class CannotStart(Exception):  # noqa: N818 - the operator's word; the message is the one line that they read
    """Something outside keeps the desk from starting."""


class Deaf(Exception):  # noqa: N818 - as above
    """A process no longer hears Slack, and has to be begun anew by whoever watches over it."""


def why_unreached(error: Exception) -> str:
    """Why a call did not arrive, in the system's words alone: `Connection refused`."""
    reason = error.reason if isinstance(error, URLError) else error
    return (reason.strerror if isinstance(reason, OSError) else None) or str(reason)


MENDABLE = (
    BrokenSeal,
    CannotMove,
    CannotStart,
    Deaf,
    ClockUnreachableError,
    Refused,
    HandbookError,
    BrokenTemplate,
    SettingsError,
    StoryError,
    SchemaBehind,
    WrongEncoding,
    OSError,
    ValueError,
)


MENDABLE_STATES = frozenset({"25006", "42501", "42P07", "XX001", "XX002"})
"""What PostgreSQL calls it where an operator can mend it: read-only, no right, another program's tables, damaged."""


def why_unusable(error: BaseException) -> str | None:
    """Why the database could not be used, in its own words; None where what we asked of it was wrong."""
    if not isinstance(error, DBAPIError):
        return None
    is_outside = type(error) in {OperationalError, DatabaseError}
    # What is wrong in the address itself comes without a state, before anything was asked.
    is_address = isinstance(error, ProgrammingError) and error.statement is None
    if not is_outside and not is_address and getattr(error.orig, "sqlstate", None) not in MENDABLE_STATES:
        return None
    return first_line(error.orig)


def sentence(error: BaseException) -> str | None:
    """What to tell the operator, without secrets; None where they can mend nothing, and the traceback belongs to us."""
    if why := why_unusable(error):
        return Redaction()(f"DATABASE_URL: the database cannot be used: {why}.")
    if isinstance(error, Refused):
        worded(Catalog(), error)
    return Redaction()(str(error)) if isinstance(error, MENDABLE) else None
