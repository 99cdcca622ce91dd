"""How does an operator take a person's words out of the desk?"""

from contextlib import suppress

from bot.app import operate
from bot.services import erase, ladder
from bot.services.desk import Work
from bot.settings import load_offline
from bot.store.scrub import scrub

IN_SLACK = "What stands in Slack is the workspace's own: delete it there. Backups keep what they hold until they go."
STILL_OPEN = "The file still holds old pages, because another process has it open: stop the desk and do this again."


class _OnlyLooked(Exception):  # noqa: N818 - it never reaches anybody
    """Undoes a dry run."""


def erase_person(name: str, *, dry_run: bool) -> str:
    """Erase, or only say what that would take; one line a kind of row. Raises BadInput where nobody is known."""
    done: list[erase.Erased] = []
    with operate.desk() as (desk, now), suppress(_OnlyLooked), desk.db.transaction() as session:
        done.append(erase.erase(Work(desk, session), name=name, by=ladder.OPERATOR, now=now))
        _undo_if(dry_run)
    found = done[0]
    lines = [f"{number} {what}" for what, number in found.counts.items()] or ["nothing is kept of their words"]
    if found.waiting:
        lines.append(f"{found.waiting} deliveries of theirs wait to be worked off: do this again after that.")
    if not dry_run:
        settings = load_offline()
        if not scrub(settings.database_direct_url or settings.database_url):
            lines.append(STILL_OPEN)
    head = f"would erase of {name}:" if dry_run else f"erased of {name}:"
    return "\n".join([head, *lines, IN_SLACK])


def _undo_if(only_looked: bool) -> None:  # noqa: FBT001 - the one thing that it is asked
    if only_looked:
        raise _OnlyLooked
