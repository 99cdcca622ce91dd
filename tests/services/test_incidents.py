"""Tickets of several customers become one incident: one update reaches each, and none of them hears of another."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from bot.domain.errors import BadInput, MissingWords, NotAllowed
from bot.domain.message import Kind
from bot.services import incident_forms, incidents, intake, triage, updates, working
from bot.store import deadlines, trail
from bot.store.database import Database
from bot.store.incident_tables import Incident
from bot.store.tables import Escalation
from tests.make import token
from tests.services.office import Office

UPDATE = {"known": "The card provider is away", "done": "We called them", "next": "We try the other line"}
CLOSING = {"root_cause": "A cut cable", "workaround": "none", "prevention": "A second cable"}
CHANNELS = {"acme": "C0ACME", "globex": "C0GLOBEX", "fern": "C0FERN"}


def opened(office: Office, customer: str, text: str) -> str:
    answer = office.does("ana", intake.open_by_command, channel=CHANNELS[customer], text=text)
    assert answer.ticket, answer
    return answer.ticket


def together(office: Office, *ticket_ids: str, title: str = "Card provider") -> str:
    """Link tickets to a new incident; gives its id."""
    first, *others = ticket_ids
    office.does("ana", incidents.link, ticket=first, incident="", title=title)
    for each in others:
        office.does("ana", incidents.link, ticket=each, incident="I-1", title="")
    return "I-1"


@pytest.fixture
def anywhere(database_url: str) -> Iterator[Office]:
    """The desk on SQLite, and on PostgreSQL."""
    db = Database(database_url)
    yield Office(db)
    db.dispose()


@pytest.mark.req("IN-11")
def test_one_update_reaches_each_customer_under_its_own_number(anywhere: Office) -> None:
    office = anywhere
    ours, theirs = opened(office, "acme", "sev1 Checkout is down"), opened(office, "globex", "sev2 No payments")
    incident = together(office, ours, theirs)

    office.does("bo", incidents.write_update, incident=incident, values=UPDATE)

    for ticket, channel, other in ((ours, "C0ACME", theirs), (theirs, "C0GLOBEX", ours)):
        (said,) = office.said(kind=Kind.UPDATE, to=channel)
        assert said.startswith(f"{ticket} update 1")
        assert "Known: The card provider is away." in said
        for secret in (incident, other, "Card provider:", "Acme" if channel == "C0GLOBEX" else "Globex"):
            assert secret not in said
    assert office.is_sound()


@pytest.mark.req("UP-3")
def test_it_counts_as_the_tickets_own_update_and_the_next_one_is_due_within_the_hour(office: Office) -> None:
    ticket = opened(office, "acme", "sev1 Checkout is down")
    incident = together(office, ticket)
    office.passes(minutes=30)

    office.does("bo", incidents.write_update, incident=incident, values=UPDATE)

    row = office.ticket(ticket)
    assert (row.updates_sent, row.updated_at, row.responded_at) == (1, office.now, office.now)
    with office.db.reading() as session:
        due_at = deadlines.due_of(session, kind="update", subject=str(row.number))
    assert due_at is not None
    assert (due_at - office.now).total_seconds() == 30 * 60
    kinds = [entry.kind for entry in entries(office, f"ticket:{row.number}")]
    assert {"linked", "update_written", "update_posted"} <= set(kinds)
    assert office.is_sound()


@pytest.mark.req("UP-3")
def test_what_the_owner_wrote_for_the_next_update_is_not_lost(office: Office) -> None:
    ticket = opened(office, "acme", "sev1 Checkout is down")
    incident = together(office, ticket)
    office.does("ana", updates.write, ticket=ticket, values={"known": "Only your shop has this too"})

    office.does("bo", incidents.write_update, incident=incident, values=UPDATE)
    office.passes(hours=1)

    first, second = office.said(kind=Kind.UPDATE, to="C0ACME")
    assert "The card provider is away" in first
    assert "Only your shop has this too" in second


def entries(office: Office, stream: str) -> list[trail.Entry]:
    with office.db.reading() as session:
        return trail.read(session, stream)


WORDS = st.text(alphabet="abcdefghij ", min_size=3, max_size=30).filter(lambda text: bool(text.strip()))


@pytest.mark.req("IN-11")
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=WORDS, known=WORDS, others=st.lists(st.sampled_from(["globex", "fern", "globex"]), min_size=1, max_size=4))
def test_a_customer_reads_exactly_what_it_would_read_alone(
    sqlite_template: Path, tmp_path: Path, title: str, known: str, others: list[str]
) -> None:
    """Whoever else is affected, and however many: the channel of each is the same to the letter."""
    heard = []
    for affected in ([], others):
        file = tmp_path / f"{token()}.db"
        shutil.copyfile(sqlite_template, file)
        office = Office(Database(f"sqlite:///{file}"))
        ticket = opened(office, "acme", "sev1 Checkout is down")
        more = [opened(office, each, "sev2 XYZZY exports") for each in affected]
        incident = together(office, ticket, *more, title=f"XYZZY {title}")
        office.does("bo", incidents.write_update, incident=incident, values={"known": known})
        office.does("bo", incidents.resolve, incident=incident, values=CLOSING, chosen=[ticket, *more])
        office.passes(minutes=5)
        heard.append(office.said(to="C0ACME"))
        office.db.dispose()
    assert heard[0] == heard[1]
    assert "XYZZY" not in "".join(heard[1])


@pytest.mark.req("IN-11")
@pytest.mark.parametrize(
    "words", ["Globex has it too", "As in T-2", "See t-1.", "This is I-1", "Acme Corp and others wait"]
)
def test_words_that_name_another_customer_are_refused(office: Office, words: str) -> None:
    ours, theirs = opened(office, "acme", "sev2 Checkout is down"), opened(office, "globex", "sev2 No payments")
    incident = together(office, ours, theirs)

    with pytest.raises(BadInput, match="Every customer of I-1 reads these words"):
        office.does("bo", incidents.write_update, incident=incident, values={"known": words})
    with pytest.raises(BadInput, match="they name"):
        office.does("bo", incidents.resolve, incident=incident, values={**CLOSING, "workaround": words}, chosen=[ours])

    assert office.said(kind=Kind.UPDATE) == office.said(kind=Kind.RESOLUTION) == []


@pytest.mark.req("LC-2")
def test_resolving_resolves_the_chosen_tickets_and_leaves_the_others(anywhere: Office) -> None:
    office = anywhere
    ours, theirs = opened(office, "acme", "sev2 Checkout is down"), opened(office, "globex", "sev2 No payments")
    third = opened(office, "fern", "sev2 No invoices")
    incident = together(office, ours, theirs, third)

    office.does("bo", incidents.resolve, incident=incident, values=CLOSING, chosen=[ours, theirs])

    assert [office.ticket(each).state for each in (ours, theirs, third)] == ["resolved", "resolved", "new"]
    (said,) = office.said(kind=Kind.RESOLUTION, to="C0GLOBEX")
    assert said.startswith(f"{theirs} is solved, reports Bo Berg")
    with pytest.raises(BadInput, match="is resolved already"):
        office.does("bo", incidents.write_update, incident=incident, values=UPDATE)
    last = entries(office, "incident:1")[-1]
    assert (last.kind, last.facts["tickets"], last.words["root_cause"]) == (
        "incident_resolved",
        [ours, theirs],
        "A cut cable",
    )
    assert office.is_sound()


@pytest.mark.req("IN-11")
def test_an_incident_that_was_resolved_by_mistake_goes_on_and_no_customer_hears_of_it(anywhere: Office) -> None:
    office = anywhere
    ours, theirs = opened(office, "acme", "sev2 Checkout is down"), opened(office, "globex", "sev2 No payments")
    incident = together(office, ours, theirs)
    office.does("bo", incidents.resolve, incident=incident, values=CLOSING, chosen=[theirs])
    before = [office.said(to=channel) for channel in ("C0ACME", "C0GLOBEX")]

    with pytest.raises(NotAllowed):
        office.does("cy", incidents.reopen, incident=incident)
    told = office.does("ana", incidents.reopen, incident=incident).text

    assert told == (
        f"I-1 is open again, with its tickets as they stand. {theirs} is still solved for the customer: "
        "where that is wrong, press Still broken on the resolution."
    )
    assert [office.said(to=channel) for channel in ("C0ACME", "C0GLOBEX")] == before
    assert entries(office, "incident:1")[-1].kind == "incident_reopened"
    office.does("bo", incidents.write_update, incident=incident, values=UPDATE)
    assert [len(office.said(kind=Kind.UPDATE, to=channel)) for channel in ("C0ACME", "C0GLOBEX")] == [1, 0]
    office.does("bo", working.reopen, ticket=theirs)
    office.does("bo", incidents.write_update, incident=incident, values=UPDATE)
    assert [len(office.said(kind=Kind.UPDATE, to=channel)) for channel in ("C0ACME", "C0GLOBEX")] == [2, 1]
    with pytest.raises(BadInput, match="I-1 is open already"):
        office.does("ana", incidents.reopen, incident=incident)
    assert office.is_sound()


def test_resolving_needs_a_root_cause_and_a_refusal_changes_nothing(office: Office) -> None:
    ticket = opened(office, "acme", "sev2 Checkout is down")
    incident = together(office, ticket)

    with pytest.raises(MissingWords) as refused:
        office.does("bo", incidents.resolve, incident=incident, values={}, chosen=[ticket])

    assert refused.value.field == "root_cause"
    assert office.ticket(ticket).state == "new"


def test_an_incident_ends_with_the_last_of_its_tickets(office: Office) -> None:
    ticket = opened(office, "acme", "sev2 Checkout is down")
    together(office, ticket)

    office.does("bo", triage.decline, ticket=ticket, reason="It was a test")

    with office.db.reading() as session:
        assert session.exec(select(Incident.state)).one() == "resolved"
    assert entries(office, "incident:1")[-1].facts["how"] == "over"


def test_a_ticket_is_taken_out_and_hears_nothing_more(office: Office) -> None:
    ours, theirs = opened(office, "acme", "sev2 Checkout is down"), opened(office, "globex", "sev2 No payments")
    incident = together(office, ours, theirs)

    office.does("bo", incidents.unlink, ticket=theirs)
    office.does("bo", incidents.write_update, incident=incident, values=UPDATE)

    assert office.said(kind=Kind.UPDATE, to="C0GLOBEX") == []
    with pytest.raises(BadInput, match="belongs to no incident"):
        office.does("bo", incidents.unlink, ticket=theirs)
    assert [entry.kind for entry in entries(office, "incident:1")] == [
        "incident_opened", "ticket_linked", "ticket_linked", "ticket_unlinked", "incident_updated",
    ]  # fmt: skip


def test_a_ticket_is_in_one_open_incident_at_a_time(office: Office) -> None:
    ticket = opened(office, "acme", "sev2 Checkout is down")
    together(office, ticket)

    with pytest.raises(BadInput, match="belongs to I-1 already"):
        office.does("bo", incidents.link, ticket=ticket, incident="I-1", title="")
    with pytest.raises(BadInput, match="take it out there first"):
        office.does("bo", incidents.link, ticket=ticket, incident="", title="Another one")

    office.does("bo", incidents.resolve, incident="I-1", values=CLOSING, chosen=[])
    office.does("bo", incidents.link, ticket=ticket, incident="", title="Another one")


def test_a_merged_tickets_place_goes_to_its_survivor(office: Office) -> None:
    first, second = opened(office, "acme", "sev2 Checkout is down"), opened(office, "acme", "sev2 Printers smoke")
    incident = together(office, first)

    office.does("bo", triage.merge, ticket=first, into=second, reason="The same")
    office.does("bo", incidents.write_update, incident=incident, values=UPDATE)

    (said,) = office.said(kind=Kind.UPDATE, to="C0ACME")
    assert said.startswith(second)


@pytest.mark.req("ES-1")
def test_several_customers_page_once_on_the_most_severe_ticket(office: Office) -> None:
    mild, severe = opened(office, "globex", "sev3 No payments"), opened(office, "acme", "sev2 Checkout is down")
    together(office, mild, severe)
    third = opened(office, "fern", "sev4 No invoices")
    office.does("ana", incidents.link, ticket=third, incident="I-1", title="")

    with office.db.reading() as session:
        raised = [(row.ticket_number, row.level) for row in session.exec(select(Escalation))]
    assert raised == [(office.ticket(severe).number, 4)]
    assert any("2 customers report the same" in text for text in office.said(kind=Kind.PAGE, to="vic"))


def test_two_tickets_of_one_customer_are_no_such_trigger(office: Office) -> None:
    together(office, opened(office, "acme", "sev2 Checkout is down"), opened(office, "acme", "sev2 Printers smoke"))

    with office.db.reading() as session:
        assert session.exec(select(Escalation)).all() == []


def test_the_card_shows_the_incident_and_follows_its_tickets(office: Office) -> None:
    ours, theirs = opened(office, "acme", "sev2 Checkout is down"), opened(office, "globex", "sev2 No payments")
    together(office, ours, theirs)

    (said,) = [text for text in office.said(kind=Kind.CARD) if text.startswith("I-1")]

    assert said.startswith("I-1 open, 1 ticket of 1 customer: Card provider.")
    form = office.does("bo", incident_forms.resolve_form, incident="I-1").view
    assert form is not None
    assert "Globex" in str(form["blocks"])


@pytest.mark.parametrize(
    ("deed", "given"),
    [
        (incidents.link, {"ticket": "T-1", "incident": "", "title": "x"}),
        (incidents.unlink, {"ticket": "T-1"}),
        (incidents.write_update, {"incident": "I-1", "values": UPDATE}),
        (incidents.resolve, {"incident": "I-1", "values": CLOSING, "chosen": ["T-1"]}),
        (incident_forms.link_form, {"ticket": "T-1"}),
        (incident_forms.update_form, {"incident": "I-1"}),
        (incident_forms.resolve_form, {"incident": "I-1"}),
    ],
)
def test_a_customers_people_can_do_nothing_with_incidents(
    office: Office, deed: object, given: dict[str, object]
) -> None:
    opened(office, "acme", "sev2 Checkout is down")

    assert callable(deed)
    with pytest.raises(NotAllowed):
        office.does("cy", deed, **given)


def test_a_reopened_ticket_goes_on_by_itself(office: Office) -> None:
    ticket = opened(office, "acme", "sev2 Checkout is down")
    together(office, ticket)
    office.does("bo", incidents.resolve, incident="I-1", values=CLOSING, chosen=[ticket])

    office.does("cy", working.reopen, ticket=ticket)

    assert office.ticket(ticket).state == "in_progress"
    assert office.is_sound()


def test_the_form_names_only_customers_whom_the_update_reaches(office: Office) -> None:
    ours, theirs = opened(office, "acme", "sev3 Checkout is down"), opened(office, "globex", "sev3 Exports fail")
    office.does("bo", incidents.link, ticket=ours, incident="", title="Cards")
    office.does("bo", incidents.link, ticket=theirs, incident="I-1", title="")
    office.does("bo", working.resolve, ticket=theirs, values=CLOSING)
    assert "Acme Corp" in str(office.does("bo", incident_forms.update_form, incident="I-1").view)
    assert "Globex" not in str(office.does("bo", incident_forms.update_form, incident="I-1").view)
    office.does("bo", working.resolve, ticket=ours, values=CLOSING)
    with pytest.raises(BadInput, match="nobody would read it"):
        office.does("bo", incident_forms.update_form, incident="I-1")
