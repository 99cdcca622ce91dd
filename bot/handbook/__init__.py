"""Which handbook does the bot obey, and what document does it publish from it?"""

from bot.handbook.errors import HandbookError
from bot.handbook.loader import Loaded, from_text, load, names

__all__ = ["HandbookError", "Loaded", "from_text", "load", "names"]
