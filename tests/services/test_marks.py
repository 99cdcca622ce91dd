"""Who marks a ticket as what, and what does that set off?"""

from collections.abc import Iterator

import pytest
from sqlmodel import col, select

from bot.domain.errors import BadInput, MissingWords, NotAllowed, Over, TooLate
from bot.domain.message import Kind
from bot.handbook.loader import load
from bot.services import escalate, forms, marks, page_answers, triggers, working
from bot.services.desk import Work
from bot.services.working import CLOSING
from bot.store import trail
from bot.store.database import Database
from bot.store.tables import Customer, OutboxRow
from tests.services.office import PEOPLE, Office

SEEN = "Somebody else's invoices show"


@pytest.fixture
def channel(sqlite_url: str) -> Iterator[Office]:
    """A desk that obeys the channel handbook."""
    db = Database(sqlite_url)
    office = Office(db, load("channel"))
    with db.transaction() as session:
        session.get_one(Customer, "acme").tier = "partner"
    yield office
    db.dispose()


def kinds(office: Office, ticket: str) -> list[str]:
    with office.db.reading() as session:
        return [entry.kind for entry in trail.read(session, f"ticket:{office.ticket(ticket).number}")]


def card(office: Office, ticket: str) -> str:
    """The card's text as it stands last."""
    number = office.ticket(ticket).number
    with office.db.reading() as session:
        statement = select(OutboxRow).where(col(OutboxRow.card) == f"card:{number}", col(OutboxRow.state) == "sent")
        row = session.exec(statement.order_by(col(OutboxRow.seq).desc())).first()
        assert row is not None
        return str(row.payload["text"])


def paged(office: Office) -> set[str]:
    return {name for name in PEOPLE if office.said(kind=Kind.PAGE, to=name)}


@pytest.mark.req("ES-2")
@pytest.mark.req("SE-1")
@pytest.mark.parametrize(
    ("mark", "who", "why"),
    [
        ("security", {"kai"}, "security or privacy event"),
        ("data_loss", {"kai"}, "Data is lost or damaged"),
        ("several_customers", {"vic"}, "Several customers are affected by the same thing"),
        ("business_impact", {"ana"}, "hurts the customer's business badly"),
    ],
)
def test_a_mark_pages_the_level_that_the_handbook_names_and_the_page_says_why(
    office: Office, mark: str, who: set[str], why: str
) -> None:
    ticket = office.opens("sev3 An invoice looks odd")

    office.does("bo", marks.mark, ticket=ticket, mark=mark, reason=SEEN)

    assert paged(office) == who
    assert why in office.said(kind=Kind.PAGE, to=next(iter(who)))[0]
    assert "Marked:" in card(office, ticket)
    assert kinds(office, ticket).count("marked") == 1
    assert office.is_sound()


def test_the_page_bears_the_sentence_who_else_is_paged_and_what_comes_next(office: Office) -> None:
    ticket = office.opens("sev3 An invoice looks odd")

    office.does("mei", escalate.escalate, ticket=ticket, level="2", reason=SEEN, kind="technical_complexity")

    number = office.ticket(ticket).number
    with office.db.reading() as session:
        statement = select(OutboxRow).where(OutboxRow.lane == "@U0BO", OutboxRow.kind == "page")
        page = str(session.exec(statement.where(OutboxRow.ticket_number == number)).one().payload["blocks"])
    for words in ("too intricate for the level", SEEN, "also paged: Kai Sato", "without an answer, Engineering"):
        assert words in page


def test_a_mark_is_set_once_and_the_second_person_is_told_who_was_first(office: Office) -> None:
    ticket = office.opens("sev3 An invoice looks odd")
    office.does("bo", marks.mark, ticket=ticket, mark="security", reason=SEEN)

    with pytest.raises(TooLate, match=r"already marked “Security or privacy event” by Bo Berg at"):
        office.does("ana", marks.mark, ticket=ticket, mark="security", reason="I see it too")

    assert len(office.said(kind=Kind.PAGE, to="kai")) == 1


def test_a_mark_that_was_wrong_is_taken_back_and_stands_in_the_record(office: Office) -> None:
    ticket = office.opens("sev3 An invoice looks odd")
    office.does("bo", marks.mark, ticket=ticket, mark="security", reason=SEEN)
    office.does("bo", marks.unmark, ticket=ticket, mark="security", reason="They were their own")

    assert "Marked:" not in card(office, ticket)
    assert kinds(office, ticket)[-3:].count("unmarked") == 1
    assert any("took a mark back" in text and "their own" in text for text in office.said(to="C0TRIAGE"))
    with pytest.raises(BadInput, match="nothing to take back"):
        office.does("bo", marks.unmark, ticket=ticket, mark="security", reason="Again")
    office.does("bo", marks.mark, ticket=ticket, mark="security", reason="It is one after all")
    assert office.is_sound()


