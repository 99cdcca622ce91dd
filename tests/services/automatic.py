"""An office whose handbook gives out tickets by itself, with what a test changes of its rules."""

from pathlib import Path

from bot.handbook.loader import load
from bot.store.database import Database
from tests.services.office import Office

RULES = """\
extends: enterprise
assignment:
  automatic: true
  at_most: 2
  skills: {integration: [network]}
"""


def office_with(db: Database, folder: Path, rules: str = RULES) -> Office:
    """The desk of the local workspace's directory, with a handbook of the test's own."""
    file = folder / "ours.yml"
    file.write_text(rules, encoding="utf-8")
    return Office(db, handbook=load(str(file)))
