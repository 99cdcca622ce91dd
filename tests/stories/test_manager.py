"""What does a manager do from the home tab?"""

import pytest

from tests.stories.play import Play


@pytest.mark.req("SV-3")
def test_a_manager_sees_what_burns_reassigns_it_and_acts_on_several_with_a_preview(play: Play) -> None:
    play.cy.posts("@Watchbell sev2 Exports are slow")
    play.cy.posts("@Watchbell sev1 Checkout is down")
    play.mei.does(home=True)
    play.settle()

    form = play.mei.clicks("Assign")
    assert form.form == "Assign a ticket"
    play.mei.sends({"To whom?": "Bo Berg"})
    play.inbox(play.bo).one(text="T-2 is yours now")

    play.mei.clicks("Several tickets at once")
    shown = play.mei.does(
        submit={"Which tickets?": ["T-1 Exports are slow", "T-2 Checkout is down"], "What is to be done?": "Assign",
                "To whom? (Assign)": "Bo Berg"}
    )  # fmt: skip
    assert shown.form == "Is this right?"
    assert "It is theirs already" in shown.form_says
    play.mei.sends()
    play.advance(minutes=1)

    play.inbox(play.bo).one(text="T-1 is yours now")
    play.inbox(play.mei).one(text="1 ticket done")
