"""Does a page that is over say what really became of it?"""

import pytest
from sqlmodel import col, select

from bot.domain.errors import BadInput
from bot.services import escalate, page_answers
from bot.store.tables import OutboxRow
from tests.services.office import Office


def test_a_page_that_was_raised_past_its_level_names_the_level_that_is_paged(office: Office) -> None:
    ticket = office.opens()
    office.does("mei", escalate.escalate, ticket=ticket, level="2", reason="It is deep")

    office.does("mei", escalate.escalate, ticket=ticket, level="4", reason="The board asks")

    assert "This page has gone by (" in office.page_stands("bo")
    assert "Executive is paged now." in office.page_stands("bo")


def test_whoever_passes_a_page_on_does_not_read_that_they_never_answered(office: Office) -> None:
    ticket = office.opens()
    office.passes(minutes=5)

    office.does("ana", page_answers.escalate_now, page=office.page_of("ana", ticket=ticket))

    assert "without an answer" not in office.page_stands("ana")
    assert "Technical is paged now." in office.page_stands("ana")


def test_a_page_that_nobody_answers_says_so(office: Office) -> None:
    office.opens()

    office.passes(minutes=45)

    assert "without an answer (09:45 WET). Technical is paged now." in office.page_stands("ana")


def test_the_last_levels_page_says_that_it_begins_again_at_the_first(office: Office) -> None:
    ticket = office.opens()

    office.does("mei", escalate.escalate, ticket=ticket, level="4", reason="The board asks")

    assert "without an answer, Initial response" in office.page_stands("vic")


def test_an_acknowledged_page_shows_no_deadline_to_acknowledge(office: Office) -> None:
    ticket = office.opens()

    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket=ticket))

    assert "Acknowledged by Ana Lima" in office.page_stands("ana")
    assert "acknowledgement due" not in office.page_stands("ana")


def test_what_is_paged_at_a_level_is_not_taken_down_to_one_below(office: Office) -> None:
    ticket = office.opens()
    office.does("mei", escalate.escalate, ticket=ticket, level="4", reason="The board asks")

    with pytest.raises(BadInput) as refused:
        office.does("mei", escalate.escalate, ticket=ticket, level="1", reason="Somebody, please")
    office.does("mei", escalate.escalate, ticket=ticket, reason="Once more")

    assert refused.value.sentence == (
        "T-1 is at level 4 already, where somebody is being paged. Choose that level or one above."
    )
    office.does("vic", page_answers.acknowledge, page=office.page_of("vic", ticket=ticket))


def test_what_has_gone_by_changes_last_once_somebody_answers(office: Office) -> None:
    ticket = office.opens()
    office.delivers()
    office.passes(minutes=31)
    office.delivers()

    page = office.page_of("ana", ticket=ticket)
    office.desk.do(page_answers.acknowledge, actor=office.who("ana"), page=page, now=office.now)

    with office.db.reading() as session:
        waiting = select(OutboxRow).where(OutboxRow.op == "edit", OutboxRow.state == "pending")
        rows = session.exec(waiting.order_by(col(OutboxRow.priority), col(OutboxRow.seq))).all()
    newest, *others = [str(row.card).partition(":")[0] for row in rows]
    assert newest == "page"
    assert {"receipt", "card"} <= {*others[:-2]}
    assert others[-2:] == ["page", "page"]
