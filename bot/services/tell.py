"""How is one person told something that only they see?"""

from datetime import datetime

from bot.domain.message import Block, Kind
from bot.domain.people import Actor
from bot.messages.compose import customer_message
from bot.messages.sentences import sentence
from bot.services.desk import Answer, Work
from bot.store import outbox


def privately(
    work: Work,
    *,
    user: str,
    channel: str,
    thread: str | None = None,
    text: str,
    blocks: tuple[Block, ...] = (),
    key: str | None = None,
    now: datetime,
) -> Answer:
    """Tell one person where they are; Slack keeps no such message, so it is sent at most once, and once for a `key`.

    `text` is finished: what it quotes is escaped already; `blocks` say the same with buttons.
    """
    outbox.ephemeral(
        work.session, text=text, blocks=blocks, lane=channel, user=user, thread=thread, id=work.new_id(), key=key,
        now=now,
    )  # fmt: skip
    return Answer(text=text)


def directly(work: Work, *, user: str, text: str, key: str, now: datetime) -> None:
    """Answer somebody who wrote to us directly, once for this key; the text must be fit for a customer's eyes."""
    message = customer_message(Kind.NOTICE, {"text": text, "body": text})
    outbox.post(work.session, message=message, lane=f"@{user}", id=work.new_id(), key=key, now=now)


def plain(
    work: Work,
    part: str,
    *,
    ticket: str | None = None,
    to: Actor | None = None,
    zone: str = "",
    now: datetime,
    **facts: object,
) -> Answer:
    """Answer with a block of the sheet `answers`; whatever it quotes is shown literally.

    `to` is who reads it, where that may be somebody of a customer: their language is spoken.
    """
    known = facts | {"zone": zone or work.desk.handbooks.default.handbook.zone, "now": now}
    known |= {"ticket": ticket} if ticket else {}
    catalog = work.words_for(to) if to else work.desk.catalog
    return Answer(text=sentence(catalog, sheet="answers", part=part, facts=known), ticket=ticket)
