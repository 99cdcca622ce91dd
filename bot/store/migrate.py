"""Which version are the tables, and how do they become the newest?"""

from functools import cache
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from bot.store.engine import connect

LOCK = 7_201_998
"""The advisory lock under which PostgreSQL lets one process migrate at a time; any number that is ours."""


def upgrade(url: str) -> None:
    """Bring the database at the address to the newest schema; does nothing where it is there already."""
    engine = connect(url).execution_options(watchbell_write=True)
    try:
        with engine.begin() as connection:
            upgrade_on(connection)
    finally:
        engine.dispose()


def upgrade_on(connection: Connection, *, to: str = "head") -> None:
    """The same within a transaction that is open already; `to` names an older schema."""
    if connection.dialect.name == "postgresql":
        # What a role is given for a click is too little for an index over all messages, or for carrying a desk over.
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


@cache
def head() -> str:
    """The newest schema that this program knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def current(connection: Connection) -> str | None:
    """The schema that the database is at; None where it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("bot.store") / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
