"""What happens when an administrator saves a form of the directory?

The whole directory with that one change passes the file's own checks and goes the way of a file that is applied, so
that nothing can be said in a form that the file would refuse, and all that follows a change follows here too.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from bot.domain import directory_entry as entries
from bot.domain.directory import Directory, Path, Tiers, faults
from bot.domain.directory_entry import FIELDS, Entry, Merged, Thing
from bot.domain.errors import BadInput, Refused
from bot.domain.people import Action, Actor, Role, check
from bot.handbook import wording
from bot.handbook.errors import HandbookError
from bot.messages import directory as messages
from bot.messages.directory import GONE, Clash
from bot.messages.words import capital
from bot.services import directory, directory_forms, oncall
from bot.services.desk import Answer, Work
from bot.store import people, trail

LOOKED_BACK = 200
"""Rows of the trail among which somebody else's change is looked for."""

_ROOMS = {
    "customers": Thing.CUSTOMER, "people": Thing.COLLEAGUE, "teams": Thing.TEAM, "rotations": Thing.ROTATION,
    "levels": Thing.LEVEL, "duties": Thing.DUTY, "channels": Thing.CHANNELS,
}  # fmt: skip
_KINDS = {Thing.MEMBER: "person", Thing.COLLEAGUE: "person", Thing.CHANNELS: "channel"}
"""How the trail calls what it calls otherwise."""


class ChangedMeanwhile(Refused):
    """Somebody else changed the same meanwhile; `view` shows both."""

    usual = "changed_meanwhile"

    def __init__(self, view: dict[str, Any]) -> None:
        self.view = view
        super().__init__()


def save(work: Work, *, actor: Actor, kept: Mapping[str, object], values: Mapping[str, str], now: datetime) -> Answer:
    """Change one thing of the directory as a form says, and tell what is different now.

    `kept` is what the form was opened for and had shown. What somebody else changed meanwhile stays where this form
    left it alone. Raises NotAllowed, BadInput at the field that is wrong, and ChangedMeanwhile with the form where both
    changed the same.
    """
    check(actor, Action.ADMINISTER)
    trail.hold(work.session, directory.STREAM)
    known = directory.exported(work.session)
    tree, at = entries.tree_of(known), _asked(work, kept, values)
    before = entries.found(tree, at)
    if kept.get("key") and before is None and at.thing is not Thing.LEVEL:
        raise _refused(work, "removed", first=at.thing, who=_changer(work, at))
    if not kept.get("key") and at.thing is not Thing.CHANNELS:
        _fresh(work, at, known, before, values)
    both = _merged(work, known, at, kept=kept, before=before, values=values)
    gone = bool(values.get(GONE))
    after = None if gone else entries.read(at.thing, both.values, before=before)
    wanted = _checked(work, known, entries.placed(tree, at, after), at, gone=gone)
    if not any(Role(each.role) is Role.ADMINISTRATOR for each in wanted.people.values()):
        raise _refused(work, "last", field=GONE if gone else "role")
    changes = directory.apply(work, wanted, by=actor.label, now=now)
    return Answer(
        text=messages.saved(
            work.desk.catalog,
            changes=[str(each) for each in changes],
            theirs=both.theirs,
            who=_changer(work, at, but=actor.label),
            on_call=_on_call(work, at, now=now) if changes and (after is not None or at.thing is Thing.LEVEL) else None,
        )
    )


def _asked(work: Work, kept: Mapping[str, object], values: Mapping[str, str]) -> Entry:
    thing, key, customer = (str(kept.get(name) or "") for name in ("thing", "key", "of"))
    if thing not in {*Thing}:
        raise _refused(work, "choose")
    if not key:
        key = values.get("key", "").strip() or entries.key_from(values.get("name", ""))
        customer = customer or values.get("of", "")
    return Entry(Thing(thing), key, customer)


def _fresh(work: Work, at: Entry, known: Directory, before: object, values: Mapping[str, str]) -> None:
    """Let a new thing pass whose short name is nobody's, and was nobody else's."""
    if not at.key:
        raise _refused(work, "nameless", field="key")
    if before is not None:
        raise _refused(work, "there", field="key", key=at.key)
    if at.thing is Thing.MEMBER and at.customer not in known.customers:
        raise _refused(work, "choose", field="of")
    former = people.person(work.session, at.key) if at.thing in (Thing.MEMBER, Thing.COLLEAGUE) else None
    if former is not None and not former.active and former.slack != entries.account_in(values.get("slack", "")):
        raise _refused(work, "former", field="key", key=at.key)


def _merged(
    work: Work,
    known: Directory,
    at: Entry,
    *,
    kept: Mapping[str, object],
    before: object,
    values: Mapping[str, str],
) -> Merged:
    """The form's words over what stands there now. Raises ChangedMeanwhile."""
    shown = kept.get("shown")
    had = {str(name): str(each) for name, each in shown.items()} if isinstance(shown, Mapping) else {}
    mine = {name: values[name] for name in FIELDS[at.thing] if name in values}
    standing = entries.written(at.thing, before)
    both = entries.merged(had, mine, standing) if before is not None else Merged(mine, (), ())
    if both.both:
        clash = Clash(
            _changer(work, at), tuple((name, standing.get(name, ""), mine[name]) for name in both.both)
        )  # fmt: skip
        seen = had | {name: each for name, each in entries.prints(at.thing, standing).items() if name in both.both}
        raise ChangedMeanwhile(directory_forms.form(work, known, at, mine, shown=seen, clash=clash))
    return both


