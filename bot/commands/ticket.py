"""What can an operator see of tickets?"""

import json
from typing import Annotated

import typer

from bot.commands.answering import OneLine, open_desk, write

cli = typer.Typer(help="Tickets as the desk has them.", no_args_is_help=True)


@cli.command("list")
def ticket_list(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """List the open tickets, highest severity first, then the nearest deadline."""
    from bot.app import records

    with OneLine(), open_desk() as (desk, _):
        found = records.listed(desk)
        if as_json:
            print(json.dumps(found, indent=2))
            return
        if not found:
            print("No ticket is open.")
        for row in found:
            print(f"{row['id']:<8} {row['severity']:<5} {row['state']:<12} {row['customer']:<12} {row['summary'][:60]}")


@cli.command("show")
def ticket_show(
    ticket: Annotated[str, typer.Argument(help="T-1042")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show one ticket with its clocks and timeline."""
    from bot.app import records

    with OneLine(), open_desk() as (desk, now):
        found = records.shown(desk, ticket, now=now)
        write((json.dumps(found, indent=2) if as_json else records.as_text(found)) + "\n")
