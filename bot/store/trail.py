"""What was done, by whom and when, in a form that shows every later change?

Each stream (a ticket, the directory, the handbook) is a chain: a row's hash covers its stored text and the hash before.
The text holds plain facts, and salted digests of what people wrote; their words stand beside it and can be erased.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, func, insert, select, update
from sqlmodel import Session

from bot.store import gathered, later
from bot.store.insertion import insert_or_change
from bot.store.prepared import Prepared
from bot.store.tables import metadata

STREAMS_AT_ONCE = 200
"""How many streams a verification holds in memory."""

_TIMELINE = metadata.tables["timeline"]
_HEAD = metadata.tables["stream_head"]
_WORDS = metadata.tables["words"]

_HELD = "heads"
"""Under which name a transaction remembers where the streams end that it holds: nobody else can lengthen them."""

# Setting the stream to itself changes nothing and locks the row, in the one statement that also makes it.
_LOCK_HEAD = Prepared(insert_or_change(_HEAD, "stream", change=("stream",), returning=(_HEAD.c.seq, _HEAD.c.hash)))
_MOVE_HEAD = (
    update(_HEAD).where(_HEAD.c.stream == bindparam("at_stream")).values(seq=bindparam("to_seq"), hash=bindparam("to"))
)
_FREE_HEADS = (
    select(_HEAD).where(_HEAD.c.stream.in_(bindparam("streams", expanding=True))).with_for_update(skip_locked=True)
)
_ADD_HEAD = Prepared(insert(_HEAD))
_ADD = insert(_TIMELINE)
_ADD_WORDS = insert(_WORDS)
_READ = Prepared(select(_TIMELINE).where(_TIMELINE.c.stream == bindparam("of")).order_by(_TIMELINE.c.seq))
_LATEST = (
    select(_TIMELINE)
    .where(_TIMELINE.c.stream == bindparam("of"))
    .order_by(_TIMELINE.c.seq.desc())
    .limit(bindparam("most"))
)
_LAST = (
    select(_TIMELINE.c.stream, func.max(_TIMELINE.c.seq).label("seq"))
    .where(_TIMELINE.c.stream.in_(bindparam("streams", expanding=True)), _TIMELINE.c.kind == bindparam("event_kind"))
    .group_by(_TIMELINE.c.stream)
    .subquery()
)
_SINCE = (
    select(_TIMELINE)
    .join(_LAST, _LAST.c.stream == _TIMELINE.c.stream, isouter=True)
    .where(_TIMELINE.c.stream.in_(bindparam("streams", expanding=True)))
    .where(_TIMELINE.c.seq >= func.coalesce(_LAST.c.seq, 0))
    .order_by(_TIMELINE.c.stream, _TIMELINE.c.seq)
)
_READ_WORDS = Prepared(select(_WORDS.c.digest, _WORDS.c.text).where(_WORDS.c.stream == bindparam("of")))
_HEADS = select(_HEAD).where(_HEAD.c.stream > bindparam("after")).order_by(_HEAD.c.stream).limit(bindparam("most"))
_ROWS_OF = (
    select(_TIMELINE)
    .where(_TIMELINE.c.stream.in_(bindparam("streams", expanding=True)))
    .order_by(_TIMELINE.c.stream, _TIMELINE.c.seq)
)
_WORDS_OF = select(_WORDS).where(_WORDS.c.stream.in_(bindparam("streams", expanding=True)))
_HEADLESS = select(func.min(_TIMELINE.c.stream)).where(~exists().where(_HEAD.c.stream == _TIMELINE.c.stream))
_STRAY_WORDS = select(func.min(_WORDS.c.stream)).where(~exists().where(_HEAD.c.stream == _WORDS.c.stream))
_SIZE = select(func.count(_HEAD.c.stream), func.sum(_HEAD.c.seq))
_STREAMS = select(_HEAD.c.stream)
_RAW = select(_TIMELINE).order_by(_TIMELINE.c.stream, _TIMELINE.c.seq).execution_options(yield_per=1000)
_ERASE = delete(_WORDS).where(_WORDS.c.author == bindparam("whose"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a stream. `facts` are as stored; `words` lacks what was erased."""

    stream: str
    seq: int
    at: datetime
    actor: str
    kind: str
    facts: Mapping[str, Any]
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the trail is not what was written: `seq` is None where the stream as a whole is wrong."""

    stream: str
    seq: int | None
    what: str

    def __str__(self) -> str:
        """The difference in one line."""
        place = self.stream if self.seq is None else f"{self.stream} row {self.seq}"
        return f"{place}: {self.what}"


def append(
    session: Session,
    *,
    stream: str,
    actor: str,
    event_kind: str,
    facts: Mapping[str, object],
    words: Mapping[str, str],
    author: str,
    token: Callable[[], str],
    begins: bool = False,
    at: datetime,
) -> int:
    """Add a row to a stream and give its number, from 1; others wait for this transaction to append to the same stream.

    `author` is whose the words are, for erasing; `token` gives a fresh random hex text, the salt of each digest. Where
    this `begins` the stream, nobody else can know it. Raises TypeError for a fact that has no canonical form.
    """
    held: dict[str, tuple[int, str]] = session.info.setdefault(_HELD, {})
    if begins:
        held[stream] = 0, ""
    elif stream not in held:
        head = _LOCK_HEAD.all(session, stream=stream, seq=0, hash="")[0]
        held[stream] = head.seq, head.hash
    seq = held[stream][0] + 1
    kept = [_salted(stream, author, token(), text) for text in words.values()]
    digests = {name: row["digest"] for name, row in zip(words, kept, strict=True)}
    text = canonical(
        {"stream": stream, "seq": seq, "at": at, "actor": actor, "kind": event_kind, "facts": facts, "words": digests}
    )
    link = chain(held[stream][1], text)
    row = {"stream": stream, "seq": seq, "at": at, "actor": actor, "kind": event_kind, "text": text, "hash": link}
    if begins:
        _ADD_HEAD.all(session, stream=stream, seq=seq, hash=link)
    later.write(session, _ADD, row)
    if not begins:
        later.write(session, _MOVE_HEAD, {"at_stream": stream, "to_seq": seq, "to": link})
    for each in kept:
        later.write(session, _ADD_WORDS, each)
    held[stream] = seq, link
    return seq


def forget(session: Session) -> None:
    """Ask the streams again where they end: a part of the transaction was undone."""
    session.info.pop(_HELD, None)


def read(session: Session, stream: str, *, words: bool = True) -> list[Entry]:
    """The rows of a stream in order, with what people wrote where that is asked for and not erased."""
    known = {row.digest: row.text for row in _READ_WORDS.all(session, of=stream)} if words else {}
    return [_entry(row, known) for row in _READ.all(session, of=stream)]


def since_last(session: Session, stream: str, number: int, *, kind: str) -> list[Entry]:
    """The rows of a ticket's stream without what people wrote; the last one of that kind and all after it at least."""
    found: list[Entry] = gathered.once(session, number, (stream, kind))
    return read(session, stream, words=False) if found is gathered.UNKNOWN else found


