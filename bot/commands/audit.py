"""What can an operator prove?"""

import json

import typer

from bot.commands.answering import OneLine, fail, open_desk

cli = typer.Typer(help="The record of everything that was done.", no_args_is_help=True)


@cli.command("verify")
def audit_verify() -> None:
    """Check the chain and recompute every SLA result from the trail; 1 with the first difference."""
    from bot.services.audit import verify

    with OneLine(), open_desk() as (desk, now):
        verdict = verify(desk, now=now)
    if verdict.difference:
        fail(verdict.difference)
    print(f"verified: {verdict.entries} rows in {verdict.streams} streams, {verdict.clocks} clocks recomputed")


@cli.command("export")
def audit_export() -> None:
    """Print every row of the trail with its hash, one JSON object a line."""
    from bot.services.audit import export

    with OneLine(), open_desk() as (desk, _):
        for row in export(desk):
            print(json.dumps(row, ensure_ascii=False))