def _checked(work: Work, known: Directory, tree: entries.Tree, at: Entry, *, gone: bool) -> Directory:
    """The directory that a change makes. Raises BadInput for what the file's checks find that was not there before."""
    try:
        wanted = Directory.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        said = _sentence(work, wording.said(first, top=Directory))
        raise BadInput("directory_fault", sentence=said, field=_field(at, first["loc"])) from error
    tiers = _tiers(work, wanted, at)
    standing = {*faults(known, tiers=tiers)}
    for path, sentence in faults(wanted, tiers=tiers):
        if (path, sentence) not in standing:
            raise _fault(work, wanted, at, path, sentence, gone=gone)
    return wanted


def _fault(work: Work, wanted: Directory, at: Entry, path: Path, sentence: str, *, gone: bool) -> BadInput:
    if path[: len(at.path)] == at.path:
        return BadInput("directory_fault", sentence=_sentence(work, sentence), field=_field(at, path))
    if not gone:
        return _refused(work, "taken", field=_taken(wanted, at, path), who=_called(work, path))
    named = [each for each, _ in faults(wanted) if each[: len(at.path)] != at.path]
    places = tuple(dict.fromkeys(_called(work, each) for each in named))
    return _refused(work, "named", field=GONE, places=places)


def _taken(wanted: Directory, at: Entry, path: Path) -> str:
    """Which field of its form took what somebody else has, as the other one's path tells."""
    last = str(path[-1])
    if at.thing is Thing.CHANNELS:
        theirs = wanted.customers[str(path[1])].channel
        return next(name for name, channel in wanted.channels.items() if channel == theirs)
    return last if last in FIELDS[at.thing] else "key"


def _field(at: Entry, path: tuple[object, ...]) -> str:
    """Which field of its form a path of the file is about."""
    fields = FIELDS[at.thing]
    inner = [str(step) for step in path[len(at.path) :]]
    if inner and inner[0] in fields:
        return inner[0]
    return "key" if "[key]" in inner or len(fields) > 1 else fields[0]


def _sentence(work: Work, said: str) -> str:
    """A sentence of the file's checks, which may lack its subject."""
    begins = ("is ", "must ", "names ", "points ", "has ")
    if said.startswith(begins):
        return messages.refusal(work.desk.catalog, part="wrong", key=said)
    return f"{capital(said)}."


def _called(work: Work, path: Path) -> str:
    """What of the directory a path is about, in words."""
    thing, key = _ROOMS.get(str(path[0]), Thing.CHANNELS), str(path[1]) if len(path) > 1 else ""
    if thing is Thing.CUSTOMER and len(path) > 3 and path[2] == "people":
        thing, key = Thing.MEMBER, str(path[3])
    return messages.called(work.desk.catalog, thing=thing, key=key)


def _tiers(work: Work, wanted: Directory, at: Entry) -> Tiers:
    """The tiers that the customer in question can have. Raises BadInput: its handbook is not there."""
    tiers: dict[str | None, frozenset[str]] = {None: frozenset(work.desk.handbooks.default.handbook.tiers)}
    customer = wanted.customers.get(at.key) if at.thing is Thing.CUSTOMER else None
    if customer is not None and customer.handbook:
        try:
            loaded = work.desk.handbooks.named(work.session, customer.handbook)
        except HandbookError as error:
            raise _refused(work, "no_handbook", field="handbook") from error
        tiers[customer.handbook] = frozenset(loaded.handbook.tiers)
    return tiers


def _changer(work: Work, at: Entry, *, but: str = "") -> str:
    """The name of who changed a thing last, if the trail's newest rows tell; `but` is left out."""
    kind = _KINDS.get(at.thing, at.thing.value)
    for row in trail.latest(work.session, directory.STREAM, most=LOOKED_BACK):
        if row.kind.startswith(f"{kind}_") and row.facts.get("name") == at.key and row.actor != but:
            who = row.actor.removeprefix("person:")
            return people.name_of(work.session, who) if row.actor.startswith("person:") else ""
    return ""


def _on_call(work: Work, at: Entry, *, now: datetime) -> tuple[str, ...] | None:
    """Who would be paged now by what was changed; None where it is nothing that pages."""
    match at.thing:
        case Thing.ROTATION | Thing.TEAM | Thing.DUTY:
            found = oncall.people_of_targets(work.session, [f"{at.thing.value}:{at.key}"], now=now)
        case Thing.LEVEL:
            found = oncall.people_of_level(work.session, int(at.key), now=now)
        case _:
            return None
    return tuple(each.name for each in found)


def _refused(
    work: Work, part: messages.Refusal, *, field: str = "", first: Thing | None = None, key: str = "", who: str = "",
    places: tuple[str, ...] = (),
) -> BadInput:  # fmt: skip
    said = messages.refusal(work.desk.catalog, part=part, key=key, who=who, places=places)
    return BadInput("directory_fault", sentence=said, field=field or (FIELDS[first][0] if first else "key"))
