"""What names a channel, and must name another when Slack gives the channel a new id?

Slack does so when a channel begins to be shared, or ends: its messages keep their ts, and everything else goes on.
"""

from sqlalchemy import and_, delete, exists, func, select, update
from sqlmodel import Session

from bot.store import remembered
from bot.store.tables import metadata

_NAMING = (
    ("ticket", "channel"), ("remark", "channel"), ("card", "channel"), ("outbox", "channel"), ("outbox", "lane"),
    ("lane", "channel"),
)  # fmt: skip
_ONE_EACH = (("lane", "id"), ("watch", "channel"))
"""Tables with one row for a channel: that of the old id stays, whatever was noted of the new one until now."""


def rename(session: Session, *, old: str, new: str) -> None:
    """Let everything but the directory that names the channel `old` name `new`, what waits to be worked off too."""
    session.flush()
    connection = session.connection()
    for table, column in (*_NAMING, *_ONE_EACH):
        rows = metadata.tables[table]
        if (table, column) in _ONE_EACH and _is_there(session, table, column, old):
            connection.execute(delete(rows).where(rows.c[column] == new))
        connection.execute(update(rows).where(rows.c[column] == old).values({column: new}))
    _rename_deliveries(session, old=old, new=new)
    _rename_remembered(session, old=old, new=new)
    session.expire_all()


def _is_there(session: Session, table: str, column: str, value: str) -> bool:
    rows = metadata.tables[table]
    return session.connection().execute(select(rows.c[column]).where(rows.c[column] == value)).first() is not None


def _rename_deliveries(session: Session, *, old: str, new: str) -> None:
    """What was delivered is known by its message, and must not be taken again under the new id."""
    inbox = metadata.tables["inbox"]
    other = inbox.alias()
    key = func.replace(inbox.c.key, f":{old}:", f":{new}:")
    taken = exists().where(other.c.key == key)
    connection = session.connection()
    about = inbox.c.key.contains(f":{old}:", autoescape=True)
    connection.execute(update(inbox).where(and_(about, ~taken)).values(key=key))
    body = func.replace(inbox.c.body, f'"channel": "{old}"', f'"channel": "{new}"')
    connection.execute(update(inbox).where(inbox.c.state == "pending").values(body=body))


def _rename_remembered(session: Session, *, old: str, new: str) -> None:
    kept = metadata.tables["setting"]
    connection = session.connection()
    for name in connection.execute(select(kept.c.id).where(kept.c.id.endswith(f":{old}", autoescape=True))).scalars():
        renamed = name.removesuffix(old) + new
        connection.execute(delete(kept).where(kept.c.id == renamed))
        connection.execute(update(kept).where(kept.c.id == name).values(id=renamed))
    remembered.forget(session)
