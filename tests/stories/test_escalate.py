"""Who can raise a ticket, how far, and what does the customer hear of it?"""

import pytest

from tests.stories.play import Play


def _opened(play: Play) -> str:
    """A Sev 2, for which nobody is paged by itself; the thread it lives in."""
    written = play.dee.posts("@Watchbell sev2 Payments are slow")
    play.advance(minutes=1)
    return written.ts


def _paged(play: Play) -> set[str]:
    everybody = (play.ana, play.bo, play.kai, play.mei, play.vic)
    return {person.handle for person in everybody if play.inbox(person).messages("page")}


@pytest.mark.req("ES-4")
@pytest.mark.req("ES-3")
@pytest.mark.parametrize(
    ("level", "who", "name"),
    [("1", {"ana"}, "Initial response"), ("3", {"kai"}, "Engineering"), ("4", {"vic"}, "Executive")],
)  # fmt: skip
def test_a_manager_raises_to_any_level(play: Play, level: str, who: set[str], name: str) -> None:
    _opened(play)

    told = play.mei.types(f"/escalate T-1 to {level} The customer needs it").response
    play.advance(minutes=1)

    assert name in told
    assert _paged(play) == who
    notice = play.acme.one("escalation")
    assert name in notice.text
    assert "You hear from us next" in notice.text
    play.triage.one(text="The customer needs it")


@pytest.mark.req("ES-4")
def test_the_customer_is_told_who_handles_it_now_and_when_they_hear_next(play: Play) -> None:
    _opened(play)
    play.mei.types("/escalate T-1 to Engineering Certificate")
    play.kai.clicks("Acknowledge", "@kai")
    play.advance(minutes=1)

    notice = play.acme.one("escalation")
    assert "Kai Sato handles it now" in notice.text
    assert "You hear from us next 13:01 EST" in notice.text
    play.advance(hours=4)
    assert f"{play.acme.one('update').at:%H:%M}" == "18:01"


@pytest.mark.req("ES-1")
def test_an_engineer_raises_one_level_and_no_further(play: Play) -> None:
    _opened(play)

    assert "that needs a support manager" in play.ana.types("/escalate T-1 to 3 now").response
    assert _paged(play) == set()
    assert "level 1" in play.ana.types("/escalate T-1 It is beyond me").response
    assert _paged(play) == {"ana"}
    assert "level 2" in play.ana.types("/escalate T-1").response
    assert _paged(play) == {"ana", "bo", "kai"}


@pytest.mark.req("ES-4")
@pytest.mark.req("ES-3")
@pytest.mark.parametrize("asked", ["escalate", "Hi, can you please escalate this?", "/escalate"])
def test_a_customers_manager_raises_at_once_by_mention(play: Play, asked: str) -> None:
    thread = _opened(play)

    play.cy.posts(f"@Watchbell {asked} Nobody can pay", thread=thread)
    play.advance(minutes=1)

    assert _paged(play) == {"ana"}
    play.triage.one(text="Nobody can pay")
    play.acme.one("escalation")


@pytest.mark.req("ES-4")
def test_a_customers_manager_raises_at_once_by_button(play: Play) -> None:
    _opened(play)

    play.cy.clicks("Escalate", "acme")
    play.cy.sends({"Why?": "Nobody can pay"})
    play.advance(minutes=1)

    assert _paged(play) == {"ana"}
    play.acme.one("escalation")


@pytest.mark.req("ES-4")
def test_a_customers_user_is_heard_and_one_click_of_ours_does_it(play: Play) -> None:
    _opened(play)

    play.dee.clicks("Escalate", "acme")
    play.dee.sends({"Why?": "Nobody can pay"})
    play.advance(minutes=1)
    assert _paged(play) == set()
    assert "Dee Park" in play.acme.one("escalation").text
    asked = play.operations.one("alarm", "Nobody can pay")

    play.bo.clicks("Escalate", "operations", ts=asked.ts)
    play.advance(minutes=1)

    assert _paged(play) == {"ana"}


@pytest.mark.req("ES-1")
@pytest.mark.req("SL-9")
def test_a_missed_first_response_raises_the_ticket_by_itself(play: Play) -> None:
    _opened(play)
    play.advance(hours=2)

    assert _paged(play) == {"ana"}
    play.operations.one("alarm", "BREACH T-1")
    breached = play.triage.messages(text="first response was missed")
    assert breached != []


@pytest.mark.req("SL-8")
def test_a_promise_is_shown_only_where_the_contract_says_so(play: Play) -> None:
    play.cy.posts("@Watchbell sev2 Payments are slow")
    play.advance(minutes=1)

    assert "First response: within 2 hours" in play.acme.one("receipt").text


def test_the_form_lists_the_open_tickets_and_the_levels(play: Play) -> None:
    _opened(play)

    form = play.mei.types("/escalate")

    assert form.form == "Escalate a ticket"
    shown = str(form.body["modal"])
    for word in ("T-1", "Engineering", "Executive"):
        assert word in shown