def gather(session: Session, streams: Mapping[str, int], *, kind: str) -> None:
    """Read many tickets' streams (with their numbers) from their last row of a kind, and hold those that are free.

    The work on each of them finds it so.
    """
    connection = session.connection()
    held: dict[str, tuple[int, str]] = session.info.setdefault(_HELD, {})
    for head in connection.execute(_FREE_HEADS, {"streams": list(streams)}):
        held[head.stream] = head.seq, head.hash
    found: dict[str, list[Entry]] = {stream: [] for stream in streams}
    for row in connection.execute(_SINCE, {"streams": list(streams), "event_kind": kind}):
        found[row.stream].append(_entry(row, {}))
    for stream, entries in found.items():
        gathered.keep(session, streams[stream], (stream, kind), entries)


def latest(session: Session, stream: str, *, most: int) -> list[Entry]:
    """The newest rows of a stream, the newest first, without what people wrote."""
    return [_entry(row, {}) for row in session.connection().execute(_LATEST, {"of": stream, "most": most})]


def hold(session: Session, stream: str) -> None:
    """Let everybody else who would add to a stream wait until this transaction is over."""
    _LOCK_HEAD.all(session, stream=stream, seq=0, hash="")


def size(session: Session) -> tuple[int, int]:
    """How many streams there are, and how many rows in all."""
    streams, rows = session.connection().execute(_SIZE).one()
    return int(streams or 0), int(rows or 0)


def streams(session: Session) -> set[str]:
    """The names of all streams."""
    return set(session.connection().execute(_STREAMS).scalars())


def raw(session: Session) -> Iterator[dict[str, Any]]:
    """Every row as it is stored, with its hash, stream by stream in order."""
    for row in session.connection().execute(_RAW):
        yield {"stream": row.stream, "seq": row.seq, "text": row.text, "hash": row.hash}


