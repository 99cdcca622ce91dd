"""What can go wrong that an operator can mend? Each of these says in one sentence what to do."""

from sqlalchemy.exc import OperationalError

from bot.clock import ClockUnreachableError
from bot.domain.errors import Refused
from bot.handbook.errors import HandbookError
from bot.messages.render import BrokenTemplate
from bot.settings import SettingsError
from bot.store.errors import SchemaBehind


class CannotStart(Exception):  # noqa: N818 - the operator's word; the message is the one line that they read
    """Something outside keeps the desk from starting."""


MENDABLE = (
    CannotStart,
    ClockUnreachableError,
    Refused,
    HandbookError,
    BrokenTemplate,
    SettingsError,
    SchemaBehind,
    OperationalError,
    OSError,
    ValueError,
)
