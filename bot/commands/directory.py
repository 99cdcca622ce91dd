"""What can an operator do with the directory file?"""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.answering import OneLine, open_desk, write

cli = typer.Typer(help="Customers, people, teams and rotations.", no_args_is_help=True)


@cli.command("check")
def directory_check(file: Annotated[Path, typer.Argument(help="A directory file.")]) -> None:
    """Say whether a directory file is sound; every fault as file:line:column: key: what is wrong."""
    from bot.app import operate

    with OneLine():
        write(operate.check_directory(str(file)))


@cli.command("apply")
def directory_apply(
    file: Annotated[Path, typer.Argument(help="A directory file.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
) -> None:
    """Bring a directory file into the database; a second time changes nothing."""
    from bot.app import operate

    with OneLine():
        write(operate.apply_directory(str(file), dry_run=dry_run))


@cli.command("export")
def directory_export() -> None:
    """Print the directory as the database has it, as a file that `apply` takes."""
    from bot.app import operate

    with OneLine():
        write(operate.export_directory())


@cli.command("absences")
def directory_absences(
    source: Annotated[str, typer.Argument(help="An .ics file, or the https address of one.")],
    person: Annotated[str | None, typer.Option("--person", help="Whose they are; else each title says.")] = None,
    stop: Annotated[bool, typer.Option("--stop", help="Read the address no more.")] = False,
) -> None:
    """Read from a calendar who is away when; an address is read again each hour, and each reading replaces the last."""
    from bot.app import absences

    with OneLine(), open_desk() as (desk, now):
        write(absences.stop(desk, source, now=now) if stop else absences.read_in(desk, source, person=person, now=now))
