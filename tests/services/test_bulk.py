"""Does an action on several tickets do what its preview says, once each, whatever happens in between?"""

from collections.abc import Mapping

import pytest

from bot.domain.errors import BadInput, MissingWords, NotAllowed
from bot.messages import bulk_forms
from bot.messages.limits import texts
from bot.messages.manager import Overview
from bot.services import bulk, burning, holding, page_answers, triage, working
from bot.services.desk import Answer, Work
from bot.store import deadlines
from tests.services.office import Office

CLOSING = {"root_cause": "a disk", "workaround": "none", "prevention": "an alarm"}


@pytest.fixture
def several(office: Office) -> list[str]:
    """Three tickets: an open one, one that waits, one that is resolved."""
    ids = [office.opens(f"sev3 Report {number} is wrong") for number in range(3)]
    office.does("ana", working.wait, ticket=ids[1])
    office.does("ana", working.resolve, ticket=ids[2], values=CLOSING)
    return ids


def previewed(office: Office, ids: list[str], action: str, **more: str) -> str:
    values: Mapping[str, str] = {"tickets": ",".join(ids), "action": action, **more}
    answer = office.does("mei", bulk.preview, values=values)
    assert answer.view is not None
    return "\n".join(texts(answer.view["blocks"]))


def done(office: Office, ids: list[str], action: str, **more: str) -> None:
    more = {"person": "", "text": "", **more}
    office.does("mei", bulk.begin, action=action, ticket_ids=",".join(ids), **more)
    office.passes(seconds=1)


def states(office: Office, ids: list[str]) -> list[str]:
    return [office.ticket(each).state for each in ids]


@pytest.mark.req("LC-4")
def test_the_preview_says_what_happens_and_what_is_left_out_and_changes_nothing(
    office: Office, several: list[str]
) -> None:
    told = previewed(office, several, "wait")

    assert "Wait for customer" in told
    assert "It waits already" in told
    assert "It is resolved" in told
    assert states(office, several) == ["new", "waiting", "resolved"]


@pytest.mark.req("LC-4")
def test_each_ticket_is_done_by_itself_and_the_manager_hears_how_it_went(office: Office, several: list[str]) -> None:
    done(office, several, "assign", person="bo")

    assert [office.ticket(each).owner for each in several] == ["bo", "bo", "ana"]
    assert "2 tickets done, 1 refused: T-3 (It is resolved.)" in office.said(to="mei")[-1]
    assert "Mei Tan chose Bo Berg" in office.said(to="bo")[-1]
    assert office.is_sound()


@pytest.mark.req("LC-4")
def test_only_what_is_resolved_is_closed(office: Office, several: list[str]) -> None:
    done(office, several, "close")

    assert states(office, several) == ["new", "waiting", "closed"]
    assert "Mei Tan closed it, because we take it as solved" in office.said(to="C0ACME")[-1]


def test_the_same_note_is_written_on_each_and_no_customer_reads_it(office: Office, several: list[str]) -> None:
    before = office.said(to="C0ACME")
    done(office, several, "note", text="The vendor patches tonight")

    assert len([said for said in office.said(to="C0TRIAGE") if "vendor patches" in said]) >= 3
    assert office.said(to="C0ACME") == before


def test_what_changed_after_the_preview_is_left_as_it_is(office: Office, several: list[str]) -> None:
    previewed(office, several, "assign", person="bo")
    office.does("ana", triage.decline, ticket=several[0], reason="Another team does this")
    done(office, several[:1], "assign", person="bo")

    assert states(office, several)[0] == "declined"
    assert "1 refused: T-1 (It is declined.)" in office.said(to="mei")[-1]


def test_a_deadline_that_fires_twice_does_it_once(office: Office, several: list[str]) -> None:
    office.does("mei", bulk.begin, action="note", ticket_ids=several[0], person="", text="Once")
    with office.db.reading() as session:
        due = deadlines.next_at(session)
    assert due == office.now
    office.passes(seconds=1)
    office.passes(seconds=1)

    assert len([said for said in office.said(to="C0TRIAGE") if "Once" in said]) == 1


def test_an_incomplete_action_is_refused_with_its_field(office: Office, several: list[str]) -> None:
    for values, error in (
        ({"action": "assign"}, MissingWords),
        ({"action": "assign", "person": "cy"}, MissingWords),
        ({"action": "note", "text": " "}, MissingWords),
        ({"action": "explode"}, BadInput),
    ):
        with pytest.raises(error):
            office.does("mei", bulk.preview, values={"tickets": ",".join(several), **values})
    with pytest.raises(BadInput, match="None of these"):
        office.does("mei", bulk.preview, values={"tickets": several[0], "action": "close"})


@pytest.mark.parametrize("name", ["ana", "cy", "dee"])
def test_only_managers_act_on_several_tickets(office: Office, several: list[str], name: str) -> None:
    with pytest.raises(NotAllowed):
        office.does(name, bulk.choose_form)
    with pytest.raises(NotAllowed):
        office.does(name, bulk.begin, action="wait", ticket_ids=several[0], person="", text="")
    with pytest.raises(NotAllowed):
        office.does(name, working.close_resolved, ticket=several[2])


def test_every_action_has_a_name_and_a_deed() -> None:
    assert set(bulk_forms.ACTIONS) == set(bulk.DEEDS)


@pytest.mark.req("SV-3")
def test_what_burns_is_missed_nearly_missed_unanswered_or_silent(office: Office) -> None:
    paged = office.opens("sev1 Checkout is down")
    slow = office.opens("sev3 A report is wrong")
    office.passes(minutes=1)
    first = overview(office)
    assert [(burn.ticket.id, burn.why) for burn in first.burning] == [(paged, ("nobody has acknowledged",))]
    assert [(each.ticket_id, each.who) for each in first.paged] == [(paged, ("Ana Lima",))]
    assert first.by_customer == (("Acme Corp", 2, 1),)
    assert first.by_person == (("", 2),)

    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket=paged))
    office.does("ana", working.resolve, ticket=paged, values=CLOSING)
    office.does("bo", holding.assign, ticket=slow, person="bo")
    office.passes(hours=30)

    (burn,) = overview(office).burning
    assert burn.ticket.id == slow
    assert "first response missed" in burn.why
    assert "silent" in burn.why


def overview(office: Office) -> Overview:
    found: list[Overview] = []

    def look(work: Work, *, now: object) -> Answer:
        found.append(burning.overview(work, now=office.now))
        return Answer()

    office.desk.ask(look, now=office.now)
    return found[0]
