"""How does everything about on-call look with plausible values? For the check of the templates."""

from collections.abc import Iterator

from bot.domain.message import Block, InternalMessage
from bot.messages import answers, home, rota, rota_forms
from bot.messages.home import PostView, ShiftView
from bot.messages.render import Catalog
from bot.messages.rota import HandoffView
from bot.messages.samples import FULL, HELD, HOUR, NOW, OVER, RESOLVED, THEIRS, ZONE
from bot.messages.view import Choice, CustomerRow


def handoffs_in(catalog: Catalog) -> Iterator[InternalMessage]:
    """A hand-off for both sides, with and without tickets, late and on time."""
    for coming in (True, False):
        bare = HandoffView("Initial response", coming, (), ())
        full = HandoffView(
            "Initial response", coming, ("Ana Lima",), ("Bo Chen", "Kai"), ("Ana Lima",), NOW + HOUR, (FULL,), 3,
            NOW - HOUR,
        )  # fmt: skip
        for view in (bare, full):
            yield rota.handoff(catalog, handoff=view, zone=ZONE, now=NOW)


def homes_in(catalog: Catalog) -> Iterator[Block]:
    """Every home tab, with and without people on call."""
    queue = answers.staff_queue(catalog, tickets=(FULL,), total=1, zone=ZONE, now=NOW)
    shifts = (ShiftView(("Ana", "Bo"), NOW, NOW + HOUR), ShiftView((), NOW + HOUR, NOW + 400 * HOUR, goes_on=True))
    busy = (PostView("Initial response", shifts * 8, shifts[:1]), PostView("second-line", shifts))
    for posts, calendar in (((), ""), (busy, "https://desk.example/oncall.ics?token=x")):
        yield home.staff_home(
            catalog, posts=posts, calendar=calendar, changes=bool(posts), queue=queue, zone=ZONE, now=NOW
        )
    colleagues = (Choice("ana", "Ana Lima"), Choice("bo", "Bo Chen"))
    for rotations in ((Choice("first-line", "first-line"),), (Choice("a", "a"), Choice("b", "b"))):
        yield rota_forms.override_form(
            catalog, people=colleagues, rotations=rotations, change="replace", starts_at=NOW, metadata={}
        )
    theirs = (CustomerRow(HELD, NOW + HOUR, ("Logs",)), CustomerRow(RESOLVED), CustomerRow(THEIRS))
    for rows, total in (((), 0), (theirs, 3), (theirs, 4), (theirs * 7, 40)):
        yield home.customer_home(
            catalog, rows=rows, total=total, closed=(CustomerRow(OVER),) if rows else (), zone=ZONE, now=NOW
        )
    yield home.unknown_home(catalog, zone=ZONE, now=NOW)