@pytest.mark.parametrize("name", ["cy", "dee"])
def test_a_customers_people_mark_nothing(office: Office, name: str) -> None:
    ticket = office.opens("sev3 An invoice looks odd")

    for use_case in (marks.mark, marks.unmark):
        with pytest.raises(NotAllowed):
            office.does(name, use_case, ticket=ticket, mark="security", reason=SEEN)
    for form in (marks.mark_form, marks.unmark_form):
        with pytest.raises(NotAllowed):
            office.does(name, form, ticket=ticket)


def test_a_mark_wants_a_sentence_and_a_kind_and_a_ticket_that_is_worked(office: Office) -> None:
    ticket = office.opens("sev3 An invoice looks odd")

    with pytest.raises(MissingWords):
        office.does("bo", marks.mark, ticket=ticket, mark="security", reason="  ")
    with pytest.raises(BadInput, match="Choose what it is"):
        office.does("bo", marks.mark, ticket=ticket, mark="moon", reason=SEEN)
    with pytest.raises(BadInput, match="only where their own system"):
        office.does("bo", marks.mark, ticket=ticket, mark="security", reason=SEEN, said="Look at your router")
    office.does("bo", working.resolve, ticket=ticket, values=dict.fromkeys(CLOSING, "said"))
    office.does("cy", working.confirm, ticket=ticket)
    with pytest.raises(Over):
        office.does("bo", marks.mark, ticket=ticket, mark="security", reason=SEEN)
    assert kinds(office, ticket).count("marked") == 0


@pytest.mark.req("SV-1")
def test_a_security_event_proposes_the_highest_severity_and_decides_nothing(office: Office) -> None:
    ticket = office.opens("sev3 An invoice looks odd")

    answer = office.does("bo", marks.mark, ticket=ticket, mark="security", reason=SEEN)

    assert "proposes Critical" in answer.text
    assert "Level 3 is paged" in answer.text
    assert office.ticket(ticket).severity == "sev3"


def test_a_customers_words_suggest_a_mark_on_the_card_until_somebody_has_decided(office: Office) -> None:
    ticket = office.opens("sev3 We had a security breach last night")
    with office.db.reading() as session:
        row = session.exec(select(OutboxRow).where(OutboxRow.card == "card:1", OutboxRow.op == "post")).one()
    assert "the words suggest: Security or privacy event" in str(row.payload["blocks"])
    assert paged(office) == set()
    assert kinds(office, ticket).count("marked") == 0


@pytest.mark.req("ES-2")
def test_three_failures_within_a_day_hand_over_to_the_provider(channel: Office) -> None:
    ticket = channel.opens("sev3 The import stops")
    channel.passes(hours=1)
    first = channel.does("bo", marks.mark, ticket=ticket, mark="repeated_failures", reason="It stopped again")
    assert "is paged" not in first.text
    assert paged(channel) == set()
    channel.passes(hours=1)

    again = channel.does("ana", marks.mark, ticket=ticket, mark="repeated_failures", reason="And again")

    assert "Level 2 is paged" in again.text
    assert paged(channel) == {"bo", "kai"}
    assert "It fails again and again" in channel.said(kind=Kind.PAGE, to="kai")[0]


@pytest.mark.req("ES-2")
def test_failures_that_lie_more_than_a_day_apart_page_nobody(channel: Office) -> None:
    ticket = channel.opens("sev3 The import stops")
    for hours in (23, 23):
        channel.passes(hours=hours)
        channel.does("bo", marks.mark, ticket=ticket, mark="repeated_failures", reason="It stopped again")
    assert not any("again and again" in text for text in channel.said(kind=Kind.PAGE))


@pytest.mark.req("ES-2")
def test_a_second_reopening_hands_over_to_the_provider(channel: Office) -> None:
    ticket = channel.opens("sev3 The import stops")
    for pages in (0, 1):
        channel.does("bo", working.resolve, ticket=ticket, values=dict.fromkeys(CLOSING, "said"))
        channel.passes(hours=30)
        channel.does("cy", working.reopen, ticket=ticket)
        assert len([text for text in channel.said(kind=Kind.PAGE, to="kai") if "again and again" in text]) == pages
    assert channel.is_sound()


@pytest.mark.req("ES-2")
def test_a_sev_1_of_a_partner_goes_to_the_provider_at_once(channel: Office) -> None:
    channel.opens("sev1 The ledger is down")
    assert paged(channel) == {"bo", "kai"}


