"""What of a desk follows from its settings: clock, words, keys, fence, and who we are in Slack?"""

import secrets
from datetime import timedelta
from typing import NamedTuple

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.app.failures import CannotStart, why_unreached
from bot.clock import Clock, FollowedClock, SystemClock
from bot.delivery.fence import Fence
from bot.domain.directory import Tiers
from bot.domain.handbook import Handbook
from bot.domain.keeping import Keeping
from bot.domain.signed_link import Links
from bot.handbook.loader import load, names
from bot.messages import check as templates
from bot.services.desk import Desk
from bot.services.directory import tiers_of
from bot.services.handbooks import Handbooks
from bot.services.seal_key import SealKey
from bot.settings import Settings, is_loopback
from bot.store.database import Database

PASSING = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})
BUSY = frozenset({429, *range(500, 600)})
"""What Slack says of itself, and not of our token."""

LOOPBACK = ("127.0.0.0/8", "::1")


def known_tiers(handbooks: Handbooks) -> Tiers:
    """The tiers that a directory may name, by handbook."""
    built_in: dict[str | None, Handbook] = {name: load(name).handbook for name in names()}
    return tiers_of({**built_in, None: handbooks.default.handbook})


def clock_of(settings: Settings) -> Clock:
    """The machine's clock, or the workspace's where CLOCK_URL says so."""
    return FollowedClock(settings.clock_url) if settings.clock_url else SystemClock()


def desk_of(settings: Settings, db: Database, client: WebClient) -> Desk:
    """The desk of this workspace; asks Slack once who we are. Raises CannotStart where Slack does not know us."""
    me = whoami(client)
    return Desk(
        db=db,
        handbooks=Handbooks(load(settings.handbook)),
        catalog=templates.load(settings.templates_dir),
        token=fresh_token,
        bot_user=me.user,
        workspace=me.workspace,
        home_url=me.home_url,
        links=links_of(settings),
        seal_key=seal_key_of(settings),
        keeping=Keeping(timedelta(days=settings.keep_deliveries_days), timedelta(days=settings.keep_sent_days)),
    )


def links_of(settings: Settings) -> Links | None:
    """What signs links outside Slack; None where PUBLIC_URL or SECRET_KEY is not set."""
    if settings.public_url is None or settings.secret_key is None:
        return None
    return Links(settings.public_url, settings.secret_key.get_secret_value().encode())


def seal_key_of(settings: Settings) -> SealKey | None:
    """What signs the record's seals; None where SECRET_KEY is not set."""
    return SealKey(settings.secret_key.get_secret_value()) if settings.secret_key else None


def fence_of(settings: Settings) -> Fence:
    """What contacts may reach beside the public internet; on a local workspace this machine too."""
    return Fence((*settings.gates, *(LOOPBACK if is_loopback(settings.slack_api_url) else ())))


def fresh_token() -> str:
    """A fresh random hex text: an opaque id, or the salt of a digest."""
    return secrets.token_hex(16)


class Me(NamedTuple):
    """Who we are to Slack: our user id, our workspace's id, and where people find it."""

    user: str
    workspace: str
    home_url: str


def whoami(client: WebClient) -> Me:
    """Who we are, as Slack says it. Raises CannotStart where it does not know us, or says nothing."""
    try:
        me = client.auth_test()
    except SlackApiError as error:
        said, status = str(error.response.get("error")), int(error.response.status_code)
        if status in BUSY or said in PASSING:
            raise CannotStart(f"SLACK_API_URL: Slack is busy (HTTP {status}); start again in a moment.") from None
        raise CannotStart(f"SLACK_BOT_TOKEN: Slack says {said}; copy the bot token of your app again.") from None
    except (SlackClientError, OSError) as error:
        why = why_unreached(error)
        raise CannotStart(f"SLACK_API_URL: Slack cannot be reached at {client.base_url} ({why}).") from None
    return Me(str(me["user_id"]), str(me["team_id"]), str(me.get("url") or ""))
