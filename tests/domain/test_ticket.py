"""Which states can a ticket be in, and which moves between them are legal?"""

from datetime import UTC, datetime

import pytest

from bot.domain.errors import IllegalMove
from bot.domain.ticket import MOVES, OPEN_STATES, Severity, State, move, queue_order

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.mark.req("LC-1")
@pytest.mark.parametrize(
    ("current", "target"),
    [
        (State.NEW, State.RESPONDED),
        (State.NEW, State.DECLINED),
        (State.RESPONDED, State.IN_PROGRESS),
        (State.IN_PROGRESS, State.WAITING),
        (State.WAITING, State.IN_PROGRESS),
        (State.IN_PROGRESS, State.RESOLVED),
        (State.RESOLVED, State.CLOSED),
        (State.RESOLVED, State.IN_PROGRESS),
        (State.NEW, State.MERGED),
    ],
)
def test_the_lifecycle_knows_this_move(current: State, target: State) -> None:
    assert move("T-1", current, target) is target


@pytest.mark.req("LC-1")
@pytest.mark.parametrize(
    ("current", "target"),
    [
        (State.NEW, State.CLOSED),
        (State.CLOSED, State.IN_PROGRESS),
        (State.DECLINED, State.RESOLVED),
        (State.MERGED, State.NEW),
        (State.RESOLVED, State.WAITING),
    ],
)
def test_any_other_move_is_refused_with_both_states(current: State, target: State) -> None:
    with pytest.raises(IllegalMove, match=rf"illegal_move\(ticket='T-1', current=.*{current.value}"):
        move("T-1", current, target)


def test_what_is_over_goes_nowhere() -> None:
    assert {state for state, after in MOVES.items() if not after} == set(State) - OPEN_STATES


@pytest.mark.req("SV-3")
def test_the_queue_works_the_highest_severity_first_then_the_nearest_deadline() -> None:
    rows = [
        (Severity.SEV2, NINE, 1),
        (Severity.SEV1, None, 2),
        (Severity.SEV1, NINE, 3),
        (Severity.SEV2, NINE.replace(hour=8), 4),
        (Severity.SEV2, NINE, 5),
    ]

    ordered = sorted(rows, key=lambda row: queue_order(*row))

    assert [number for _, _, number in ordered] == [3, 2, 4, 1, 5]