def erase(session: Session, author: str) -> int:
    """Forget what a person wrote and say how many texts that were; the trail still verifies."""
    return session.connection().execute(_ERASE, {"whose": author}).rowcount


def verify(session: Session) -> Difference | None:
    """The first difference between the trail and what was written; None where it verifies.

    Finds rows that were edited, removed or reordered, a head that is not the last row's, and words that are not those
    written. Words that are gone are erased, which is no difference.
    """
    connection = session.connection()
    for statement, what in ((_HEADLESS, "its head is gone"), (_STRAY_WORDS, "there are words but no rows")):
        stream = connection.execute(statement).scalar_one()
        if stream is not None:
            return Difference(stream, None, what)
    for heads in _batches(connection):
        found = _check_streams(connection, heads)
        if found is not None:
            return found
    return None


def canonical(value: Mapping[str, object]) -> str:
    """The one text of a value: JSON with sorted keys and no spaces; moments in UTC, durations in seconds."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _plain(value: object) -> object:
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case timedelta():
            seconds = value.total_seconds()
            return int(seconds) if seconds.is_integer() else seconds
        case Mapping():
            return {str(name): _plain(item) for name, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form in the trail")


def _salted(stream: str, author: str, salt: str, text: str) -> dict[str, str]:
    return {"digest": _digest(salt, author, text), "stream": stream, "author": author, "salt": salt, "text": text}


def _digest(salt: str, author: str, text: str) -> str:
    # The author is in it too: whose the words are decides what is erased.
    return hashlib.sha256("\n".join((salt, author, text)).encode()).hexdigest()


def chain(before: str, text: str) -> str:
    """The hash of a row whose text is that, after a row whose hash is `before`; empty before the first."""
    return hashlib.sha256((before + text).encode()).hexdigest()


def _entry(row: Row[Any], known: Mapping[str, str]) -> Entry:
    stored = json.loads(row.text)
    words = {name: known[digest] for name, digest in stored["words"].items() if digest in known}
    return Entry(row.stream, row.seq, row.at, row.actor, row.kind, stored["facts"], words)


def _batches(connection: Connection) -> Iterator[list[Row[Any]]]:
    after = ""
    while heads := connection.execute(_HEADS, {"after": after, "most": STREAMS_AT_ONCE}).all():
        yield list(heads)
        after = heads[-1].stream


def _check_streams(connection: Connection, heads: list[Row[Any]]) -> Difference | None:
    streams = [head.stream for head in heads]
    rows: dict[str, list[Row[Any]]] = {stream: [] for stream in streams}
    words: dict[str, list[Row[Any]]] = {stream: [] for stream in streams}
    for row in connection.execute(_ROWS_OF, {"streams": streams}):
        rows[row.stream].append(row)
    for row in connection.execute(_WORDS_OF, {"streams": streams}):
        words[row.stream].append(row)
    for head in heads:
        found = _check_stream(head, rows[head.stream], words[head.stream])
        if found is not None:
            return found
    return None


def _check_stream(head: Row[Any], rows: list[Row[Any]], words: Iterable[Row[Any]]) -> Difference | None:
    link = ""
    written: dict[str, int] = {}
    for seq, row in enumerate(rows, start=1):
        what = _check_row(row, seq, link)
        if what is not None:
            return Difference(head.stream, seq, what)
        link = row.hash
        written.update(dict.fromkeys(json.loads(row.text)["words"].values(), seq))
    if (head.seq, head.hash) != (len(rows), link):
        return Difference(head.stream, None, f"its head says {head.seq} rows, but there are {len(rows)}")
    return _check_words(head.stream, words, written)


def _check_words(stream: str, words: Iterable[Row[Any]], written: Mapping[str, int]) -> Difference | None:
    for row in sorted(words, key=lambda row: written.get(row.digest, 0)):
        if row.digest not in written:
            return Difference(stream, None, "it has words that no row knows")
        if _digest(row.salt, row.author, row.text) != row.digest:
            return Difference(stream, written[row.digest], "its words are not those that were written")
    return None


def _check_row(row: Row[Any], seq: int, link: str) -> str | None:
    if row.seq != seq:
        return "it was removed"
    if chain(link, row.text) != row.hash:
        return "it is not what was written, or not in its place"
    return _check_columns(row)


def _check_columns(row: Row[Any]) -> str | None:
    stored = json.loads(row.text)
    shown = {"stream": row.stream, "seq": row.seq, "at": row.at, "actor": row.actor, "kind": row.kind}
    for name, value in shown.items():
        if _plain(value) != stored[name]:
            return f"its {name} is not the one that was written"
    return None
