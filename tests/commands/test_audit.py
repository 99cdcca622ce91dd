"""Does the record verify on the command line, and is a changed row found?"""

import json

import pytest
from sqlalchemy import create_engine, text

from tests.commands.shell import DIRECTORY_TEXT, Shell


@pytest.mark.req("AU-1")
def test_the_record_is_verified_and_a_changed_row_is_found(desk: Shell) -> None:
    desk.file("first.yml", DIRECTORY_TEXT)
    desk.types("directory", "apply", "first.yml")
    verified = desk.types("audit", "verify")
    assert (verified.code, verified.err) == (0, "")
    assert verified.out.startswith("verified: ")

    exported = [json.loads(line) for line in desk.types("audit", "export").out.splitlines()]
    assert f"verified: {len(exported)} rows" in verified.out

    engine = create_engine(desk.environ["DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(text("UPDATE timeline SET actor = 'person:nobody' WHERE seq = 2"))
    engine.dispose()
    found = desk.types("audit", "verify")
    assert (found.code, found.out) == (1, "")
    assert "directory" in found.sentence
    assert "2" in found.sentence


SECRET = {"SECRET_KEY": "a secret that nobody else knows"}


@pytest.fixture
def sealed(desk: Shell) -> Shell:
    """A desk with a directory whose record was sealed into a folder."""
    desk.file("first.yml", DIRECTORY_TEXT)
    desk.types("directory", "apply", "first.yml")
    (desk.folder / "seals").mkdir()
    said = desk.types("audit", "seal", "--seals", "seals", **SECRET)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("seal 1 covers 1 stream, ")
    return desk


@pytest.mark.req("AU-1")
def test_an_auditor_checks_the_seals_without_the_secret(sealed: Shell) -> None:
    again = sealed.types("audit", "seal", SEALS_DIR="seals", **SECRET)
    assert "is still the newest: nothing moved since" in again.out
    key = again.out.split()[-1]
    verified = sealed.types("audit", "verify", "--seals", "seals", "--key", key)
    assert verified.out.rstrip().endswith("1 seal, 1 copy of them outside")
    refused = sealed.types("audit", "verify", "--seals", "seals", "--key", "00" * 32)
    assert "was signed with another key" in refused.sentence


@pytest.mark.req("AU-1")
def test_a_seal_outside_that_was_changed_or_is_another_desks_shows(sealed: Shell) -> None:
    (path,) = (sealed.folder / "seals").glob("*.json")
    whole = path.read_text("utf-8")
    path.write_text(whole.replace("directory", "directorx"), "utf-8")
    assert "seal 1 is not what was signed" in sealed.types("audit", "verify", "--seals", "seals").sentence
    differs = sealed.types("audit", "seal", "--seals", "seals", **SECRET)
    assert differs.code == 1
    assert "says something else" in differs.sentence
    path.write_text("no seal", "utf-8")
    assert f"{path.name} is no seal" in sealed.types("audit", "verify", "--seals", "seals").sentence


def test_nothing_is_sealed_without_a_secret_and_one_line_says_so(desk: Shell) -> None:
    assert desk.types("audit", "seal").sentence.startswith("SECRET_KEY must be set")
    assert desk.types("audit", "seal", **SECRET).out == "there is nothing to seal yet\n"


def test_somebody_is_erased_and_the_record_verifies(sealed: Shell) -> None:
    tried = sealed.types("erase", "cy", "--dry-run")
    assert tried.out.startswith("would erase of cy:\n")
    done = sealed.types("erase", "cy")
    assert (done.code, done.err) == (0, "")
    assert "What stands in Slack is the workspace's own" in done.out
    assert sealed.types("audit", "verify", "--seals", "seals").code == 0
    assert sealed.types("erase", "nobody").sentence.startswith("Nobody called nobody is known")


def test_a_folder_of_seals_that_is_not_there_verifies_nothing(desk: Shell) -> None:
    found = desk.types("audit", "verify", "--seals", "seels")

    assert (found.code, found.out) == (1, "")
    assert found.sentence == "seels: no such folder; give the one that the seals are kept in."
