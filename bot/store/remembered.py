"""What single values does the desk remember from one start to the next?"""

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.store.insertion import insert_or_change
from bot.store.prepared import Prepared
from bot.store.tables import metadata

_SETTING = metadata.tables["setting"]
_KEEP = insert_or_change(_SETTING, "id", change=("value",))
# Setting the name to itself changes nothing and locks the row, in the one statement that also makes it.
_HOLD = insert_or_change(_SETTING, "id", change=("id",))
_STARTING = select(_SETTING.c.id, _SETTING.c.value).where(_SETTING.c.id.startswith(bindparam("start")))
_VALUE = Prepared(select(_SETTING.c.value).where(_SETTING.c.id == bindparam("name")))

READ = "remembered"
"""Under which name a session keeps what it has read: asked again, it says the same until it ends."""


def value(session: Session, name: str) -> str | None:
    """What was remembered under a name."""
    read: dict[str, str | None] = session.info.setdefault(READ, {})
    if name not in read:
        read[name] = _VALUE.value(session, name=name)
    return read[name]


def starting(session: Session, prefix: str) -> dict[str, str]:
    """All that was remembered under names that begin so, by the rest of their names."""
    rows = session.connection().execute(_STARTING, {"start": prefix})
    return {name.removeprefix(prefix): text for name, text in rows if name.startswith(prefix)}


def forget(session: Session) -> None:
    """Read anew what is asked for from here on."""
    session.info[READ] = {}


def hold(session: Session, name: str) -> None:
    """Let one transaction at a time pass here: others wait until this one has ended, and then see what it did."""
    session.connection().execute(_HOLD.on(session), {"id": f"{name}:held", "value": ""})
    forget(session)


def keep(session: Session, name: str, text: str) -> None:
    """Remember a value under a name, in place of what was there."""
    if value(session, name) == text:
        return
    session.connection().execute(_KEEP.on(session), {"id": name, "value": text})
    session.info[READ][name] = text
