"""What does an operator do to a desk that need not be running: migrate, check and apply a directory, look?"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog

from bot.app.making import clock_of, fresh_token, known_tiers, seal_key_of
from bot.app.runtime import rest_always
from bot.handbook.directory import directory_text, load_directory
from bot.handbook.loader import load as load_handbook
from bot.messages import check as templates
from bot.messages import languages
from bot.services import directory, ladder, rebase, tiers
from bot.services.desk import Desk, Work
from bot.services.handbooks import Handbooks
from bot.settings import Settings, load_offline
from bot.store import migrate
from bot.store.database import Database
from bot.store.engine import missing_file


def upgrade() -> str:
    """Bring the database to this program's tables, and say to which revision."""
    settings = load_offline()
    gone = missing_file(settings.database_url)
    migrate.upgrade(settings.database_url)
    made = f"; {gone} was not there: this desk is new and empty" if gone else ""
    return f"the database is at {migrate.head()}{made}"


@contextmanager
def desk() -> Iterator[tuple[Desk, datetime]]:
    """Give the desk as its database has it, without Slack, and the moment."""
    settings = load_offline()
    clock = clock_of(settings)
    rest_always(clock)
    db = Database(settings.database_url)
    try:
        db.check_schema()
        yield offline(settings, db), clock.now()
    finally:
        db.dispose()
        clock.close()


def offline(settings: Settings, db: Database) -> Desk:
    """A desk that reads and writes its database and knows nothing of Slack."""
    _log_warnings_only()
    return Desk(
        db=db,
        handbooks=Handbooks(load_handbook(settings.handbook)),
        catalog=templates.load(settings.templates_dir),
        token=fresh_token,
        bot_user="",
        workspace="",
        seal_key=seal_key_of(settings),
    )


def _log_warnings_only() -> None:
    """Leave standard output to the answer: an operator's command tells what it did by itself."""
    if not structlog.is_configured():
        structlog.configure(
            wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
            logger_factory=structlog.stdlib.LoggerFactory(),
        )


def check_directory(path: str) -> str:
    """Say in one line that a directory file is sound. Raises HandbookError with every fault."""
    settings = load_offline()
    handbooks = Handbooks(load_handbook(settings.handbook))
    spoken = languages.spoken(settings.templates_dir)
    found = load_directory(path, tiers=known_tiers(handbooks), languages=spoken).directory
    return f"{path}: sound: {len(found.customers)} customers, {len(found.people)} people, {len(found.teams)} teams\n"


def apply_directory(path: str, *, dry_run: bool) -> str:
    """Bring a directory file in, or only say what that would change; one line a change, then each deadline it moves."""
    with desk() as (found, now):
        spoken = languages.spoken(found.catalog.folder)
        loaded = load_directory(path, tiers=known_tiers(found.handbooks), languages=spoken)
        wanted = {
            key: tiers.Standing(customer.tier, customer.timezone)
            for key, customer in loaded.directory.customers.items()
        }
        if dry_run:
            with found.db.reading() as session:
                moves = tiers.plan(Work(found, session), wanted, now=now)
                changes = directory.plan(session, loaded.directory)
        else:
            with found.db.transaction() as session:
                work = Work(found, session)
                moves = tiers.plan(work, wanted, now=now)
                changes = directory.apply(work, loaded.directory, by=ladder.OPERATOR, digest=loaded.hash, now=now)
    return "".join(f"{line}\n" for line in (*changes, *moves)) or "nothing to change\n"


def export_directory() -> str:
    """Write the directory as a file that reads back as the same directory."""
    with desk() as (found, _), found.db.reading() as session:
        return directory_text(directory.exported(session))


def rebase_handbook(file: str, *, dry_run: bool) -> str:
    """Bring an edited handbook to the open tickets that follow it, or only list the deadlines that this would move."""
    loaded = load_handbook(file)
    with desk() as (found, now):
        if dry_run:
            with found.db.reading() as session:
                moves = rebase.plan(Work(found, session), loaded, now=now)
        else:
            with found.db.transaction() as session:
                moves = rebase.apply(Work(found, session), loaded, by=ladder.OPERATOR, now=now)
    return "".join(f"{move}\n" for move in moves) or "no deadline moves\n"
