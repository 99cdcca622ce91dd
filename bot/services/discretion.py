"""How does somebody hear that their words held a secret, and where such things go instead?

What is taken out is found in secrets.py, before anything is stored. Source: channel handbook §7 (secure channel).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.messages import answers
from bot.services import tell
from bot.services.desk import Work
from bot.services.secrets import masked
from bot.store import people


def told(work: Work, body: Mapping[str, Any], *, now: datetime) -> None:
    """Tell the author of a message in Slack, once for this message, whatever becomes of it and however they edit it."""
    kinds = tuple(str(each) for each in body.get("secrets") or ())
    if not kinds:
        return
    channel, thread = str(body["channel"]), body.get("thread_ts")
    tell.privately(
        work, user=str(body["user"]), channel=channel, thread=str(thread) if thread else None,
        text=_text(work, kinds, channel=channel, posted=True, now=now), key=f"secret:{channel}:{body['ts']}", now=now,
    )  # fmt: skip


def without_secrets(values: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Give what a form or command brought without its secrets, and which kinds those were."""
    read = {name: masked(text) for name, text in values.items()}
    kinds = dict.fromkeys(kind for each in read.values() for kind in each.kinds)
    return {name: each.text for name, each in read.items()}, tuple(kinds)


def beside(work: Work, text: str, kinds: tuple[str, ...], *, channel: str, now: datetime) -> str:
    """Give an answer to the writer of a form or command, with what was taken out said below it."""
    said = _text(work, kinds, channel=channel, posted=False, now=now) if kinds else ""
    return "\n".join(each for each in (text, said) if each)


def _text(work: Work, kinds: tuple[str, ...], *, channel: str, posted: bool, now: datetime) -> str:
    customer = people.customer_of_channel(work.session, channel)
    handbook = work.handbook_of(customer).handbook
    zone = (customer.timezone if customer else None) or handbook.zone
    return answers.secret_removed(
        work.words_of(customer.id if customer else None), kinds=kinds, posted=posted,
        secure_channel=handbook.intake.secure_channel or "", zone=zone, now=now,
    )  # fmt: skip
