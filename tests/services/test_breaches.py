"""What follows from a missed target: its analysis, an excuse, and who hears of it."""

import pytest

from bot.domain.errors import BadInput, MissingWords, NotAllowed
from bot.domain.message import Kind
from bot.services import breaches, forms, working
from bot.store import clocks, trail
from tests.services.office import Office

ANALYSIS = {"cause": "Nobody looked.", "action": "An alarm.", "action_owner": "bo", "until": "2026-01-12"}


def kinds(office: Office, ticket: str) -> list[str]:
    number = office.ticket(ticket).number
    with office.db.reading() as session:
        return [entry.kind for entry in trail.read(session, f"ticket:{number}")]


def clock_states(office: Office, ticket: str) -> dict[str, tuple[str, bool]]:
    with office.db.reading() as session:
        found = clocks.of_ticket(session, office.ticket(ticket).number_known)
        return {clock.metric: (clock.state, clock.excused) for clock in found}


def requests(office: Office, name: str) -> list[str]:
    return [text for text in office.said(kind=Kind.NOTICE, to=name) if "Why was that" in text]


def solved(office: Office, ticket: str) -> None:
    closing = {"root_cause": "An index", "workaround": "none", "prevention": "A check"}
    office.does("bo", working.resolve, ticket=ticket, values=closing)
    office.does("cy", working.confirm, ticket=ticket)


def missed(office: Office) -> str:
    """A Sev 2 that Bo has claimed and nobody answered for two hours."""
    ticket = office.opens("sev2 Reports are slow")
    office.does("bo", working.claim, ticket=ticket)
    office.passes(hours=2, minutes=5)
    return ticket


@pytest.mark.req("SL-9")
@pytest.mark.req("ES-2")
def test_a_breach_escalates_to_the_next_level_and_asks_its_owner_for_an_analysis(office: Office) -> None:
    ticket = missed(office)

    assert office.ticket(ticket).level == 1
    assert len(requests(office, "bo")) == 1
    assert (
        "first response, due 11:00 UTC" in requests(office, "bo")[0]
        or "first response, due" in requests(office, "bo")[0]
    )
    assert requests(office, "mei") == []
    assert kinds(office, ticket).count("analysis_asked") == 1
    assert office.is_sound()


@pytest.mark.req("SL-9")
def test_without_an_owner_every_manager_is_asked(office: Office) -> None:
    office.opens("sev2 Reports are slow")
    office.passes(hours=2, minutes=5)

    assert len(requests(office, "mei")) == 1
    assert len(requests(office, "vic")) == 1


@pytest.mark.req("SL-9")
def test_the_analysis_is_asked_for_once_a_day_until_it_is_there_though_the_ticket_is_over(office: Office) -> None:
    ticket = missed(office)
    solved(office, ticket)
    office.passes(hours=23)
    assert len(requests(office, "bo")) == 1

    office.passes(hours=2)
    assert len(requests(office, "bo")) == 2

    office.does("bo", breaches.analyse, ticket=ticket, values=ANALYSIS)
    office.passes(days=3)

    assert len(requests(office, "bo")) == 2
    assert kinds(office, ticket).count("breach_analysed") == 1
    assert office.is_sound()


def test_the_form_names_what_was_missed_and_offers_our_people(office: Office) -> None:
    ticket = missed(office)

    view = office.does("bo", forms.analysis_form, ticket=ticket).view

    assert view is not None
    assert [block["block_id"] for block in view["blocks"] if block["type"] == "input"] == [
        "cause", "action", "action_owner", "until",
    ]  # fmt: skip
    assert "first response, due" in str(view["blocks"][1])
    assert "Cy" not in str(view["blocks"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"cause": " "}, "cause"),
        ({"action": ""}, "action"),
        ({"action_owner": "cy"}, "action_owner"),
        ({"until": "soon"}, "until"),
        ({"until": "2025-12-31"}, "until"),
    ],
)
def test_an_analysis_that_says_too_little_is_refused_at_its_field(
    office: Office, change: dict[str, str], field: str
) -> None:
    ticket = missed(office)

    with pytest.raises((BadInput, MissingWords)) as refused:
        office.does("bo", breaches.analyse, ticket=ticket, values=ANALYSIS | change)

    assert refused.value.field == field


@pytest.mark.req("SL-9")
def test_a_manager_excuses_a_breach_and_it_stays_a_breach(office: Office) -> None:
    ticket = missed(office)
    excuse = {"ticket": ticket, "metric": "first_response", "reason": "Their line was cut."}

    with pytest.raises(NotAllowed):
        office.does("bo", breaches.excuse, **excuse)
    office.does("mei", breaches.excuse, **excuse)

    assert clock_states(office, ticket)["first_response"] == ("breached", True)
    assert office.is_sound()
    with pytest.raises(BadInput):
        office.does("mei", breaches.excuse, **excuse)
    solved(office, ticket)
    office.passes(days=2)
    assert len(requests(office, "bo")) == 1


def test_a_breach_that_nobody_noticed_before_the_answer_is_told_all_the_same(office: Office) -> None:
    ticket = office.opens("sev2 Reports are slow")
    office.now = office.now.replace(hour=12)
    office.does("bo", working.reply, ticket=ticket, text="We are on it.")
    office.passes(minutes=1)

    assert clock_states(office, ticket)["first_response"] == ("missed", False)
    assert "breached" in kinds(office, ticket)
    assert office.ticket(ticket).level is None
    assert len(requests(office, "mei")) == 1


@pytest.mark.req("SL-6")
def test_engineers_are_warned_at_the_slo_before_the_target_is_missed(office: Office) -> None:
    office.opens("sev2 Reports are slow")

    office.passes(minutes=95)
    assert [text for text in office.said(kind=Kind.ALARM) if "At risk" in text] == []

    office.passes(minutes=2)
    assert len([text for text in office.said(kind=Kind.ALARM) if "At risk" in text]) == 1


@pytest.mark.req("PG-6")
def test_the_account_manager_hears_of_a_sev_1_of_a_missed_target_and_of_an_escalation(office: Office) -> None:
    office.opens("sev1 Checkout is down")
    assert len(told_manager(office)) == 1
    assert "opened it" in told_manager(office)[0]

    office.passes(minutes=62)

    heard = "\n".join(told_manager(office))
    assert "Breached: first response" in heard
    assert "escalated to level" in heard


@pytest.mark.req("PG-6")
def test_the_account_manager_hears_nothing_of_an_ordinary_ticket(office: Office) -> None:
    ticket = office.opens("sev3 A report looks odd")
    assert told_manager(office) == []

    office.does("bo", working.regrade, ticket=ticket, severity="sev1", reason="All shops")

    assert len(told_manager(office)) == 1


def told_manager(office: Office) -> list[str]:
    """What the account manager of the directory was told of the customer's tickets."""
    return [text for text in office.said(kind=Kind.NOTICE, to="mei") if " of Acme Corp: " in text]
