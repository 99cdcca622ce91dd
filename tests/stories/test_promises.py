"""A customer without a contract for them reads no commitment anywhere, and still what happens next."""

import json
from pathlib import Path

import pytest

from bot.app.local import DIRECTORY
from bot.sandbox.server import Address
from tests.stories import stage
from tests.stories.play import Play

pytestmark = pytest.mark.req("SL-8")
PROMISES = ("first response", "first_response", "within 2 hours", "breach", "service level")


def all_that_acme_reads(play: Play, thread: str) -> str:
    """Every channel, answer, form and home tab of Acme's people."""
    read = [json.dumps(play.script.messages("acme"))]
    for person in (play.cy, play.dee):
        for request in ("status", "help"):
            person.posts(f"@Watchbell {request}")
        person.posts("@Watchbell status", thread=thread)
        read += [json.dumps(person.does(home=True).body), *play.only_to(person)]
        read.append(json.dumps(play.script.messages(person.room)))
    return "\n".join(read)


def directory(folder: Path, *, contract: bool) -> Path:
    file = folder / "directory.yml"
    acme, mark, others = DIRECTORY.read_text("utf-8").partition("  globex:\n")
    file.write_text(acme.replace("contract: true", f"contract: {str(contract).lower()}") + mark + others)
    return file


@pytest.mark.parametrize("contract", [True, False], ids=["contract", "no contract"])
def test_a_commitment_stands_only_where_the_contract_has_it(
    address: Address, sqlite_url: str, tmp_path: Path, contract: bool
) -> None:
    with stage.desk(address, sqlite_url, directory=directory(tmp_path, contract=contract)):
        play = stage.play_on(address)
        thread = play.cy.posts("@Watchbell sev2 Payments are slow").ts
        play.advance(minutes=1)
        receipt = play.acme.one("receipt").words
        assert ("First response: within 2 hours" in receipt) == contract
        play.advance(hours=6, minutes=1)

        assert "Next update" in play.acme.last("update").words
        read = all_that_acme_reads(play, thread).casefold()
        for words in () if contract else PROMISES:
            assert words not in read, read[max(0, read.index(words) - 300) :][:600]