@pytest.mark.req("ES-2")
@pytest.mark.parametrize(("organisations", "who"), [(1, set()), (2, {"vic"})])
def test_two_organisations_with_the_same_problem_reach_the_executives(
    office: Office, organisations: int, who: set[str]
) -> None:
    ticket = office.opens("sev3 Login fails")
    with office.db.transaction() as session:
        row = office.ticket(ticket)
        session.add(row)
        triggers.several_customers(Work(office.desk, session), row, organisations=organisations, now=office.now)
    office.delivers()
    assert paged(office) == who
    assert not any("customers" in text for text in office.said(to="C0ACME")), "they do not hear of each other"


def test_a_running_chain_is_never_pulled_down_by_a_later_mark(office: Office) -> None:
    ticket = office.opens("sev3 An invoice looks odd")
    office.does("mei", escalate.escalate, ticket=ticket, level="4", reason="The board asks")

    office.does("bo", marks.mark, ticket=ticket, mark="security", reason=SEEN)

    assert office.ticket(ticket).level == 4
    assert paged(office) == {"vic"}
    assert len(office.said(kind=Kind.PAGE, to="vic")) == 1, "nobody is paged twice for one step"


def test_once_somebody_has_it_a_mark_still_pages_its_own_level(office: Office) -> None:
    ticket = office.opens("sev1 Checkout is down")
    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket=ticket))

    office.does("bo", marks.mark, ticket=ticket, mark="data_loss", reason="Orders are missing")

    assert paged(office) == {"ana", "kai"}


@pytest.mark.req("ES-3")
def test_the_escalate_form_offers_reasons_and_marks_to_our_people_only(office: Office) -> None:
    ticket = office.opens("sev3 An invoice looks odd")

    ours = office.does("bo", forms.escalate_form, ticket=ticket, channel="C0TRIAGE").view
    theirs = office.does("cy", forms.escalate_form, ticket=ticket, channel="C0ACME").view

    for words in ("Technical complexity", "Management decision", "Security or privacy event", "It failed again"):
        assert words in str(ours)
        assert words not in str(theirs)
    assert str(ours).count("Business impact") == 1


@pytest.mark.req("ES-3")
@pytest.mark.parametrize(
    ("by", "kind", "trigger", "level"),
    [
        ("bo", "", "support_decision", 1),
        ("mei", "", "management_decision", 1),
        ("bo", "technical_complexity", "technical_complexity", 1),
        ("bo", "security", "security", 3),
        ("cy", "", "customer_request", 1),
        ("cy", "security", "customer_request", 1),
        ("bo", "customer_system", "support_decision", 1),
    ],
)
def test_an_escalation_by_hand_keeps_its_reason(office: Office, by: str, kind: str, trigger: str, level: int) -> None:
    ticket = office.opens("sev3 An invoice looks odd")

    office.does(by, escalate.escalate, ticket=ticket, reason=SEEN, kind=kind)

    with office.db.reading() as session:
        told = [each for each in trail.read(session, "ticket:1") if each.kind == "escalated"]
    assert [(each.facts["trigger"], each.facts["level"]) for each in told] == [(trigger, level)]
    assert kinds(office, ticket).count("marked") == (by == "bo" and kind in {"security", "customer_system"})


def test_a_managers_level_is_kept_unless_the_handbook_reaches_further(office: Office) -> None:
    higher = office.opens("sev3 An invoice looks odd")
    office.does("mei", escalate.escalate, ticket=higher, level="4", reason=SEEN, kind="security")
    lower = office.opens("sev3 Another invoice looks odd")
    office.does("mei", escalate.escalate, ticket=lower, level="1", reason=SEEN, kind="data_loss")

    assert (office.ticket(higher).level, office.ticket(lower).level) == (4, 3)


def test_a_reason_that_the_handbook_does_not_know_is_refused(office: Office) -> None:
    ticket = office.opens("sev3 An invoice looks odd")
    with pytest.raises(BadInput, match="does not know that reason"):
        office.does("bo", escalate.escalate, ticket=ticket, reason=SEEN, kind="the moon")


def test_the_form_says_what_each_mark_sets_off_before_it_is_set(office: Office) -> None:
    form = str(office.does("bo", marks.mark_form, ticket=office.opens("sev3 Odd")).view)

    for words in ("Pages level 3 (Engineering)", "Pages level 4 (Executive)", "the handbook pages nobody for it"):
        assert words in form


def test_the_form_says_how_many_failures_page(channel: Office) -> None:
    form = str(channel.does("bo", marks.mark_form, ticket=channel.opens("sev3 Odd")).view)

    assert "Counts as one more failure; 3 within 1 day page" in form
