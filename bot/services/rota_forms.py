"""How do leads change who is on call by a form? It goes the way of `/oncall override`."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.domain.errors import BadInput
from bot.domain.oncall import Change
from bot.domain.oncall_words import Span, check_span
from bot.domain.people import Action, Actor, check
from bot.messages import rota_forms
from bot.messages.view import Choice
from bot.services import stand_in
from bot.services.desk import Answer, Work
from bot.store import people

STEP_FOR = timedelta(minutes=5)
"""To what the proposed beginning is rounded down."""


def override_form(work: Work, *, actor: Actor, change: Change = Change.REPLACE, now: datetime) -> Answer:
    """Show the form that changes a rotation for a while. Raises NotAllowed, or BadInput where there is no rotation."""
    check(actor, Action.OVERRIDE_ON_CALL)
    rotations = stand_in.rotations(work)
    staff = people.of_role(work.session, [role.value for role in stand_in.OURS])
    return Answer(
        view=rota_forms.override_form(
            work.desk.catalog,
            people=tuple(Choice(each.id, each.name) for each in staff),
            rotations=tuple(Choice(name, name) for name in rotations),
            change=change.value,
            starts_at=now - (now - datetime.min.replace(tzinfo=UTC)) % STEP_FOR,
            metadata={},
        )
    )


def override(work: Work, *, actor: Actor, values: Mapping[str, str], now: datetime) -> Answer:
    """Change a rotation as the form says. Raises NotAllowed, or BadInput with the field that is wrong."""
    check(actor, Action.OVERRIDE_ON_CALL)
    starts_at, ends_at = (_moment(values, name) for name in ("override_from", "override_to"))
    try:
        span = check_span(Span(starts_at, ends_at, values.get("override_rotation", "")), now=now)
    except ValueError as error:
        raise BadInput("wrong_span", why=str(error), field="override_to") from error
    said = values.get("override_change", "")
    if said not in {each.value for each in Change}:
        raise BadInput("no_such_change", field="override_change")
    return stand_in.put(
        work, actor=actor, person=values.get("override_person", ""), span=span, change=Change(said), now=now
    )


def _moment(values: Mapping[str, str], name: str) -> datetime:
    """What Slack's picker of moments gives: seconds since 1970. Raises BadInput."""
    try:
        return datetime.fromtimestamp(int(values.get(name, "")), tz=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadInput("no_moment", field=name) from error
