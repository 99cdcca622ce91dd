"""What can an operator do with handbooks?"""

from enum import StrEnum
from typing import Annotated

import typer

from bot.commands.answering import OneLine, write

cli = typer.Typer(help="The handbook that the desk obeys.", no_args_is_help=True)


class Audience(StrEnum):
    """For whom a document is."""

    CUSTOMER = "customer"
    TEAM = "team"


class DocumentForm(StrEnum):
    """In which form a document is written."""

    MARKDOWN = "markdown"
    HTML = "html"


@cli.command("list")
def handbook_list() -> None:
    """Name the built-in handbooks."""
    from bot.handbook.listing import listing

    write(listing())


@cli.command("show")
def handbook_show(handbook: Annotated[str | None, typer.Argument(help="A name or a file; HANDBOOK's.")] = None) -> None:
    """Print the effective handbook with all that it inherits."""
    from bot.handbook.listing import effective
    from bot.handbook.loader import load

    with OneLine():
        write(effective(load(_handbook(handbook))))


@cli.command("keys")
def handbook_keys() -> None:
    """Print every key that a handbook may have, and what it means."""
    from bot.handbook.keys import key_reference

    write(key_reference())


@cli.command("check")
def handbook_check(file: Annotated[str, typer.Argument(help="A handbook file, or a built-in name.")]) -> None:
    """Say whether a handbook is sound; every fault as file:line:column: key: what is wrong."""
    from bot.handbook.listing import check
    from bot.handbook.loader import load

    with OneLine():
        write(check(load(file)))


@cli.command("publish")
def handbook_publish(
    handbook: Annotated[str | None, typer.Argument(help="A name or a file; HANDBOOK's.")] = None,
    audience: Annotated[Audience, typer.Option("--for", help="Customers see contractual targets only.")] = (
        Audience.CUSTOMER
    ),
    form: Annotated[DocumentForm, typer.Option(help="Markdown or HTML.")] = DocumentForm.MARKDOWN,
    tier: Annotated[str | None, typer.Option(help="For customers of one tier.")] = None,
) -> None:
    """Print the document for customers, with the RACI table."""
    from bot.handbook import publish
    from bot.handbook.loader import load

    with OneLine():
        write(
            publish.publish(
                load(_handbook(handbook)), audience=publish.Audience(audience.value), form=publish.Form(form.value),
                tier=tier,
            )
        )  # fmt: skip


@cli.command("diff")
def handbook_diff(
    old: Annotated[str, typer.Argument(help="A name or a file.")],
    new: Annotated[str, typer.Argument(help="A name or a file.")],
) -> None:
    """Name every key that differs between two handbooks."""
    from bot.handbook.listing import diff
    from bot.handbook.loader import load

    with OneLine():
        write(diff(load(old), load(new)))


@cli.command("rebase")
def handbook_rebase(
    file: Annotated[str, typer.Argument(help="The edited handbook: a file, or a built-in name.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list the deadlines that would move.")] = False,
) -> None:
    """Bring an edited handbook to open tickets; each deadline that moves as ticket, metric, old due -> new due."""
    from bot.app import operate

    with OneLine():
        write(operate.rebase_handbook(file, dry_run=dry_run))


def _handbook(given: str | None) -> str:
    from bot.settings import handbook_name

    return given or handbook_name()
