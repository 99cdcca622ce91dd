"""What single values does the desk remember from one start to the next?"""

from sqlmodel import Session

from bot.store.insertion import insert_or_change
from bot.store.tables import Setting, metadata

_SETTING = metadata.tables["setting"]
_KEEP = insert_or_change(_SETTING, "id", change=("value",))
# Setting the name to itself changes nothing and locks the row, in the one statement that also makes it.
_HOLD = insert_or_change(_SETTING, "id", change=("id",))


def value(session: Session, name: str) -> str | None:
    """What was remembered under a name."""
    row = session.get(Setting, name)
    return row.value if row else None


def fresh(session: Session, name: str) -> str | None:
    """The same as it is now, whatever this transaction has read before."""
    row = session.get(Setting, name, populate_existing=True)
    return row.value if row else None


def hold(session: Session, name: str) -> None:
    """Let one transaction at a time pass here: others wait until this one has ended, and then see what it did."""
    session.connection().execute(_HOLD.on(session), {"id": f"{name}:held", "value": ""})


def keep(session: Session, name: str, text: str) -> None:
    """Remember a value under a name, in place of what was there."""
    known = session.get(Setting, name)
    if known is not None:
        known.value = text
        session.add(known)
        session.flush()
        return
    session.connection().execute(_KEEP.on(session), {"id": name, "value": text})
