"""How long does Slack wait for a slash command's answer, inside this process?

Ours has committed the ticket and all that follows from it, to a disk; the stock listener has done nothing. To write
and sign the request is Slack's own work and takes none of the time.
"""

from slack_bolt import App

from tests.bench import office, stock
from tests.bench.goal import Goal, at_most
from tests.bench.measure import interleaved, p50, scaled

ROUNDS = 200

Signed = tuple[bytes, dict[str, str]]
"""A request's body and headers."""


def goals(part: float) -> list[Goal]:
    """A ticket by command against a command that does nothing, in Bolt's default settings."""
    theirs = stock.bolt()
    coming: list[Signed] = []
    with office.bolt() as ours:
        took = interleaved(
            {"ours": lambda: _ask(ours, coming.pop()), "stock": lambda: _ask(theirs, coming.pop())},
            before=dict.fromkeys(("ours", "stock"), lambda: coming.append(office.signed_command())),
            rounds=scaled(ROUNDS, part),
        )
    return [
        at_most(
            "slash command, ticket committed, in process: p50", p50(took["ours"]) * 1e3, p50(took["stock"]) * 1e3,
            0.25, unit="ms",
        )
    ]  # fmt: skip


def _ask(app: App, signed: Signed) -> None:
    answer = app.dispatch(office.bolt_request(*signed))
    if answer.status != 200:
        raise AssertionError(f"not answered: {answer.status} {answer.body}")
