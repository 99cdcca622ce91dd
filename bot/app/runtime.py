"""How does a desk start, and how does it end in order?"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog
from slack_bolt import App
from slack_sdk import WebClient
from sqlmodel import Session
from starlette.routing import Route

from bot.app import fitness, housekeeping, redaction, watching
from bot.app.aside import Aside
from bot.app.catching_up import CatchUp
from bot.app.ending import LIMITS, Countdown, Leave, Limits, leave_after
from bot.app.failures import CannotStart, Deaf
from bot.app.faults import Fault, PassingSender
from bot.app.feeds import Feeds
from bot.app.fetch import fetch
from bot.app.logs import set_up_logs, tell_of_crashes
from bot.app.making import clock_of, desk_of, fence_of, fresh_token, known_tiers
from bot.app.reach import Reach
from bot.app.signals import End, end_asked
from bot.app.watchdog import Watchdog, answers
from bot.app.watching import Watching
from bot.clock import Clock, Rest
from bot.delivery.apprise import ContactSender
from bot.delivery.fence import Fence
from bot.delivery.media import Media
from bot.delivery.probe import MediaProbe
from bot.delivery.relay import LEASE_FOR, Relay
from bot.delivery.slack import Sender, SlackSender, connect
from bot.handbook.directory import load_directory
from bot.messages import languages
from bot.scheduler import Loop, Loops
from bot.services import card_again, due, inbox_events, media, rota_change, standing, tracing, watchman
from bot.services.desk import Desk, Work
from bot.services.directory import apply_file
from bot.settings import Settings, bypass_proxy
from bot.slack import app as slack_app
from bot.slack.socket import SocketMode
from bot.store import deadlines, inbox, set_back
from bot.store.bell import Bell
from bot.store.database import Database
from bot.store.glance import Glance
from bot.store.tables import OutboxRow
from bot.web import acknowledge, calendar, heartbeat, pagerduty, site
from bot.web.metrics import Metrics
from bot.web.serving import Serving, serve

log = structlog.get_logger()

READ_BACK_EVERY = timedelta(hours=1)
"""How often the channels are read back although nothing seems to be missing: the mark moves on, gaps close."""

WATCHDOG_SECONDS = 15.0
"""How often is looked whether this process still hears Slack; a line that is cut is noticed at once, and not here."""

HEARTBEAT_EVERY = timedelta(minutes=1)
"""How often an outside monitor hears that this process is fit; it raises the alarm when it hears nothing."""


@dataclass(slots=True)
class Runtime:
    """A running desk, or the part of it that one process does."""

    clock: Clock
    db: Database
    desk: Desk
    loops: Loops | None = None
    relay: Relay | None = None
    catch_up: CatchUp | None = None
    socket: SocketMode | None = None
    watchdog: Watchdog | None = None
    bell: Bell | None = None
    glance: Glance | None = None
    aside: Aside | None = None
    serving: Serving | None = None
    fault: Fault | None = None
    watched: Watching = field(default_factory=Watching)
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str | None:
        """Where this process answers HTTP."""
        return self.serving.url if self.serving else None

    def hear(self, tables: frozenset[str]) -> None:
        """Look for work where another process has written: in these tables, or in any where none is named."""
        if tables:
            self.db.wake(tables)
        elif self.loops:
            self.loops.wake()

    def stop(self, *, within: float = LIMITS.in_order) -> None:
        """End in order, in so many seconds: hear nothing new, finish what is in hand, send nothing more."""
        if self.stopped.is_set():
            return
        self.stopped.set()
        countdown = Countdown(within)
        if self.socket:
            self.socket.close(within=countdown.share(4))
        if self.serving:
            self.serving.stop(within=countdown.share(3))
        if self.loops:
            self.loops.stop(within=timedelta(seconds=countdown.share(2)))
        if self.relay:
            self.relay.stop(within=timedelta(seconds=countdown.left()))
        if self.bell:
            self.bell.close(within=max(countdown.left(), 0.5))
        if self.glance:
            self.glance.close(within=max(countdown.left(), 0.5))
        self.clock.close()
        self.db.dispose()
        self.watched.close()


def start(
    settings: Settings,
    *,
    web: bool = True,
    worker: bool = True,
    program: str | None = None,
    fault: Fault | None = None,
) -> Runtime:
    """Start a desk: `web` answers HTTP, `worker` runs the loops and holds the socket.

    `program` stands for the newest schema that this program knows, in place of what its migrations say; `fault` hears
    of each point in app/faults.py.

    Raises CannotStart, SettingsError, HandbookError, BrokenTemplate, SchemaBehind or OSError, each with one sentence.
    """
    redact = redaction.of(settings)
    bypass_proxy(settings)
    watched = watching.begin(settings, redact)
    as_json = settings.log_format == "json"
    set_up_logs(level=settings.log_level, json=as_json, redact=redact, on_trouble=watched.on_trouble)
    if watched.lacking:
        log.warning("not_watched", why=watched.lacking)
    clock = clock_of(settings)
    db = Database(settings.database_url, fault=fault, program=program)
    db.check_schema()
    client = connect(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url)
    desk = desk_of(settings, db, client)
    runtime = Runtime(clock=clock, db=db, desk=desk, fault=fault, watched=watched)
    try:
        with db.transaction() as session:
            desk.handbooks.begin(session, now=clock.now())
        if settings.directory:
            apply_directory(desk, str(settings.directory), now=clock.now())
        with db.reading() as session:
            desk.handbooks.read_all(session)
        if worker:
            settle_rota(desk, now=clock.now())
        else:
            rest_always(clock)
        _start(runtime, settings, client, web=web, worker=worker)
    except BaseException:
        runtime.stop()
        raise
    return runtime


@contextmanager
def running(
    settings: Settings,
    *,
    web: bool = True,
    worker: bool = True,
    program: str | None = None,
    fault: Fault | None = None,
    limits: Limits = LIMITS,
) -> Iterator[Runtime]:
    """Run a desk for as long as the block lasts."""
    runtime = start(settings, web=web, worker=worker, program=program, fault=fault)
    try:
        yield runtime
    finally:
        runtime.stop(within=limits.in_order)


def run(
    settings: Settings,
    *,
    web: bool = True,
    worker: bool = True,
    fault: Fault | None = None,
    limits: Limits = LIMITS,
    leave: Leave | None = None,
) -> None:
    """Run a desk until SIGTERM or Ctrl-C, which may come while it starts, then end it in order.

    Raises Deaf where it hears nothing more of Slack. `leave` is called after the last of the limits where something
    hangs; without it nothing is.
    """
    with end_asked() as end:
        if leave:
            leave_after(limits.at_last, leave, 0, once=end.wait)
        with running(settings, web=web, worker=worker, fault=fault, limits=limits) as runtime:
            tell_of_crashes()
            if worker:
                # While the loops are at work already: the first page of a new process leaves as soon as any other.
                runtime.desk.catalog.make_ready()
            log.info("ready", url=runtime.url, socket_mode=runtime.socket is not None, worker=worker)
            heard = wait_for_the_end(runtime, end)
            if leave and not heard:
                leave_after(limits.at_last, leave, 1)
    if not heard:
        raise Deaf("Slack answers, but nothing more came by the socket of this process; begin it anew.")


def wait_for_the_end(runtime: Runtime, end: End) -> bool:
    """Wait for SIGTERM or Ctrl-C; False where the process went deaf before."""
    watchdog = runtime.watchdog
    asked = end.wait_unless(lambda: watchdog is not None and watchdog.is_deaf(), every_seconds=WATCHDOG_SECONDS)
    if asked:
        log.info("stopping")
    return asked


def rest_always(clock: Clock) -> None:
    """Tell the clock that this process has no work of its own that a move of time would have to wait for."""
    clock.attach(wake=lambda: None, rest=lambda: Rest(idle=True))


def apply_directory(desk: Desk, path: str, *, now: datetime) -> None:
    """Bring the directory file in where its content changed since it was last applied. Raises HandbookError."""
    spoken = languages.spoken(desk.catalog.folder)
    loaded = load_directory(path, tiers=known_tiers(desk.handbooks), languages=spoken)
    with desk.db.transaction() as session:
        changes = apply_file(Work(desk, session), loaded, now=now)
    if changes:
        log.info("directory_applied", file=path, changes=len(changes))


def settle_rota(desk: Desk, *, now: datetime) -> None:
    """Arm the next hand-offs, and tell the one that came while nobody watched."""
    with desk.db.transaction() as session:
        rota_change.happened(Work(desk, session), now=now)


def _start(runtime: Runtime, settings: Settings, client: WebClient, *, web: bool, worker: bool) -> None:
    desk, clock = runtime.desk, runtime.clock
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None
    bolt = slack_app.create(
        client=client, signing_secret=secret, desk=desk, clock=clock, bot_user=desk.bot_user,
        on_joined=lambda: runtime.catch_up.want() if runtime.catch_up else None,
    )  # fmt: skip
    _start_bell(runtime, settings)
    if worker:
        _start_loops(runtime, settings, client)
        if settings.slack_app_token:
            _open_socket(runtime, settings, bolt, client)
    if web:
        answers_slack = bolt if not settings.slack_app_token or secret else None
        pages = site.create(
            app=answers_slack,
            health=fitness.of(runtime),
            metrics=Metrics(lambda: fitness.gauges(runtime)),
            more=_routes(runtime, settings),
        )
        runtime.serving = serve(pages, settings.host, settings.port)


def _routes(runtime: Runtime, settings: Settings) -> list[Route]:
    """What people and systems outside Slack reach, as far as it is set up."""
    routes = acknowledge.routes(runtime.desk, clock=runtime.clock.now) if runtime.desk.links else []
    routes += calendar.routes(runtime.desk, clock=runtime.clock.now) if runtime.desk.links else []
    if secret := settings.pagerduty_webhook_secret:
        routes += pagerduty.routes(runtime.desk, secret=secret.get_secret_value(), clock=runtime.clock.now)
    return routes


def _start_loops(runtime: Runtime, settings: Settings, client: WebClient) -> None:
    desk, db, clock = runtime.desk, runtime.db, runtime.clock
    loops = Loops(clock, tick=timedelta(seconds=settings.tick_seconds))
    sender: Sender = Media(SlackSender(client), ContactSender(db, fence=fence_of(settings)))
    relay = Relay(
        db,
        PassingSender(sender, runtime.fault) if runtime.fault else sender,
        clock=clock.now,
        apart=tracing.apart,
        word=standing.speaker(desk),
        on_dead_letter=lambda session, row, why, now: _dead_letter(desk, session, row, why, now),
        on_gone=lambda session, row, now: card_again.put_back(Work(desk, session), row, now=now),
        on_settled=lambda: wake_relay(),  # noqa: PLW0108 - the loop is there only once the relay is
    )
    aside = Aside(db)
    catching_up = CatchUp(desk, clock, client, loops)
    db.on_trouble(catching_up.want)
    reach = Reach(desk, MediaProbe(client, fence=fence_of(settings)), now=clock.now())
    feeds = Feeds(desk, lambda url: fetch(url, fence=Fence(settings.gates)))
    loops.add(Loop("readback", catching_up.step, catching_up.next_at))
    intake = Loop("intake", lambda now: inbox_events.take_one(desk, now=now), lambda _: _next(db, inbox.next_at))
    dues = Loop("deadlines", lambda now: due.fire(desk, now=now), lambda _: _next(db, deadlines.next_at))
    db.on_commit(loops.add(aside.loop(intake)), of=["inbox"])
    db.on_commit(loops.add(aside.loop(dues)), of=["deadline"])
    sending = Loop("relay", relay.step, relay.next_at, busy=relay.busy)
    wake_relay = loops.add(aside.loop(sending))
    db.on_commit(wake_relay, of=["outbox", "lane", "card"])
    db.on_commit(loops.add(aside.loop(Loop("reachability", reach.step, reach.next_at))), of=["setting"])
    db.on_commit(loops.add(aside.loop(Loop("calendars", feeds.step, feeds.next_at))), of=["absence_feed"])
    again = partial(catching_up.want, unless_read_for=READ_BACK_EVERY / 2)
    loops.every(READ_BACK_EVERY, "read back", again)
    loops.every(watchman.EVERY, "watchman", aside.chore(lambda: watchman.look(desk, now=clock.now())))
    if url := settings.heartbeat_url:
        loops.every(HEARTBEAT_EVERY, "heartbeat", lambda: heartbeat.beat(url, fitness.of_worker(runtime)))
    loops.when_set_back(aside.chore(lambda: _let_go(db, now=clock.now())))
    housekeeping.begin(desk, loops, clock, aside, seals_dir=settings.seals_dir)
    runtime.loops, runtime.relay, runtime.aside = loops, relay, aside
    runtime.catch_up = catching_up
    runtime.glance = Glance(settings.database_url, on_news=loops.wake)
    loops.start()
    runtime.glance.start()


def _start_bell(runtime: Runtime, settings: Settings) -> None:
    """On PostgreSQL the processes wake each other; on SQLite each glances at the file."""
    url = settings.database_direct_url or settings.database_url
    if url.startswith("postgresql"):
        runtime.bell = Bell(url, on_ring=runtime.hear, name=fresh_token())
        runtime.db.tell_of_commits(runtime.bell.ring)
        runtime.bell.start()


def _open_socket(runtime: Runtime, settings: Settings, bolt: App, client: WebClient) -> None:
    if settings.slack_app_token is None or runtime.catch_up is None:
        return
    token = settings.slack_app_token.get_secret_value()
    runtime.socket = SocketMode(
        bolt,
        client=client,
        app_token=token,
        on_connected=runtime.catch_up.want,
        fault=runtime.fault,
    )
    runtime.watchdog = Watchdog(runtime.socket.seconds_since_traffic, lambda: answers(client, token))
    if not runtime.socket.start() and "invalid_auth" in runtime.socket.trouble:
        raise CannotStart("SLACK_APP_TOKEN: Slack does not accept it; it needs the scope connections:write.")


def _dead_letter(desk: Desk, session: Session, row: OutboxRow, why: str, now: datetime) -> None:
    media.lost(Work(desk, session), row, why=why, now=now)


def _let_go(db: Database, *, now: datetime) -> None:
    with db.transaction() as session:
        set_back.let_go(session, lease_for=LEASE_FOR, now=now)


def _next(db: Database, ask: Callable[[Session], datetime | None]) -> datetime | None:
    with db.reading() as session:
        return ask(session)
