"""What can go wrong that an operator can mend? Each of these says in one sentence what to do."""

from urllib.error import URLError

from sqlalchemy.exc import DatabaseError, OperationalError

from bot.app.redaction import Redaction
from bot.clock import ClockUnreachableError
from bot.domain.errors import Refused
from bot.domain.seal import BrokenSeal
from bot.handbook.errors import HandbookError
from bot.messages.render import BrokenTemplate, Catalog
from bot.messages.sentences import worded
from bot.sandbox.storyfile import StoryError
from bot.settings import SettingsError
from bot.store.errors import CannotMove, SchemaBehind


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
    OSError,
    ValueError,
)


def sentence(error: BaseException) -> str | None:
    """What to tell the operator, without secrets; None where they can mend nothing, and the traceback belongs to us."""
    if type(error) in {OperationalError, DatabaseError} and isinstance(error, DatabaseError):
        why = str(error.orig).strip().partition("\n")[0]
        return Redaction()(f"DATABASE_URL: the database cannot be used: {why}.")
    if isinstance(error, Refused):
        worded(Catalog(), error)
    return Redaction()(str(error)) if isinstance(error, MENDABLE) else None
