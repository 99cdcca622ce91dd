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
