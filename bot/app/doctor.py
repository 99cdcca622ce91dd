"""Is everything that a desk needs in place, before it matters? One line a finding, nothing is changed."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import DatabaseError

from bot.app import fitness, redaction, spans, watching
from bot.app.failures import CannotStart, sentence, why_unreached
from bot.app.making import clock_of, fence_of, whoami
from bot.app.workspace import manifest
from bot.delivery.errors import DeliveryError
from bot.delivery.probe import MediaProbe
from bot.delivery.slack import connect
from bot.handbook.errors import HandbookError
from bot.handbook.loader import load as load_handbook
from bot.messages import check as templates
from bot.messages.render import BrokenTemplate
from bot.messages.words import counted
from bot.services import reachability
from bot.services.reachability import Finding
from bot.settings import Settings, bypass_proxy, load
from bot.store import people, pruning
from bot.store.database import Database
from bot.store.errors import SchemaBehind, WrongEncoding


def examine() -> list[Finding]:
    """Look at settings, tokens, scopes, database, handbook, templates, directory and who can be paged.

    Raises SettingsError where nothing can be looked at.
    """
    settings = load()
    bypass_proxy(settings)
    client = connect(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url)
    return [
        *_slack(settings, client), _handbook(settings.handbook), _templates(settings), *_database(settings, client),
        *_watching(settings),
    ]  # fmt: skip


def _slack(settings: Settings, client: WebClient) -> Iterator[Finding]:
    try:
        user, team, _ = whoami(client)
    except CannotStart as error:
        yield Finding("bot token", well=False, said=str(error))
        return
    yield Finding("bot token", well=True, said=f"we are {user} in {team}")
    yield _scopes(client)
    if settings.slack_app_token:
        try:
            client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
        except (SlackApiError, SlackClientError, OSError) as error:
            yield Finding("app token", well=False, said=f"no socket can be opened ({_code(error)})")
        else:
            yield Finding("app token", well=True, said="a socket can be opened")


def _scopes(client: WebClient) -> Finding:
    granted = str(client.auth_test().headers.get("x-oauth-scopes") or "")
    wanted = ((manifest() or {}).get("oauth_config") or {}).get("scopes", {}).get("bot", [])
    if not granted or not wanted:
        return Finding("scopes", well=True, said="not told by this workspace")
    missing = sorted(set(wanted) - {scope.strip() for scope in granted.split(",")})
    if missing:
        return Finding(
            "scopes", well=False, said=f"missing {', '.join(missing)}: install the app again by manifest.yml"
        )
    return Finding("scopes", well=True, said=f"all {len(wanted)} of the manifest")


def _handbook(name: str, what: str = "handbook") -> Finding:
    try:
        loaded = load_handbook(name)
    except HandbookError as error:
        return Finding(what, well=False, said=str(error).splitlines()[0])
    return Finding(what, well=True, said=f"{loaded.handbook.title} ({loaded.hash[:12]})")


def _templates(settings: Settings) -> Finding:
    try:
        templates.load(settings.templates_dir)
    except BrokenTemplate as error:
        return Finding("templates", well=False, said=str(error))
    return Finding("templates", well=True, said=str(settings.templates_dir or "our own"))


def _database(settings: Settings, client: WebClient) -> Iterator[Finding]:
    db = Database(settings.database_url)
    try:
        db.check_schema()
        fitness.try_to_write(db)
        yield Finding("database", well=True, said=f"reachable, its tables are this program's; {_sizes(db)}")
        yield _seals(settings)
        yield from _directory(settings, db, client)
    except (SchemaBehind, WrongEncoding, DatabaseError) as error:
        yield Finding("database", well=False, said=sentence(error) or str(error))
    finally:
        db.dispose()


def _sizes(db: Database) -> str:
    with db.reading() as session:
        rows, size = pruning.rows(session), pruning.size(session)
    sizes = (
        counted(rows["inbox"], "delivery", "deliveries"),
        counted(rows["outbox"], "message"),
        counted(rows["timeline"], "row") + " of the record",
    )
    return f"{size / 1e6:.1f} MB, {', '.join(sizes)}"


def _seals(settings: Settings) -> Finding:
    if settings.secret_key is None:
        return Finding("seals", well=True, said="none: set SECRET_KEY, or what is removed from the record may not show")
    place = f"kept in {settings.seals_dir}" if settings.seals_dir else "told only in operations: set SEALS_DIR"
    return Finding("seals", well=True, said=f"made each night, {place}")


def _watching(settings: Settings) -> Iterator[Finding]:
    """Only where something is set: most desks are watched by their metrics and logs."""
    try:
        watched = watching.begin(settings, redaction.of(settings))
        watched.close()
    except CannotStart as error:
        yield Finding("watching", well=False, said=str(error))
        return
    if settings.sentry_dsn:
        host = urlsplit(settings.sentry_dsn.get_secret_value()).hostname
        yield Finding("sentry", well=True, said=f"errors are told to {host}; none was sent to try it")
    if watched.lacking:
        yield Finding("spans", well=True, said=watched.lacking)
    elif settings.otel_exporter_otlp_endpoint:
        why, host = spans.trouble_with(settings), urlsplit(settings.otel_exporter_otlp_endpoint).hostname
        yield Finding("spans", well=not why, said=f"{host}: {why or 'takes them'}")


def _directory(settings: Settings, db: Database, client: WebClient) -> Iterator[Finding]:
    with db.reading() as session:
        customers = [each for each in people.customers(session) if each.active]
    for each in customers:
        yield _channel(client, each.name, each.channel)
        if each.handbook:
            yield _handbook(each.handbook, f"handbook of {each.name}")
    try:
        handbook = load_handbook(settings.handbook).handbook
    except HandbookError:
        yield Finding("reachability", well=False, said="the handbook says whom to page, and cannot be read")
        return
    clock = clock_of(settings)
    try:
        yield from reachability.examine(db, handbook, MediaProbe(client, fence=fence_of(settings)), now=clock.now())
    except DeliveryError as away:
        yield Finding("reachability", well=False, said=f"Slack could not be asked ({away})")
    finally:
        clock.close()


def _channel(client: WebClient, name: str, channel: str | None) -> Finding:
    what = f"channel of {name}"
    if channel is None:
        return Finding(what, well=False, said="none: name one in the directory")
    try:
        found = client.conversations_info(channel=channel)["channel"]
    except (SlackApiError, SlackClientError, OSError) as error:
        return Finding(what, well=False, said=f"{channel} cannot be read ({_code(error)})")
    if not found.get("is_member", True):
        return Finding(what, well=False, said=f"the bot is not in #{found.get('name')}: invite it")
    return Finding(what, well=True, said=f"#{found.get('name')}")


def _code(error: Exception) -> str:
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else why_unreached(error)
