"""What can an operator type? The command line; each command imports what it needs when it runs, so that help is quick.

Exit codes: 0 done, 1 the answer is no or something failed (one line on standard error), 2 wrong usage.
"""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands import audit, directory, erase, handbook, ticket
from bot.commands.answering import OneLine

cli = typer.Typer(
    name="bot", help="Watchbell, the support desk that lives in Slack.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip
for group in (handbook, directory, ticket, audit):
    cli.add_typer(group.cli, name=group.__name__.rpartition(".")[2])


cli.command()(erase.erase)


@cli.command()
def run() -> None:
    """Run everything in one process: Socket Mode where SLACK_APP_TOKEN is set, else HTTP."""
    _run(web=True, worker=True)


@cli.command()
def web() -> None:
    """Answer HTTP only: Slack's requests, health and metrics."""
    _run(web=True, worker=False)


@cli.command()
def worker() -> None:
    """Do the work only: the loops, and the socket where SLACK_APP_TOKEN is set."""
    _run(web=False, worker=True)


@cli.command()
def migrate(
    to: Annotated[str | None, typer.Option(help="Carry a desk on SQLite over to this PostgreSQL address.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --to: try it all, and write nothing.")] = False,
) -> None:
    """Bring the database to this program's tables, or carry the whole desk to another one."""
    from bot.app import moving, operate

    if dry_run and to is None:
        raise typer.BadParameter("--dry-run goes with --to")
    with OneLine():
        print(moving.move(to, dry_run=dry_run) if to else operate.upgrade())


@cli.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy is written; it must not be there yet.")],
) -> None:
    """Copy the database of a desk on SQLite, also while it runs."""
    from bot.app import backup as copies

    with OneLine():
        print(copies.save(file))


@cli.command()
def restored() -> None:
    """Tell the desk, before its start, that its database was put back from a copy."""
    from bot.app import backup as copies

    with OneLine():
        print(copies.restored())


@cli.command()
def doctor() -> None:
    """Check tokens, scopes, database, handbook, directory and who can be reached; one line each."""
    from bot.app.doctor import examine

    with OneLine():
        findings = examine()
    for finding in findings:
        print(finding)
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


@cli.command()
def sandbox(
    port: Annotated[int | None, typer.Option(help="Port of the page; 8765, or a free one for a story.")] = None,
    story: Annotated[str | None, typer.Option(help="Play this story (a name or a file) without a browser.")] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the page.")] = False,
    server_only: Annotated[bool, typer.Option("--server-only", help="The workspace without the bot.")] = False,
    http: Annotated[bool, typer.Option("--http", help="Signed HTTP instead of Socket Mode (with --story).")] = False,
    database: Annotated[str | None, typer.Option(help="A database for the desk; a SQLite file by default.")] = None,
    request_url: Annotated[
        str | None, typer.Option(help="With --server-only: where the bot takes signed HTTP requests.")
    ] = None,
) -> None:
    """Run the bot on a local Slack workspace with a movable clock."""
    with OneLine(lasts=story is None):
        if server_only:
            from bot.app import workspace

            workspace.serve(port=port or 0, request_url=request_url, out=_print)
            return
        from bot.app import local
        from bot.sandbox.storyfile import find

        if story is not None:
            find(story)
            if not local.play(story, database=database, http=http, out=_print):
                raise typer.Exit(1)
        else:
            local.serve(port=8765 if port is None else port, browser=not no_browser, out=_print)


@cli.command()
def deadline(
    at: Annotated[str, typer.Option(help="The start, local to --tz unless it bears an offset.")],
    target: Annotated[str | None, typer.Option(help="`8 business hours`, `90 minutes`, `3 business days`.")] = None,
    hours: Annotated[str | None, typer.Option(help="`Mon-Fri 09:00-17:00`, `24x7`, `22:00-06:00`.")] = None,
    tz: Annotated[str | None, typer.Option(help="An IANA zone, such as America/New_York.")] = None,
    holidays: Annotated[str | None, typer.Option(help="Whose public holidays are closed: `US`, `DE-BY`.")] = None,
    closed: Annotated[list[str] | None, typer.Option(help="A further closed date; may be repeated.")] = None,
    open_: Annotated[list[str] | None, typer.Option("--open", help="`DATE 09:00-13:00`; may be repeated.")] = None,
    pause: Annotated[list[str] | None, typer.Option(help="`FROM/TO`; may be repeated.")] = None,
    handbook: Annotated[str | None, typer.Option(help="Take target and hours from this handbook.")] = None,
    tier: Annotated[str | None, typer.Option(help="With --handbook: the support tier.")] = None,
    severity: Annotated[str | None, typer.Option(help="With --handbook: the severity, by any of its names.")] = None,
    metric: Annotated[
        str | None,
        typer.Option(help="With --handbook: first_response, next_response, resolution, update, worked or acknowledge."),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Add the span-by-span ledger.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Print when a target falls due, alone on the first line."""
    from bot.app import deadlines

    given = [name for name, value in (("--target", target), ("--hours", hours)) if value is not None]
    if handbook is not None:
        missing = [f"--{name}" for name, value in (("severity", severity), ("metric", metric)) if value is None]
        if given or missing:
            wrong = f"{given[0]} does not go with --handbook" if given else f"--handbook needs {missing[0]}"
            raise typer.BadParameter(wrong)
    elif len(given) < 2 or tz is None:
        raise typer.BadParameter("give --target, --hours and --tz, or --handbook with --tier, --severity and --metric")
    with OneLine():
        answer = (
            deadlines.by_handbook(
                at=at, handbook=handbook, tier=tier, severity=severity or "", metric=metric or "", zone=tz,
                pauses=pause or (),
            )
            if handbook is not None
            else deadlines.by_hours(
                at=at, target=target or "", hours=hours or "", zone=tz or "", holidays=holidays, closed=closed or (),
                open_on=open_ or (), pauses=pause or (),
            )
        )  # fmt: skip
        print(answer.as_json(explain=explain) if as_json else answer.text(explain=explain))


def main() -> None:
    """Run the command line."""
    cli()


def _run(*, web: bool, worker: bool) -> None:
    import os

    from bot.app import runtime
    from bot.settings import load

    with OneLine(lasts=True):
        runtime.run(load(), web=web, worker=worker, leave=os._exit)


def _print(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
