"""How long does Slack wait for a slash command's answer, inside this process?

Ours has committed the ticket and all that follows from it, to a disk; the stock listener has done nothing.
"""

from slack_bolt import App

from tests.bench import office, stock
from tests.bench.goal import Goal, at_most
from tests.bench.measure import interleaved, p50, scaled

ROUNDS = 200


def goals(part: float) -> list[Goal]:
    """A ticket by command against a command that does nothing, in Bolt's default settings."""
    theirs = stock.bolt()
    with office.bolt() as ours:
        took = interleaved({"ours": lambda: _ask(ours), "stock": lambda: _ask(theirs)}, rounds=scaled(ROUNDS, part))
    return [
        at_most(
            "slash command, ticket committed, in process: p50", p50(took["ours"]) * 1e3, p50(took["stock"]) * 1e3,
            0.25, unit="ms",
        )
    ]  # fmt: skip


def _ask(app: App) -> None:
    answer = app.dispatch(office.bolt_request(*office.signed_command()))
    if answer.status != 200:
        raise AssertionError(f"not answered: {answer.status} {answer.body}")
