"""What can an operator prove?"""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.answering import OneLine, fail, open_desk

cli = typer.Typer(help="The record of everything that was done.", no_args_is_help=True)


def _folder(text: str) -> Path:
    if not text.strip():
        # A shell's variable that is not set; as a path it would be the folder that one is in.
        raise typer.BadParameter("name a folder, or leave --seals away for SEALS_DIR")
    return Path(text)


SealsOption = Annotated[
    Path | None,
    typer.Option(
        "--seals",
        parser=_folder,
        metavar="FOLDER",
        help="The folder of seals kept outside the database; SEALS_DIR by default.",
    ),
]


@cli.command("verify")
def audit_verify(
    seals: SealsOption = None,
    key: Annotated[
        list[str] | None,
        typer.Option(help="A public key that may have signed; may be repeated. By default that of SECRET_KEY."),
    ] = None,
) -> None:
    """Check the chains and the seals, and recompute every SLA result from the trail; 1 with the first difference."""
    from bot.app import seal_folder, sealing
    from bot.messages.words import counted
    from bot.services.audit import verify

    with OneLine(), open_desk() as (desk, now):
        folder = seals or sealing.seals_dir()
        copies = seal_folder.read(folder) if folder else []
        verdict = verify(desk, copies=copies, keys=key or (), now=now)
    if verdict.difference:
        fail(verdict.difference)
    print(
        f"verified: {counted(verdict.entries, 'row')} in {counted(verdict.streams, 'stream')}, "
        f"{counted(verdict.clocks, 'clock')} recomputed, {counted(verdict.seals, 'seal')}, "
        f"{counted(len(copies), 'copy', 'copies')} of them outside"
    )


@cli.command("seal")
def audit_seal(
    seals: SealsOption = None,
) -> None:
    """Sign the heads of the record now, as happens each night, and print the seal's number, digest and key."""
    from bot.app import sealing

    with OneLine():
        print(sealing.seal(seals))


@cli.command("export")
def audit_export() -> None:
    """Print every row of the trail with its hash, one JSON object a line."""
    from bot.services.audit import export

    with OneLine(), open_desk() as (desk, _):
        for row in export(desk):
            print(json.dumps(row, ensure_ascii=False))
