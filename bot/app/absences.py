"""How do absences from somebody's calendar come into the database: from a file, or from an https address?"""

from datetime import datetime
from pathlib import Path

from bot.app.fetch import fetch
from bot.delivery.fence import Fence
from bot.handbook.absences import Away, read_absences
from bot.handbook.errors import HandbookError
from bot.services import absences, feeds
from bot.services.absences import Taken
from bot.services.desk import Desk, Work
from bot.settings import load_offline

OPERATOR = "operator"


def read_in(desk: Desk, source: str, *, person: str | None = None, now: datetime) -> str:
    """Read a calendar and say what it brought; an address is kept and read again each hour.

    Raises HandbookError, CannotFetch or BadInput.
    """
    remote = "://" in source
    content = fetch(source, fence=Fence(load_offline().gates)) if remote else _content(source)
    found = read_absences(content, feeds.host_of(source) if remote else source, now=now)
    with desk.db.transaction() as session:
        taken = _taken(Work(desk, session), found, source, person=person, kept=remote, now=now)
    said = [f"{name}: {count} absence{'' if count == 1 else 's'}" for name, count in taken.by_person.items()]
    said += [f"skipped, its title names nobody: {title}" for title in taken.nameless]
    said.append("The absences were taken over." if taken.changed else "Nothing changed.")
    said += ["The calendar is read again each hour."] if remote else []
    return "\n".join(said) + "\n"


def stop(desk: Desk, source: str, *, now: datetime) -> str:
    """Read an address no more. Raises BadInput."""
    with desk.db.transaction() as session:
        feeds.stop(Work(desk, session), url=source, by=OPERATOR, now=now)
    return "The calendar is read no more; the absences that it brought are gone.\n"


def _taken(work: Work, found: list[Away], source: str, *, person: str | None, kept: bool, now: datetime) -> Taken:
    if kept:
        return feeds.keep(work, url=source, person=person, found=found, by=OPERATOR, now=now)
    return absences.take(work, found=found, source=source, person=person, by=OPERATOR, now=now)


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise HandbookError([f"{path}: {(error.strerror or 'cannot be read').lower()}; give an .ics file"]) from error
