"""What does an administrator see who wants to change the directory: what there is, and one thing of it as a form?"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.domain import directory_entry as entries
from bot.domain.directory import Directory, Organisation
from bot.domain.directory_entry import Entry, Thing
from bot.domain.errors import BadInput
from bot.domain.people import Action, Actor, Role, check
from bot.messages import directory as messages
from bot.messages.directory import NEW, Clash, EntryForm
from bot.messages.form_parts import View
from bot.messages.view import Choice
from bot.services import directory, oncall
from bot.services.desk import Answer, Work
from bot.store import people

OURS = ("engineer", "manager", "administrator")
THEIRS = ("customer", "customer_manager")
USUAL_TIERS = ("standard", "service", "partner")
"""Which tier a new customer has chosen beforehand, where the handbook has it."""


def things(work: Work, *, actor: Actor, now: datetime) -> Answer:  # noqa: ARG001 - every use case takes it
    """Show what can be changed at all. Raises NotAllowed."""
    check(actor, Action.ADMINISTER)
    return Answer(view=messages.things_form(work.desk.catalog, metadata={}))


def pick(work: Work, *, actor: Actor, thing: str, now: datetime) -> Answer:
    """Show what there is of one kind, or the form at once where there is only one. Raises NotAllowed or BadInput."""
    check(actor, Action.ADMINISTER)
    wanted = _thing(work, thing)
    if wanted is Thing.CHANNELS:
        return entry(work, actor=actor, thing=thing, which=NEW, now=now)
    there = tuple(_there(work, wanted, directory.exported(work.session)))
    return Answer(
        view=messages.pick_form(work.desk.catalog, thing=wanted, there=there, metadata={"thing": wanted.value})
    )


def entry(work: Work, *, actor: Actor, thing: str, which: str, now: datetime) -> Answer:  # noqa: ARG001 - as above
    """Show one thing as a form, or an empty one for a new thing. Raises NotAllowed or BadInput."""
    check(actor, Action.ADMINISTER)
    wanted = _thing(work, thing)
    known = directory.exported(work.session)
    named = which not in ("", NEW)
    customer, _, key = which.rpartition("/") if named else ("", "", "")
    at = Entry(wanted, key, customer)
    values = entries.written(wanted, entries.found(entries.tree_of(known), at))
    is_level = wanted is Thing.LEVEL and key.isascii() and key.isdigit()
    if not values and not is_level and (named or wanted is Thing.LEVEL):
        raise BadInput("directory_fault", sentence=messages.refusal(work.desk.catalog, part="choose"), field="which")
    if not values and wanted is Thing.CUSTOMER:
        values = {"every_message": "no", "tier": _usual_tier(work)}
    return Answer(view=form(work, known, at, values, shown=entries.prints(wanted, values)))


def connect(work: Work, *, actor: Actor, reference: str, now: datetime) -> Answer:  # noqa: ARG001 - as above
    """Show the form for a new customer, filled in from its channel as `reference` says. Raises NotAllowed or BadInput.

    `reference` is what the button bears: the channel's id and name, and the workspaces that share it.
    """
    check(actor, Action.ADMINISTER)
    about = channel_of(reference)
    channel, name = str(about.get("channel") or ""), entries.customer_in(str(about.get("name") or ""))
    holder = people.customer_of_channel(work.session, channel) if channel else None
    if holder is not None:
        said = messages.refusal(work.desk.catalog, part="known_channel", who=holder.name)
        raise BadInput("directory_fault", sentence=said)
    values = {"name": name, "channel": channel, "every_message": "no", "tier": _usual_tier(work)}
    known = directory.exported(work.session)
    listed = about.get("workspaces")
    shared = tuple(map(str, listed)) if isinstance(listed, list) else ()
    return Answer(
        view=form(
            work,
            known,
            Entry(Thing.CUSTOMER),
            {key: value for key, value in values.items() if value},
            shown={},
            key=entries.key_from(name),
            workspaces=shared,
        )
    )


def channel_of(reference: str) -> Mapping[str, object]:
    """What a button says about a channel; nothing where it is no such thing."""
    try:
        about = json.loads(reference or "{}")
    except ValueError:
        return {}
    return about if isinstance(about, dict) else {}


def form(
    work: Work, known: Directory, at: Entry, values: Mapping[str, str], *, shown: Mapping[str, str],
    clash: Clash | None = None, key: str = "", workspaces: tuple[str, ...] = (),
) -> View:  # fmt: skip
    """The form of one thing with these values in it; `shown` are the prints of what its reader has seen."""
    return messages.entry_form(
        work.desk.catalog,
        shown=EntryForm(
            entry=at,
            values=values,
            choices=_choices(work, known, at),
            of=known.customers[at.customer].name if at.customer in known.customers else "",
            people=tuple(known.people),
            key=key,
            workspaces=workspaces,
            clash=clash,
        ),
        metadata={"thing": at.thing.value, "key": at.key, "of": at.customer, "shown": dict(shown)},
    )


def _thing(work: Work, word: str) -> Thing:
    if word not in {*Thing}:
        raise BadInput("directory_fault", sentence=messages.refusal(work.desk.catalog, part="choose"), field="thing")
    return Thing(word)


def _usual_tier(work: Work) -> str:
    tiers = work.desk.handbooks.default.handbook.tiers
    return next((each for each in USUAL_TIERS if each in tiers), next(iter(tiers), ""))


def _there(work: Work, thing: Thing, known: Directory) -> Iterator[Choice]:
    """Everything of a kind, by what its form is opened with."""
    match thing:
        case Thing.CUSTOMER:
            yield from (Choice(key, f"{each.name} ({key})") for key, each in known.customers.items())
        case Thing.MEMBER:
            for key, customer in known.customers.items():
                yield from _members(key, customer)
        case Thing.COLLEAGUE:
            yield from (Choice(key, f"{each.name or key} ({key})") for key, each in known.people.items())
        case Thing.TEAM | Thing.ROTATION | Thing.DUTY:
            rooms: dict[Thing, Mapping[str, object]] = {
                Thing.TEAM: known.teams,
                Thing.ROTATION: known.rotations,
                Thing.DUTY: known.duties,
            }
            yield from (Choice(key, key) for key in rooms[thing])
        case _:
            names = oncall.level_names(work)
            for number in sorted({*names, *known.levels}):
                yield Choice(str(number), f"{number} {names.get(number, '')}".strip())


def _members(key: str, customer: Organisation) -> Iterator[Choice]:
    for name, each in customer.people.items():
        yield Choice(f"{key}/{name}", f"{each.name or name} ({customer.name})")


def _choices(work: Work, known: Directory, at: Entry) -> dict[str, tuple[Choice, ...]]:
    """What can be chosen in each field of a form."""
    phrase = work.desk.catalog.phrase
    ours = tuple(Choice(key, f"{each.name or key} ({key})") for key, each in known.people.items())
    match at.thing:
        case Thing.CUSTOMER:
            found = {
                "tier": tuple(_tiers(work, known)),
                "account_manager": ours,
                "handbook": tuple(Choice(each, each) for each in _handbooks(known)),
            }
            asked = ("every_message", "contract")
            return found | {
                name: tuple(Choice(each, phrase(messages.WORDS, f"{name}_{each}")) for each in ("yes", "no"))
                for name in asked
            }
        case Thing.MEMBER:
            customers = tuple(Choice(key, each.name) for key, each in known.customers.items())
            return {"of": customers, "role": _roles(work, THEIRS)}
        case Thing.COLLEAGUE:
            return {"role": _roles(work, OURS)}
        case Thing.TEAM:
            return {"members": ours}
        case Thing.LEVEL | Thing.DUTY:
            targets = tuple(_targets(work, known, at))
            return {"targets": targets, "target": targets}
    return {}


def _roles(work: Work, roles: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(Role(each).value, work.desk.catalog.phrase(messages.WORDS, f"role_{each}")) for each in roles)


def _handbooks(known: Directory) -> list[str]:
    return sorted({each.handbook for each in known.customers.values() if each.handbook})


def _tiers(work: Work, known: Directory) -> Iterator[Choice]:
    """Tiers of the default handbook, and of those that customers have."""
    default = work.desk.handbooks.default.handbook
    seen = set()
    named = [work.desk.handbooks.named(work.session, each).handbook for each in _handbooks(known)]
    for handbook in (default, *named):
        for key, tier in handbook.tiers.items():
            if key not in seen:
                seen.add(key)
                yield Choice(key, key if handbook is default else f"{key} ({handbook.name})", tier.label or "")


def _targets(work: Work, known: Directory, at: Entry) -> Iterator[Choice]:
    """Whom a level or a duty can name; a duty names no other duty that leads back to it."""
    rooms: dict[str, Mapping[str, object]] = {
        "rotation": known.rotations, "team": known.teams, "person": known.people, "duty": known.duties,
    }  # fmt: skip
    for kind, room in rooms.items():
        label = work.desk.catalog.phrase(messages.WORDS, f"kind_{kind}")
        for key in room:
            if not (kind == "duty" and at.thing is Thing.DUTY):
                yield Choice(f"{kind}:{key}", f"{label} {key}")
