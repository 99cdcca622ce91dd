"""What can an operator type? The command line; each command imports what it needs when it runs, so that help is quick.

Exit codes: 0 done, 1 the answer is no or something failed (one line on standard error), 2 wrong usage.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from bot.services.desk import Desk

cli = typer.Typer(
    name="bot", help="Watchbell, the support desk that lives in Slack.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip
handbook_cli = typer.Typer(help="The handbook that the desk obeys.", no_args_is_help=True)
directory_cli = typer.Typer(help="Customers, people, teams and rotations.", no_args_is_help=True)
ticket_cli = typer.Typer(help="Tickets as the desk has them.", no_args_is_help=True)
audit_cli = typer.Typer(help="The record of everything that was done.", no_args_is_help=True)
for name, part in (
    ("handbook", handbook_cli), ("directory", directory_cli), ("ticket", ticket_cli), ("audit", audit_cli),
):  # fmt: skip
    cli.add_typer(part, name=name)


class Audience(StrEnum):
    """For whom a document is."""

    CUSTOMER = "customer"
    TEAM = "team"


class DocumentForm(StrEnum):
    """In which form a document is written."""

    MARKDOWN = "markdown"
    HTML = "html"


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
def migrate() -> None:
    """Bring the database to this program's tables."""
    from bot.app import operate

    with _OneLine():
        print(operate.upgrade())


@cli.command()
def doctor() -> None:
    """Check tokens, scopes, database, handbook, directory and who can be reached; one line each."""
    from bot.app.doctor import examine

    with _OneLine():
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
    with _OneLine():
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
        typer.Option(help="With --handbook: first_response, next_response, resolution, update or worked."),
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
    with _OneLine():
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


@handbook_cli.command("list")
def handbook_list() -> None:
    """Name the built-in handbooks."""
    from bot.handbook.listing import listing

    _write(listing())


@handbook_cli.command("show")
def handbook_show(handbook: Annotated[str | None, typer.Argument(help="A name or a file; HANDBOOK's.")] = None) -> None:
    """Print the effective handbook with all that it inherits."""
    from bot.handbook.listing import effective
    from bot.handbook.loader import load

    with _OneLine():
        _write(effective(load(_handbook(handbook))))


@handbook_cli.command("keys")
def handbook_keys() -> None:
    """Print every key that a handbook may have, and what it means."""
    from bot.handbook.keys import key_reference

    _write(key_reference())


@handbook_cli.command("check")
def handbook_check(file: Annotated[str, typer.Argument(help="A handbook file, or a built-in name.")]) -> None:
    """Say whether a handbook is sound; every fault as file:line:column: key: what is wrong."""
    from bot.handbook.listing import check
    from bot.handbook.loader import load

    with _OneLine():
        _write(check(load(file)))


@handbook_cli.command("publish")
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

    with _OneLine():
        _write(
            publish.publish(
                load(_handbook(handbook)), audience=publish.Audience(audience.value), form=publish.Form(form.value),
                tier=tier,
            )
        )  # fmt: skip


@handbook_cli.command("diff")
def handbook_diff(
    old: Annotated[str, typer.Argument(help="A name or a file.")],
    new: Annotated[str, typer.Argument(help="A name or a file.")],
) -> None:
    """Name every key that differs between two handbooks."""
    from bot.handbook.listing import diff
    from bot.handbook.loader import load

    with _OneLine():
        _write(diff(load(old), load(new)))


@handbook_cli.command("rebase")
def handbook_rebase(
    file: Annotated[str, typer.Argument(help="The edited handbook: a file, or a built-in name.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list the deadlines that would move.")] = False,
) -> None:
    """Bring an edited handbook to open tickets; each deadline that moves as ticket, metric, old due -> new due."""
    from bot.app import operate

    with _OneLine():
        _write(operate.rebase_handbook(file, dry_run=dry_run))


