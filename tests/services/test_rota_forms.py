"""A lead changes who is on call by a form, and reads at the field what is wrong."""

import pytest

from bot.domain.errors import BadInput, NotAllowed
from bot.domain.oncall import Change
from bot.services import oncall, rota_forms, stand_in
from bot.store import people
from tests.services.office import Office


def on_call(office: Office) -> list[str]:
    with office.db.reading() as session:
        return [person.id for person in oncall.people_of_level(session, 1, now=office.now)]


def filled(office: Office, **other: str) -> dict[str, str]:
    """The form for Kai, from now until two hours later."""
    begin = int(office.now.timestamp())
    return {
        "override_person": "kai", "override_change": "replace", "override_from": str(begin),
        "override_to": str(begin + 7200), **other,
    }  # fmt: skip


def names(office: Office) -> list[str]:
    with office.db.reading() as session:
        return [row.id for row in people.rotations(session) if row.order]


def test_it_offers_our_people_and_asks_for_the_rotation_only_where_there_are_several(office: Office) -> None:
    view = office.does("mei", rota_forms.override_form, change=Change.ADD).view or {}
    fields = {block["block_id"]: block["element"] for block in view["blocks"]}
    assert {"kai", "ana", "mei"} <= {each["value"] for each in fields["override_person"]["options"]}
    assert not {"cy", "dee"} & {each["value"] for each in fields["override_person"]["options"]}
    assert fields["override_change"]["initial_option"]["value"] == "add"
    assert ("override_rotation" in fields) == (len(names(office)) > 1)
    assert fields["override_from"]["initial_date_time"] <= office.now.timestamp()


@pytest.mark.req("PG-3")
@pytest.mark.parametrize(
    ("change", "people_now"), [(Change.ADD, ["ana", "kai"]), (Change.REPLACE, ["kai"]), (Change.REMOVE, ["ana"])]
)
def test_it_does_what_the_command_does(office: Office, change: Change, people_now: list[str]) -> None:
    values = filled(office, override_change=change.value, override_rotation=names(office)[0])
    said = office.does("mei", rota_forms.override, values=values).text
    assert on_call(office) == people_now
    assert "Kai" in said
    assert office.does("mei", stand_in.remove, what="S1").text
    office.does("mei", stand_in.override, person="kai", words=f"now 11:00 {names(office)[0]}", change=change)
    assert on_call(office) == people_now


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"override_to": "1"}, "override_to"),
        ({"override_to": "tomorrow"}, "override_to"),
        ({"override_to": "9" * 30}, "override_to"),
        ({"override_from": ""}, "override_from"),
        ({"override_person": "cy"}, "override_person"),
        ({"override_person": ""}, "override_person"),
        ({"override_change": "swap"}, "override_change"),
        ({"override_rotation": "third-line"}, "override_rotation"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_at_its_field(office: Office, wrong: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        office.does(
            "mei", rota_forms.override, values=filled(office, **{"override_rotation": names(office)[0], **wrong})
        )
    assert refused.value.field == field
    assert refused.value.sentence


def test_an_engineer_gets_no_form_and_changes_nothing(office: Office) -> None:
    for use_case, more in ((rota_forms.override_form, {}), (rota_forms.override, {"values": filled(office)})):
        with pytest.raises(NotAllowed):
            office.does("ana", use_case, **more)
