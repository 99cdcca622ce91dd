"""How does somebody outside Slack prove that a page was theirs to answer? By a link that only we can have written.

A link names its purpose, so that one made for one thing opens no other, and it ends by itself.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.errors import Refused


class WrongLink(Refused):
    """The link is not one of ours, or it was changed on the way."""

    usual = "wrong_link"


class ExpiredLink(Refused):
    """The link has expired."""

    usual = "expired_link"


@dataclass(frozen=True, slots=True)
class Links:
    """Writes and reads signed links below one address. `key` is at least sixteen bytes that nobody else knows."""

    base_url: str
    key: bytes

    def url(self, purpose: str, *facts: str, expires_at: datetime) -> str:
        """The address that proves these facts until it expires."""
        return f"{self.base_url.rstrip('/')}/{purpose}/{self.token(purpose, *facts, expires_at=expires_at)}"

    def token(self, purpose: str, *facts: str, expires_at: datetime) -> str:
        """The signed part of the address alone."""
        said = json.dumps([int(expires_at.timestamp()), *facts], separators=(",", ":")).encode()
        return f"{_worded(said)}.{_worded(self._mark(purpose, said))}"

    def read(self, purpose: str, token: str, *, now: datetime) -> tuple[str, ...]:
        """The facts that a link proves. Raises WrongLink or ExpiredLink."""
        said, mark = _unworded(token)
        if not hmac.compare_digest(mark, self._mark(purpose, said)):
            raise WrongLink
        expires, *facts = json.loads(said)
        if datetime.fromtimestamp(expires, UTC) <= now:
            raise ExpiredLink
        return tuple(facts)

    def _mark(self, purpose: str, said: bytes) -> bytes:
        return hmac.new(self.key, purpose.encode() + b"\n" + said, hashlib.sha256).digest()


def _worded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unworded(token: str) -> tuple[bytes, bytes]:
    try:
        said, mark = token.encode("ascii").split(b".")
        return _raw(said), _raw(mark)
    except (ValueError, binascii.Error) as error:
        raise WrongLink from error


def _raw(word: bytes) -> bytes:
    return base64.urlsafe_b64decode(word + b"=" * (-len(word) % 4))
