"""How is somebody forgotten?"""

from typing import Annotated

import typer

from bot.commands.answering import OneLine


def erase(
    person: Annotated[str, typer.Argument(help="Their id in the directory, or TEAM/USER as Slack has them.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be erased.")] = False,
) -> None:
    """Take a person's words out of everything that the desk keeps; the record still verifies."""
    from bot.app.erasing import erase_person

    with OneLine():
        print(erase_person(person, dry_run=dry_run))
