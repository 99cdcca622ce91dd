"""Which version of a handbook holds now, and which one did a ticket pin?

A version holds because a start read it from a changed file, or because somebody re-based the desk on it; the database
says which came last. Every process looks there with each transaction, so that none goes on with an older one.
"""

from datetime import datetime
from importlib.metadata import version

from sqlmodel import Session, select

from bot.domain.handbook import Handbook
from bot.domain.sla import Terms
from bot.domain.terms import terms_of
from bot.handbook.errors import HandbookError
from bot.handbook.loader import Loaded, fingerprint, from_text, load
from bot.services import asking
from bot.store import people, remembered, trail
from bot.store.tables import HandbookVersion

CURRENT, READ = "handbook:{}", "handbook:{}:read"
"""Under which names the version that holds is remembered, and the one that a file said when it was read last."""

MOST_TERMS = 4096
"""How many combinations of version, tier, severity and zone a process remembers the terms of."""


class Handbooks:
    """The handbooks by name, as they hold now, and by hash, as tickets pinned them."""

    def __init__(self, default: Loaded) -> None:
        self.default = default
        """The handbook of all customers that name none, as it held when the last transaction began."""
        self._read_default = default
        self._read: dict[str, Loaded] = {}
        self._weighed: set[str] = set()
        self._versions: dict[str, Loaded] = {default.hash: default}
        self._terms: dict[tuple[str, str, str, str | None], Terms] = {}

    def follow(self, session: Session) -> None:
        """Take up the version of the default handbook that holds now."""
        self.default = self._holding(session, self._read_default)

    def named(self, session: Session, name: str) -> Loaded:
        """Give a handbook by its built-in name or path, in the version that holds now. Raises HandbookError."""
        if name not in self._read:
            self._read[name] = load(name)
        return self._holding(session, self._read[name])

    def begin(self, session: Session, *, now: datetime) -> None:
        """Let the default handbook hold as its file says it, if that changed since the last start; else as it held.

        A re-base wins over a file that is as it was, as an edit of the directory does.
        """
        self.pin(session, self._holding(session, self._read_default), now=now)
        self.follow(session)

    def read_all(self, session: Session) -> None:
        """Read the customers' own handbooks before anybody writes. Raises HandbookError that names the customer."""
        for customer in people.customers(session):
            if customer.active and customer.handbook:
                try:
                    self.named(session, customer.handbook)
                except HandbookError as error:
                    raise HandbookError(f"customer {customer.id}: handbook: {said}" for said in error.faults) from error

    def pin(self, session: Session, loaded: Loaded, *, now: datetime) -> str:
        """Keep the handbook's text in the database, once, and give the hash that names it.

        A version that becomes current, the first time or again, is a row of the trail's stream `handbook`, and it is
        asked whether its levels reach everybody.
        """
        name = loaded.handbook.name
        if name in self._weighed and remembered.value(session, CURRENT.format(name)) == loaded.hash:
            # What is current has been kept, and what its file says has been noted.
            return loaded.hash
        if session.get(HandbookVersion, loaded.hash) is None:
            # Several processes may begin, or open the first ticket of its kind, at the same moment.
            remembered.hold(session, "handbook")
        if session.get(HandbookVersion, loaded.hash) is None:
            session.add(
                HandbookVersion(
                    hash=loaded.hash,
                    name=loaded.handbook.name,
                    text=loaded.text,
                    tzdata=version("tzdata"),
                    stored_at=now,
                )
            )
        self._versions[loaded.hash] = loaded
        if any(loaded is each for each in (self._read_default, *self._read.values())):
            remembered.keep(session, READ.format(name), loaded.hash)
        before = remembered.value(session, CURRENT.format(name))
        if before != loaded.hash:
            remembered.keep(session, CURRENT.format(name), loaded.hash)
            facts = {"name": name, "hash": loaded.hash, "before": before, "source": loaded.source}
            trail.append(
                session, stream="handbook", actor="bot", event_kind="became_current", facts=facts, words={}, author="",
                token=str, at=now,
            )  # fmt: skip
            asking.want(session, now=now)
        return loaded.hash

    def pinned(self, session: Session, digest: str) -> Handbook:
        """Give the handbook that a ticket pinned, as it was then."""
        return self._version(session, digest).handbook

    def terms(self, session: Session, digest: str, *, tier: str, severity: str, zone: str | None) -> Terms:
        """Give what a version promises for a tier and severity, `zone` being the customer's: the same for good."""
        known = (digest, tier, severity, zone)
        found = self._terms.get(known)
        if found is None:
            if len(self._terms) >= MOST_TERMS:
                self._terms.clear()
            found = terms_of(self.pinned(session, digest), tier=tier, severity=severity, zone=zone)
            self._terms[known] = found
        return found

    def altered(self, session: Session) -> tuple[str, str, bool] | None:
        """The first version that became current, by the trail, and is not kept as it was; None where all are.

        Gives the handbook's name, the version's hash, and whether there is any text of it.
        """
        kept = {row.hash: row.text for row in session.exec(select(HandbookVersion))}
        for entry in trail.read(session, "handbook", words=False):
            digest = str(entry.facts["hash"])
            if fingerprint(kept.get(digest, "")) != digest:
                return str(entry.facts["name"]), digest, digest in kept
        return None

    def _holding(self, session: Session, read: Loaded) -> Loaded:
        """The version that holds of a handbook which this process read from a file: each file is weighed once."""
        name = read.handbook.name
        if name not in self._weighed:
            if remembered.value(session, READ.format(name)) != read.hash:
                return read
            self._weighed.add(name)
        digest = remembered.value(session, CURRENT.format(name))
        return read if digest in {None, read.hash} else self._version(session, digest or "")

    def _version(self, session: Session, digest: str) -> Loaded:
        if digest not in self._versions:
            row = session.get_one(HandbookVersion, digest)
            self._versions[digest] = Loaded(from_text(row.text), row.text, digest, f"version {digest[:12]}")
        return self._versions[digest]
