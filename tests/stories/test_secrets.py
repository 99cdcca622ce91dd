"""What becomes of a password that a customer posts? It is kept nowhere, and its author is told kindly."""

from pathlib import Path

from bot.sandbox.server import Address
from tests.stories import stage
from tests.stories.play import Play

SECRET = "Tr0ub4dor&3"


def _kept(play: Play, database: Path) -> bool:
    """Whether the secret is in the database's files, or in anything that the bot said to anybody."""
    files = b"".join(each.read_bytes() for each in database.parent.glob(f"{database.name}*"))
    said = "\n".join(each.words for each in play.by_bot())
    return SECRET.encode() in files or SECRET in said


def test_a_password_in_a_message_is_kept_nowhere_and_its_author_is_told_once(
    address: Address, sqlite_url: str, tmp_path: Path
) -> None:
    book = tmp_path / "book.yml"
    book.write_text("extends: enterprise\nintake: {secure_channel: 'https://vault.example/acme'}\n", encoding="utf-8")
    with stage.desk(address, sqlite_url, handbook=str(book)):
        play = stage.play_on(address)
        written = play.dee.posts(f"@Watchbell sev2 Login fails, the password is {SECRET} as ever")
        later = play.dee.posts("It is the second server", thread=written.ts)
        play.dee.edits(later.ts, f"It is the second server, password: {SECRET}")
        play.dee.edits(later.ts, f"It is the third server, password: {SECRET}")
        play.cy.posts(f"@Watchbell escalate password={SECRET} helps nobody", thread=written.ts)
        play.advance(minutes=1)

        told = [each for each in play.only_to(play.dee) if "looks like a password" in each]
        assert len(told) == 2
        assert all("https://vault.example/acme" in each for each in told)
        assert "[password removed]" in play.acme.one("receipt").text
        assert play.triage.one(text="third server, password: [password removed]")
        assert not _kept(play, Path(sqlite_url.removeprefix("sqlite:///")))


def test_a_password_in_a_form_or_command_is_kept_nowhere_either(play: Play, sqlite_url: str) -> None:
    answer = play.ana.types(f"/ticket sev3 Login fails, password: {SECRET}", "acme")
    assert "looks like a password" in answer.response

    play.ana.clicks("Add details", "acme")
    told = play.ana.sends({"Steps to reproduce": f"Log in as admin, password: {SECRET}"})
    play.advance(minutes=1)

    assert "looks like a password" in told.response or any("looks like a password" in e for e in play.only_to(play.ana))
    assert play.triage.one(text="Log in as admin")
    assert not _kept(play, Path(sqlite_url.removeprefix("sqlite:///")))
