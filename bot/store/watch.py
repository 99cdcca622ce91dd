"""Which channels do we listen to, and how far have we heard?"""

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from bot.store.insertion import insert_or_change
from bot.store.tables import Watch, metadata

_WATCH = metadata.tables["watch"]
_FOLLOW = insert_or_change(_WATCH, "channel", change=("external",))
_SEEN = (
    update(_WATCH)
    .where(_WATCH.c.channel == bindparam("where"), _WATCH.c.seen_ts < bindparam("ts"))
    .values(seen_ts=bindparam("ts"))
)


def follow(session: Session, channel: str, *, external: bool) -> None:
    """Listen to a channel; `external` says that another workspace shares it. What was heard there stays known."""
    session.connection().execute(_FOLLOW.on(session), {"channel": channel, "external": external, "seen_ts": "0"})


def seen(session: Session, channel: str, ts: str) -> None:
    """Remember that everything up to a message is known; an older one changes nothing.

    Slack's ts are of one length, so that their order as text is their order in time.
    """
    session.connection().execute(_SEEN, {"where": channel, "ts": ts})


def watched(session: Session) -> list[Watch]:
    """All channels that we listen to."""
    return list(session.exec(select(Watch).order_by(col(Watch.channel))).all())
