"""An administrator changes the directory by forms: the same rows, the same checks, the same trail as the file."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from bot.app.local import DIRECTORY
from bot.domain.errors import BadInput, NotAllowed
from bot.handbook.directory import LoadedDirectory, load_directory
from bot.messages.directory import NEW
from bot.messages.limits import check_view
from bot.services import asking, directory, directory_changes, directory_forms, oncall
from bot.services.desk import Work
from bot.services.directory_changes import ChangedMeanwhile
from bot.store import people, trail
from tests.services.office import Office


def opened(office: Office, thing: str, which: str = NEW, *, by: str = "vic") -> dict[str, Any]:
    """The form of one thing, as Slack gets it."""
    answer = office.does(by, directory_forms.entry, thing=thing, which=which)
    assert answer.view is not None
    check_view(answer.view)
    return answer.view


def filled(view: Mapping[str, Any], **written: str) -> dict[str, str]:
    """What Slack sends of a form: what stood in it, and what was written over it."""
    found = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            chosen = element.get("initial_option") or {}
            several = ",".join(each["value"] for each in element.get("initial_options", ()))
            kept = ("initial_value", "initial_user", "initial_conversation", "initial_date")
            texts = [str(element[name]) for name in kept if name in element]
            found[block["block_id"]] = next(iter(texts), chosen.get("value") or several)
    assert written.keys() <= found.keys(), (written, found)
    return found | written


def sent(office: Office, view: Mapping[str, Any], *, by: str = "vic", **written: str) -> str:
    """Send a form, and give what its author hears."""
    kept = json.loads(view["private_metadata"])
    return office.does(by, directory_changes.save, kept=kept, values=filled(view, **written)).text


def refused(office: Office, view: Mapping[str, Any], **written: str) -> tuple[str | None, str]:
    """The field at which a form is refused, and why."""
    with pytest.raises(BadInput) as caught:
        sent(office, view, **written)
    return caught.value.field, caught.value.sentence


def test_a_customer_is_connected_to_its_channel(office: Office) -> None:
    view = opened(office, "customer")
    said = sent(office, view, name="Initech", channel="C0INITECH", tier="premium", contacts="technical: mailto://a@b.c")
    assert "customer initech: added" in said.lower()
    with office.db.reading() as session:
        row = people.customer_of_channel(session, "C0INITECH")
        assert row is not None
        assert (row.id, row.tier, row.contacts) == ("initech", "premium", {"technical": ["mailto://a@b.c"]})
    assert office.is_sound()


OPENED = [
    ("customer", "acme"), ("member", "acme/cy"), ("colleague", "ana"), ("team", "technical"),
    ("rotation", "first-line"), ("level", "1"), ("level", "4"), ("duty", "incident_commander"),
    ("duty", "squad_lead"), ("channels", NEW), ("customer", "fern"),
]  # fmt: skip


def test_a_form_that_is_sent_as_it_was_opened_changes_nothing(office: Office) -> None:
    for thing, which in OPENED:
        assert sent(office, opened(office, thing, which)) == "Nothing to change: it says so already.", (thing, which)


@pytest.mark.req("AU-1")
def test_every_change_is_in_the_trail_with_who_before_and_after(office: Office) -> None:
    sent(office, opened(office, "customer", "globex"), tier="premium")
    with office.db.reading() as session:
        (last,) = trail.latest(session, directory.STREAM, most=1)
        assert (last.actor, last.kind) == ("person:vic", "customer_changed")
        assert last.facts == {"name": "globex", "fields": {"tier": {"before": "standard", "after": "premium"}}}


@pytest.mark.req("R11")
def test_a_new_tier_reaches_the_customers_open_tickets(office: Office) -> None:
    ticket = office.opens("sev2 Slow")
    sent(office, opened(office, "customer", "acme"), tier="premium")
    assert office.ticket(ticket).tier == "premium"


@pytest.mark.req("PG-3")
def test_a_new_rotation_pages_by_its_own_order_at_once(office: Office) -> None:
    said = sent(
        office, opened(office, "rotation"), key="nights", order="kai, bo", every="1 day", handoff="09:00",
        timezone="Europe/Lisbon", start="2026-01-01",
    )  # fmt: skip
    assert "On call now: " in said
    sent(office, opened(office, "level", "1"), targets="rotation:nights")
    with office.db.reading() as session:
        assert {row.id for row in oncall.people_of_level(session, 1, now=office.now)} <= {"kai", "bo"}
        assert asking.wanted(session)


REFUSED: list[tuple[str, str, dict[str, str], str, str]] = [
    ("customer", NEW, {"name": "Initech", "channel": "C0ACME"}, "channel", "acme's channel already"),
    ("customer", NEW, {"name": "Acme"}, "key", "“acme” is there already"),
    ("customer", "acme", {"timezone": "Mars/Base"}, "timezone", "no IANA time zone"),
    ("customer", "acme", {"contacts": "mailto://x@y.z"}, "contacts", "does not say whose"),
    ("customer", "acme", {"contacts": "technical: bob"}, "contacts", "neither an Apprise URL"),
    ("customer", "acme", {"contacts": "technical: mailto://... [00ff00]"}, "contacts", "write it out"),
    ("customer", "acme", {"language": "english"}, "language", "must look like"),
    ("member", "acme/cy", {"slack": "cy young"}, "slack", "Slack user id"),
    ("member", "acme/cy", {"gone": "yes"}, "gone", "still name it: Customer acme"),
    ("colleague", "bo", {"slack": "U0ANA"}, "slack", "ana"),
    ("colleague", "bo", {"hours": "whenever"}, "hours", "no"),
    ("colleague", "ana", {"gone": "yes"}, "gone", "Rotation first-line and Team first-line"),
    ("colleague", "vic", {"role": "manager"}, "role", "One administrator has to stay"),
    ("rotation", "first-line", {"order": "ana, zoe"}, "order", "zoe"),
    ("rotation", "first-line", {"handoff": "at dawn"}, "handoff", "hand-off"),
    ("rotation", "first-line", {"every": "a while"}, "every", "length of time"),
    ("rotation", "first-line", {"only": "ana"}, "only", "does not say whose"),
    ("team", NEW, {"key": "The Team!", "members": "ana"}, "key", "a short name"),
    ("channels", NEW, {"operations": "C0ACME"}, "operations", "Customer acme"),
]  # fmt: skip
"""What is opened and what is written into it; the field that is refused, and words of the reason."""


def test_a_refused_form_says_which_field_and_why(office: Office) -> None:
    with office.db.reading() as session:
        before = directory.exported(session)
    wrong = []
    for thing, which, written, field, why in REFUSED:
        at, sentence = refused(office, opened(office, thing, which), **written)
        if at != field or why not in sentence:
            wrong.append((thing, written, at, sentence))
    assert wrong == []
    with office.db.reading() as session:
        assert directory.exported(session) == before


def test_what_two_change_at_once_in_different_fields_is_both_kept(office: Office) -> None:
    first, second = opened(office, "customer", "globex"), opened(office, "customer", "globex")
    sent(office, first, tier="premium")
    said = sent(office, second, name="Globex Inc")
    assert "Vic Moran changed Tier meanwhile; that stays." in said or "changed Tier meanwhile" in said
    with office.db.reading() as session:
        row = people.customer(session, "globex")
        assert row is not None
        assert (row.tier, row.name) == ("premium", "Globex Inc")


def test_the_second_of_two_who_change_one_field_is_asked_and_loses_no_word(office: Office) -> None:
    first, second = opened(office, "customer", "globex"), opened(office, "customer", "globex")
    sent(office, first, name="Globex Inc", tier="premium")
    with pytest.raises(ChangedMeanwhile) as caught:
        sent(office, second, name="Globex SA")
    again = caught.value.view
    check_view(again)
    assert "Vic Moran changed the same meanwhile" in str(again["blocks"][0])
    assert "now Globex Inc, yours Globex SA" in str(again["blocks"][0])
    assert filled(again)["name"] == "Globex SA"
    sent(office, again)
    with office.db.reading() as session:
        row = people.customer(session, "globex")
        assert row is not None
        assert (row.name, row.tier) == ("Globex SA", "premium")


def test_what_was_taken_out_meanwhile_is_not_put_back_unasked(office: Office) -> None:
    view = opened(office, "duty", "squad_lead")
    sent(office, opened(office, "duty", "squad_lead"), gone="yes")
    _, sentence = refused(office, view, target="person:kai")
    assert "Vic Moran took it out of the directory meanwhile" in sentence


def test_an_address_is_shown_masked_and_kept_where_it_was_left_alone(office: Office) -> None:
    sent(office, opened(office, "colleague", "bo"), contacts="mailto://bo:secret@mail.test\nxmpp://bo@chat.test")
    view = opened(office, "colleague", "bo")
    assert "secret" not in json.dumps(view)
    first, second = filled(view)["contacts"].splitlines()
    said = sent(office, view, contacts=f"{second}\n{first} after 10 minutes\nmailto://new@mail.test")
    assert "secret" not in said
    with office.db.reading() as session:
        row = people.person(session, "bo")
        assert row is not None
        assert row.contacts == [
            "xmpp://bo@chat.test",
            "mailto://bo:secret@mail.test after 10 minutes",
            "mailto://new@mail.test",
        ]


def test_somebody_who_left_makes_room_for_nobody_else_by_the_same_short_name(office: Office) -> None:
    sent(office, opened(office, "member", "acme/dee"), gone="yes")
    new = opened(office, "member")
    at, sentence = refused(office, new, of="acme", name="Dee", slack="U0OTHER", team="T0ACME")
    assert (at, "somebody else before" in sentence) == ("key", True)
    sent(office, new, of="acme", name="Dee", slack="https://acme.slack.com/team/U0DEE", team="T0ACME")
    assert office.who("dee").role.value == "customer"


def test_only_administrators_see_and_save_forms(office: Office) -> None:
    view = opened(office, "customer", "acme")
    for name in ("ana", "mei", "cy", "dee"):
        with pytest.raises(NotAllowed):
            office.does(name, directory_forms.things)
        with pytest.raises(NotAllowed):
            office.does(name, directory_forms.pick, thing="customer")
        with pytest.raises(NotAllowed):
            office.does(name, directory_forms.connect, reference="{}")
        with pytest.raises(NotAllowed):
            sent(office, view, by=name, tier="premium")


def test_rubbish_from_a_form_or_a_button_is_refused_and_nothing_else(office: Office) -> None:
    for kept in ({}, {"thing": "world"}, {"thing": "customer", "key": "nobody", "shown": 7}, {"thing": "team"}):
        with pytest.raises(BadInput):
            office.does("vic", directory_changes.save, kept=kept, values={"name": "", "tier": "x", "members": ""})
    for thing, which in (("customer", "nobody"), ("member", "acme"), ("world", "x"), ("level", "many")):
        with pytest.raises(BadInput):
            office.does("vic", directory_forms.entry, thing=thing, which=which)
    for reference in ("", "[]", "{", '{"channel": 7, "workspaces": 3}'):
        assert office.does("vic", directory_forms.connect, reference=reference).view


def test_edits_made_in_slack_win_over_an_unchanged_file_and_a_dry_run_lists_them(office: Office) -> None:
    loaded = load_directory(str(DIRECTORY))
    with office.db.transaction() as session:
        assert directory.apply_file(Work(office.desk, session), loaded, now=office.now) == ()
    sent(office, opened(office, "customer", "globex"), tier="premium")
    with office.db.transaction() as session:
        work = Work(office.desk, session)
        assert directory.apply_file(work, loaded, now=office.now) is None
        assert [str(each) for each in directory.plan(session, loaded.directory)] == [
            "customer globex: tier premium -> standard"
        ]
        changed = LoadedDirectory(loaded.directory, "another", loaded.source)
        assert len(directory.apply_file(work, changed, now=office.now) or ()) == 1


def test_a_foreign_name_becomes_a_short_name_that_can_be_read(office: Office) -> None:
    said = sent(office, opened(office, "customer"), name="Öztürk & Söhne GmbH", tier="standard")
    assert "customer ozturk-sohne-gmbh: added" in said
    said = sent(office, opened(office, "member"), of="acme", name="Zoë Strauß", slack="U0ZOE", role="customer")
    assert "person zoe-strauss: added" in said


def test_a_level_that_pages_nobody_any_more_says_so(office: Office) -> None:
    assert "On call now: nobody." in sent(office, opened(office, "level", "3"), targets="")
    assert "On call now" not in sent(office, opened(office, "customer", "globex"), name="Globex SA")
    assert "a new one" not in str(opened(office, "channels")["blocks"])


def test_a_name_that_is_too_long_is_refused_at_its_field(office: Office) -> None:
    field, why = refused(office, opened(office, "customer", "acme"), name="Acme " + "x" * 3000)
    assert (field, why.startswith("This must have at most 3000 characters (got 'Acme xxx")) == ("name", True)
