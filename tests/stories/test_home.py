"""What does a customer see and do in the home tab, and what never?"""

import json

import pytest

from tests.stories.play import Person, Play, Seen

CLOSING = {"Root cause": "A full disk", "Workaround": "none", "Prevention": "An alert"}


def home(play: Play, person: Person) -> str:
    """Everything in somebody's home tab as it stands, buttons too."""
    return json.dumps(play.script.ask(f"/page/state?as={person.handle}")["home"])


@pytest.mark.req("LC-5")
def test_a_customer_follows_and_moves_its_tickets_from_the_home_tab(play: Play) -> None:
    play.dee.posts("@Watchbell sev1 The export fails")
    play.dee.does(home=True)
    play.advance(minutes=5)
    shown = home(play, play.dee)
    assert "The export fails" in shown
    assert "Next update" in shown
    assert "we still need: Environment" in shown

    assert play.dee.does(click="Add details", at="home").form == "Add details"
    play.dee.sends({"Environment": "production"})
    play.advance(minutes=1)
    assert "Environment" not in home(play, play.dee)
    assert "production" in play.triage.one(text="Environment: production").words
    play.cy.does(home=True)
    play.cy.does(click="Escalate", at="home")
    play.cy.sends({"Why?": "The board asks"})
    play.advance(minutes=1)
    assert "The board asks" in play.triage.last(text="The board asks").words

    play.bo.clicks("Resolve", "triage")
    play.bo.sends(CLOSING)
    play.dee.does(home=True)
    play.advance(minutes=1)
    assert "Does it work?" in home(play, play.dee)
    play.dee.does(click="Still broken", at="home")
    play.advance(minutes=1)
    assert "in progress" in home(play, play.dee)
    play.bo.clicks("Resolve", "triage")
    play.bo.sends(CLOSING)
    play.dee.does(home=True)
    play.dee.does(click="It works", at="home")
    play.dee.does(home=True)
    play.advance(minutes=1)
    shown = home(play, play.dee)
    assert "You have no open ticket." in shown
    assert "Closed lately" in shown
    assert "closed" in play.dee.posts("@Watchbell status").response + "".join(play.only_to(play.dee))


@pytest.mark.req("LC-5")
def test_the_home_tab_and_the_status_show_nothing_of_other_customers(play: Play) -> None:
    play.dee.posts("@Watchbell sev2 The export fails")
    play.gil.posts("@Watchbell sev2 Quokka imports stopped", "globex")
    play.advance(minutes=1)
    for person in (play.dee, play.gil, play.una):
        person.does(home=True)
    play.dee.posts("@Watchbell status")
    play.gil.posts("@Watchbell status", "globex")
    play.advance(minutes=1)

    acme = home(play, play.dee) + "".join(play.only_to(play.dee))
    globex = home(play, play.gil) + "".join(play.only_to(play.gil))
    assert "T-1" in acme
    assert not any(word in acme for word in ("T-2", "Quokka", "Globex"))
    assert "T-2" in globex
    assert not any(word in globex for word in ("T-1", "The export", "Acme"))
    assert not any(word in home(play, play.una) for word in ("T-1", "T-2", "Acme", "Globex"))


@pytest.mark.req("LC-5")
def test_somebody_without_a_home_tab_moves_their_tickets_from_the_answer_to_status(play: Play) -> None:
    asked = play.dee.posts("@Watchbell sev2 The export fails").ts
    play.bo.clicks("Resolve", "triage")
    play.bo.sends(CLOSING)
    play.advance(minutes=1)
    play.dee.posts("@Watchbell status", thread=asked)
    play.dee.posts("@Watchbell status")
    play.advance(minutes=1)
    listed = [Seen.of(each) for each in play.script.messages(**{"as": "dee"}) if each["ephemeral_to"]]
    assert [each.offers("Still broken") for each in listed] == [True, True]
    assert "Does it work?" in listed[1].words

    play.dee.clicks("Still broken", "acme", ts=listed[1].ts)
    play.advance(minutes=1)
    assert "in progress" in play.triage.one("card").words
    play.dee.clicks("It works", "acme", ts=listed[0].ts)
    assert "in progress" in play.only_to(play.dee)[-1]
