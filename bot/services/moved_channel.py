"""What if a channel gets another id, as Slack does when it begins to be shared with another workspace?

Its tickets, its customer and what waits to be sent there follow: for people it is the same channel.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog

from bot.domain.directory import Directory
from bot.services import directory
from bot.services.desk import Work
from bot.store import moved, people

log = structlog.get_logger()


def follow(work: Work, body: Mapping[str, Any], *, now: datetime) -> None:
    """Let everything that names the old id name the new one; a second time changes nothing."""
    old, new = str(body["old"]), str(body["new"])
    if people.customer_of_channel(work.session, new) is not None:
        log.error("channel_id_taken", old=old, new=new)
        return
    moved.rename(work.session, old=old, new=new)
    changed = _renamed(directory.exported(work.session), old=old, new=new)
    for change in directory.apply(work, changed, by="bot", now=now):
        log.info("channel_id_changed", change=str(change))


def _renamed(known: Directory, *, old: str, new: str) -> Directory:
    """Give the directory with the new id where it names the channel, and nowhere else."""
    channels = {kind: new if channel == old else channel for kind, channel in known.channels.items()}
    customers = {
        key: each.model_copy(update={"channel": new}) if each.channel == old else each
        for key, each in known.customers.items()
    }
    return known.model_copy(update={"channels": channels, "customers": customers})
