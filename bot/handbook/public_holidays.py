"""On which dates are the public holidays of a country or subdivision?

They are written out before a handbook is hashed, because the library's answers differ between its versions, and a
ticket's deadlines must not.
"""

from datetime import date

import holidays


class UnknownPlaceError(ValueError):
    """A country or subdivision whose holidays nobody here knows."""


def holiday_dates(places: tuple[str, ...], first_year: int, last_year: int) -> dict[date, str]:
    """Give the public holidays of all places by date, in order; UnknownPlaceError names what is not known.

    Places are ISO codes: `US`, `DE-BY`.
    """
    found: dict[date, str] = {}
    for place in places:
        country, _, subdivision = place.partition("-")
        try:
            calendar = holidays.country_holidays(
                country, subdiv=subdivision or None, years=range(first_year, last_year + 1)
            )
        except NotImplementedError as error:
            raise UnknownPlaceError(_what_is_known(country, subdivision)) from error
        for day, name in calendar.items():
            found.setdefault(day, name)
    return dict(sorted(found.items()))


def _what_is_known(country: str, subdivision: str) -> str:
    known = holidays.list_supported_countries()
    if country not in known:
        return f"the holidays of `{country}` are not known; write an ISO code such as `US`, or dates in `closed`"
    places = ", ".join(known[country]) or "none"
    return f"`{country}` has no subdivision `{subdivision}`; known: {places}"
