"""How do absences from somebody's calendar come into the database: from a file, or from an https address?"""

from datetime import datetime
from pathlib import Path

from bot.app.fetch import fetch
from bot.delivery.fence import Fence
from bot.handbook.absences import read_absences
from bot.handbook.errors import HandbookError
from bot.services import absences
from bot.services.desk import Desk, Work
from bot.settings import load_offline


def read_in(desk: Desk, source: str, *, person: str | None = None, now: datetime) -> str:
    """Read a calendar and say what it brought. Raises HandbookError, CannotFetch or BadInput."""
    remote = "://" in source
    found = read_absences(
        fetch(source, fence=Fence(load_offline().gates)) if remote else _content(source), _place(source), now=now
    )
    with desk.db.transaction() as session:
        taken = absences.take(Work(desk, session), found=found, source=source, person=person, by="operator", now=now)
    said = [f"{name}: {count} absence{'' if count == 1 else 's'}" for name, count in taken.by_person.items()]
    said += [f"skipped, its title names nobody: {title}" for title in taken.nameless]
    said.append("The absences were taken over." if taken.changed else "Nothing changed.")
    return "\n".join(said) + "\n"


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise HandbookError([f"{path}: {(error.strerror or 'cannot be read').lower()}; give an .ics file"]) from error


def _place(source: str) -> str:
    """The source without what may be secret in it."""
    return source.partition("?")[0]
