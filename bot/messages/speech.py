"""How are a moment, a length of time and a list of names said in a language other than English?

English is ours (words.py); every other language is what the Unicode locale data say, by Babel.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from babel.lists import format_list
from babel.units import format_unit

from bot.messages import words


class Speech:
    """The words of time and lists in one language; `en` says them as words.py does."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self._locale = None if language == "en" else Locale.parse(language)

    def moment(self, at: datetime, *, zone: str, now: datetime) -> str:
        """Say a moment as a clock on the wall there shows it; the day where it is not today."""
        if self._locale is None:
            return words.moment(at, zone=zone, now=now)
        there, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
        days = abs((there.date() - today).days)
        pattern = "HH:mm" if days == 0 else "EEE HH:mm" if days <= 6 else "EEE d. MMM HH:mm"
        if there.year != today.year and days > 6:
            pattern = "EEE d. MMM y HH:mm"
        said = format_datetime(there, pattern, tzinfo=ZoneInfo(zone), locale=self._locale)
        return f"{said} {words.zone_mark(there)}"

    def span(self, length: timedelta) -> str:
        """Say a length of time to the minute."""
        if self._locale is None:
            return words.span(length)
        minutes = max(1, (int(abs(length).total_seconds()) + 30) // 60)
        days, minutes = divmod(minutes, 1440)
        hours, minutes = divmod(minutes, 60)
        parts = [(days, "duration-day"), (hours, "duration-hour"), (0 if days else minutes, "duration-minute")]
        return " ".join(format_unit(number, unit, locale=self._locale) for number, unit in parts if number)

    def listed(self, names: Iterable[str], joint: str = "and") -> str:
        """Say several names; `joint` is `and` or `or`."""
        if self._locale is None:
            return words.listed(names, joint)
        return format_list([*names] or [""], style="or" if joint == "or" else "standard", locale=self._locale)
