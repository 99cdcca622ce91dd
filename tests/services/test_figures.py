"""The figures say what a monitor has to know: what waits, what is missed, and how soon messages leave."""

from bot.services import figures, intake
from bot.store.database import Database
from tests.services.office import Office


def measured(office: Office) -> dict[tuple[str, ...], float]:
    with office.db.reading() as session:
        return {
            (each.name, *(each.labels[name] for name in sorted(each.labels))): each.value
            for each in figures.of_desk(session, now=office.now)
        }


def test_a_page_that_nobody_answers_a_missed_target_and_the_spread_of_what_was_sent_are_measured(
    sqlite_url: str,
) -> None:
    office = Office(Database(sqlite_url))
    before = measured(office)
    assert before["oldest_page_seconds",] == 0
    assert before["due_to_sent_seconds_bucket", "+Inf", "page"] == 0

    office.does("dee", intake.open_by_command, channel="C0ACME", text="sev1 Checkout is down")
    office.passes(minutes=10)
    soon = measured(office)
    assert soon["oldest_page_seconds",] == 600
    assert soon["due_to_sent_seconds_bucket", "0.5", "page"] == soon["due_to_sent_seconds_bucket", "+Inf", "page"] > 0
    assert soon["targets_missed", "first_response"] == 0

    office.passes(hours=8)
    late = measured(office)
    assert late["targets_missed", "first_response"] == 1
    assert late["pages_unacknowledged",] >= 1
