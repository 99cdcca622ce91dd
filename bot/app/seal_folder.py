"""How are seals kept in a folder, outside the database?

One JSON file a seal, never written over: `text` is what was signed, to the byte, `signature` its Ed25519 signature in
hex; the public key stands in the text. A file that is there and differs is left, and told.
"""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import structlog

from bot.domain import seal as rules
from bot.domain.seal import BrokenSeal, Signed
from bot.services import seals
from bot.services.desk import Desk

log = structlog.get_logger()

PATTERN = "seal-*.json"


def read(folder: Path) -> list[Signed]:
    """The seals of a folder, in no order. Raises BrokenSeal where a file is none, OSError where it cannot be read."""
    if not folder.is_dir():
        # A folder that is misnamed has no seal that could differ, and nothing would have been checked.
        raise NotADirectoryError(f"{folder}: no such folder; give the one that the seals are kept in.")
    return [_signed(path) for path in sorted(folder.glob(PATTERN))]


def follow(desk: Desk, folder: Path) -> list[str]:
    """Write the database's seals that the folder lacks; gives the names of files that say something else."""
    with desk.db.reading() as session:
        kept = seals.signed_since(session, 1)
    return list(write(kept, folder))


def write(kept: Iterable[Signed], folder: Path) -> Iterator[str]:
    """Write each seal to its file, where there is none yet; give the names of files that say something else."""
    for signed in kept:
        path = folder / name_of(signed)
        if path.exists():
            if path.read_text("utf-8") != _line(signed):
                log.error("seal_differs", file=str(path))
                yield path.name
            continue
        # Another process may be at the same file: whoever is first to name it, it is whole.
        draft = folder / f".{path.name}.{os.getpid()}"
        draft.write_text(_line(signed), "utf-8")
        draft.replace(path)


def name_of(signed: Signed) -> str:
    """The name of a seal's file: its number, so that files sort, and its day."""
    seal = rules.read(signed.text)
    return f"seal-{seal.number:06}-{seal.at:%Y-%m-%d}.json"


def _line(signed: Signed) -> str:
    return json.dumps({"text": signed.text, "signature": signed.signature}, ensure_ascii=False) + "\n"


def _signed(path: Path) -> Signed:
    try:
        value = json.loads(path.read_text("utf-8"))
        return Signed(str(value["text"]), str(value["signature"]))
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenSeal(f"{path.name} is no seal: {type(error).__name__}") from None
