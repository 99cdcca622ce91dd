"""When is the record sealed, and does it still say what was sealed?

Each night what moved is signed, kept as a row, told in the operations channel, and written to SEALS_DIR (see
app/seal_folder.py): three places, of which the last two are outside the database. Source: design, invariant 9.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain import seal as rules
from bot.domain.message import InternalMessage
from bot.domain.seal import BrokenSeal, Point, Seal, Signed
from bot.messages import alarms
from bot.messages.words import counted
from bot.services import staff_news
from bot.services.desk import Work
from bot.services.seal_key import verifies
from bot.store import deadlines, seals

DEADLINE = "seal"
NIGHTLY = time(3, 0)
"""When the day is sealed, in the handbook's zone."""

TITLE = "The record was sealed"


def arm(work: Work, *, now: datetime) -> None:
    """Let the record be sealed tonight, where there is a key to seal it with."""
    if work.desk.seal_key is None:
        deadlines.cancel(work.session, kind=DEADLINE, subject="all")
        return
    zone = ZoneInfo(staff_news.desk_zone(work))
    tonight = datetime.combine(now.astimezone(zone).date(), NIGHTLY, zone)
    if tonight <= now:
        tonight = datetime.combine(tonight.date() + timedelta(days=1), NIGHTLY, zone)
    deadlines.arm(work.session, kind=DEADLINE, subject="all", due_at=tonight.astimezone(UTC))


def nightly(work: Work, *, now: datetime) -> None:
    """Seal what moved today, and again the next night."""
    seal(work, now=now)
    arm(work, now=now)


def seal(work: Work, *, now: datetime) -> Seal | None:
    """Sign the heads that moved since the last seal, keep that and tell operations; None where nothing moved.

    Raises BrokenSeal where SECRET_KEY is not set.
    """
    key = work.desk.seal_key
    if key is None:
        raise BrokenSeal("SECRET_KEY must be set: the record's seals are signed with a key that follows from it")
    points = seals.moved(work.session)
    if not points:
        return None
    last = seals.last(work.session)
    before = Signed(last.text, last.signature).digest if last else ""
    made = Seal(number=last.number + 1 if last else 1, at=now, before=before, key=key.public, points=points)
    signed = key.sign(made.text)
    seals.keep(work.session, signed, number=made.number, points=points, at=now)
    _tell(work, made, signed, now=now)
    return made


def signed_since(session: Session, number: int) -> list[Signed]:
    """The seals that the database keeps, from a number on."""
    return [Signed(row.text, row.signature) for row in seals.since(session, number)]


def difference(session: Session, *, copies: Sequence[Signed] = (), keys: Sequence[str] = ()) -> str | None:
    """The first difference between the trail and what was sealed, in one line; None where there is none.

    `copies` are the seals that were kept outside the database: all of them from the first on. `keys` are the public
    keys that may have signed. Says nothing of rows that no seal covers yet: `trail.verify` does.
    """
    kept = seals.since(session, 1)
    try:
        inside = rules.in_chain((Signed(row.text, row.signature) for row in kept), verifies=verifies, keys=keys)
        outside = rules.in_chain(copies, verifies=verifies, keys=keys)
    except BrokenSeal as broken:
        return str(broken)
    for row, (said, _) in zip(kept, inside, strict=True):
        if (row.number, row.sealed_at) != (said.number, said.at):
            return f"seal {said.number}: its row says otherwise than what was signed"
    for number, copy in enumerate(outside, start=1):
        if number > len(inside):
            return f"seal {number} was kept outside, but the database has only {len(inside)}: it is an older copy"
        if copy[1].text != inside[number - 1][1].text:
            return f"seal {number} of the database is not the one that was kept outside"
    return _trail_differs(session, rules.reach(seal for seal, _ in inside))


def _trail_differs(session: Session, reached: dict[str, tuple[int, Point]]) -> str | None:
    there = seals.hashes(session, {stream: point for stream, (_, point) in reached.items()})
    for stream, (number, point) in sorted(reached.items()):
        if stream not in there:
            return f"{stream} row {point.seq}: seal {number} covers it, and it is gone"
        if there[stream] != point.hash:
            return f"{stream} row {point.seq}: it is not the one that seal {number} covers"
    rows = seals.reach(session)
    for stream in sorted({*rows, *reached}):
        number, point = reached.get(stream, (0, Point(0, "")))
        if rows.get(stream) != (point.seq, number):
            return f"{stream}: the rows say that it is sealed otherwise than the seals do"
    return None


def _tell(work: Work, made: Seal, signed: Signed, *, now: datetime) -> None:
    lines = (
        f"Seal {made.number} covers {counted(len(made.points), 'stream')} that changed since the one before.",
        f"Digest: {signed.digest}",
        f"Key: {made.key}",
    )

    def say(zone: str) -> InternalMessage:
        return alarms.findings(
            work.desk.catalog, title=TITLE, lines=lines, alarm=False,
            advice="Nothing to do. This message proves later that the record was not changed.", zone=zone, now=now,
        )  # fmt: skip

    staff_news.alarm(work, say, key=f"seal:{made.number}:{signed.digest}", now=now)