@directory_cli.command("check")
def directory_check(file: Annotated[Path, typer.Argument(help="A directory file.")]) -> None:
    """Say whether a directory file is sound; every fault as file:line:column: key: what is wrong."""
    from bot.app import operate

    with _OneLine():
        _write(operate.check_directory(str(file)))


@directory_cli.command("apply")
def directory_apply(
    file: Annotated[Path, typer.Argument(help="A directory file.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
) -> None:
    """Bring a directory file into the database; a second time changes nothing."""
    from bot.app import operate

    with _OneLine():
        _write(operate.apply_directory(str(file), dry_run=dry_run))


@directory_cli.command("export")
def directory_export() -> None:
    """Print the directory as the database has it, as a file that `apply` takes."""
    from bot.app import operate

    with _OneLine():
        _write(operate.export_directory())


@directory_cli.command("absences")
def directory_absences(
    source: Annotated[str, typer.Argument(help="An .ics file, or the https address of one.")],
    person: Annotated[str | None, typer.Option("--person", help="Whose they are; else each title says.")] = None,
) -> None:
    """Read from a calendar who is away when; a second time replaces what the first one brought."""
    from bot.app import absences

    with _OneLine(), _desk() as (desk, now):
        _write(absences.read_in(desk, source, person=person, now=now))


@ticket_cli.command("list")
def ticket_list(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """List the open tickets, highest severity first, then the nearest deadline."""
    from bot.app import records

    with _OneLine(), _desk() as (desk, _):
        found = records.listed(desk)
        if as_json:
            print(json.dumps(found, indent=2))
            return
        for row in found:
            print(f"{row['id']:<8} {row['severity']:<5} {row['state']:<12} {row['customer']:<12} {row['summary'][:60]}")


@ticket_cli.command("show")
def ticket_show(
    ticket: Annotated[str, typer.Argument(help="T-1042")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show one ticket with its clocks and timeline."""
    from bot.app import records

    with _OneLine(), _desk() as (desk, now):
        found = records.shown(desk, ticket, now=now)
        _write((json.dumps(found, indent=2) if as_json else records.as_text(found)) + "\n")


@audit_cli.command("verify")
def audit_verify() -> None:
    """Check the chain and recompute every SLA result from the trail; 1 with the first difference."""
    from bot.services.audit import verify

    with _OneLine(), _desk() as (desk, now):
        verdict = verify(desk, now=now)
    if verdict.difference:
        _fail(verdict.difference)
    print(f"verified: {verdict.entries} rows in {verdict.streams} streams, {verdict.clocks} clocks recomputed")


@audit_cli.command("export")
def audit_export() -> None:
    """Print every row of the trail with its hash, one JSON object a line."""
    from bot.services.audit import export

    with _OneLine(), _desk() as (desk, _):
        for row in export(desk):
            print(json.dumps(row, ensure_ascii=False))


def main() -> None:
    """Run the command line."""
    cli()


def _run(*, web: bool, worker: bool) -> None:
    from bot.app import runtime
    from bot.settings import load

    with _OneLine():
        runtime.run(load(), web=web, worker=worker)


@contextmanager
def _desk() -> "Iterator[tuple[Desk, datetime]]":
    from bot.app import operate

    with operate.desk() as found:
        yield found


class _OneLine:
    """Turns whatever an operator can mend into one line on standard error and exit code 1."""

    def __enter__(self) -> None:
        """Nothing is loaded until something fails."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Leaves what is ours to mend as it is."""
        if isinstance(error, KeyboardInterrupt):
            raise typer.Exit(0) from None
        if isinstance(error, Exception):
            from bot.app.failures import sentence

            if said := sentence(error):
                _fail(said)


def _fail(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise typer.Exit(1) from None


def _handbook(given: str | None) -> str:
    from bot.settings import handbook_name

    return given or handbook_name()


def _write(text: str) -> None:
    sys.stdout.write(text)


def _print(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
