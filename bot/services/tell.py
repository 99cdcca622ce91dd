"""How is one person told something that only they see?"""

from datetime import datetime

from bot.domain.message import Kind
from bot.messages import answers
from bot.messages.compose import customer_message
from bot.services.desk import Answer, Work
from bot.store import outbox


def privately(
    work: Work,
    *,
    user: str,
    channel: str,
    thread: str | None = None,
    text: str,
    key: str | None = None,
    now: datetime,
) -> Answer:
    """Tell one person where they are; Slack keeps no such message, so it is sent at most once, and once for a `key`.

    `text` is finished: what it quotes is escaped already.
    """
    outbox.ephemeral(
        work.session, text=text, lane=channel, user=user, thread=thread, id=work.new_id(), key=key, now=now
    )
    return Answer(text=text)


def directly(work: Work, *, user: str, text: str, key: str, now: datetime) -> None:
    """Answer somebody who wrote to us directly, once for this key; the text must be fit for a customer's eyes."""
    message = customer_message(Kind.NOTICE, {"text": text, "body": text})
    outbox.post(work.session, message=message, lane=f"@{user}", id=work.new_id(), key=key, now=now)


def plain(work: Work, sentence: str, *, ticket: str | None = None, now: datetime) -> Answer:
    """Answer with one sentence; whatever it quotes is shown literally."""
    zone = work.desk.handbooks.default.handbook.zone
    return Answer(text=answers.plain(work.desk.catalog, sentence=sentence, zone=zone, now=now), ticket=ticket)
