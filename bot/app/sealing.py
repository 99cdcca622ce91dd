"""How does an operator seal the record by hand, and where do the copies go?"""

from pathlib import Path

from bot.app import operate, seal_folder
from bot.domain.seal import BrokenSeal
from bot.domain.seal import read as read_seal
from bot.messages.words import counted
from bot.services import seals
from bot.services.desk import Work
from bot.settings import load_offline


def seals_dir() -> Path | None:
    """The folder where the record's seals are kept, where one is set."""
    return load_offline().seals_dir


def seal(folder: Path | None) -> str:
    """Seal the record now and copy its seals to the folder, SEALS_DIR by default; says in one line what was sealed."""
    folder = folder or seals_dir()
    with operate.desk() as (found, now):
        with found.db.transaction() as session:
            made = seals.seal(Work(found, session), now=now)
        with found.db.reading() as session:
            last = seals.signed_since(session, made.number if made else 1)[-1:]
        differing = seal_folder.follow(found, folder) if folder else []
    if differing:
        raise BrokenSeal(f"{differing[0]} is in {folder} already and says something else: it was left as it is")
    if not last:
        return "there is nothing to seal yet"
    said = read_seal(last[0].text)
    what = f"covers {counted(len(said.points), 'stream')}" if made else "is still the newest: nothing moved since"
    return f"seal {said.number} {what}, digest {last[0].digest}, key {said.key}"
