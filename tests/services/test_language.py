"""Is a customer written to in its own language, and our own people in theirs?"""

import pytest

from bot.services import page_answers
from bot.store.tables import Customer
from tests.services.office import Office


@pytest.mark.req("UP-5")
def test_the_customers_channel_speaks_its_language_and_the_triage_channel_english(office: Office) -> None:
    with office.db.transaction() as session:
        session.get_one(Customer, "acme").language = "de"
    ticket = office.opens()
    office.does("ana", page_answers.acknowledge, page=office.page_of("ana", ticket=ticket))
    office.passes(hours=1)

    theirs = office.said(to="C0ACME")
    assert any("Ihr Ticket ist da" in each for each in theirs)
    assert any("Es ist noch offen; Ana Lima hat es" in each for each in theirs)
    assert not any("still open" in each for each in theirs)
    assert any("acknowledged" in each for each in office.said(to="C0TRIAGE"))
    assert office.is_sound()
