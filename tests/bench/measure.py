"""How fast are several ways of doing the same, measured so that a busy machine disturbs all of them alike?

Every round takes each way once, in turns, and the next round in the opposite order; what counts is the median.
"""

import gc
import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter, thread_time

Way = Callable[[], object]
"""One batch of work."""


def interleaved(
    ways: Mapping[str, Way],
    *,
    rounds: int,
    before: Mapping[str, Way] | None = None,
    timer: Callable[[], float] = perf_counter,
    warm: int = 1,
) -> dict[str, list[float]]:
    """Give the seconds of each batch of each way, one for each round; `warm` rounds before are not counted.

    What stands `before` a way is done ahead of each of its batches and takes no time.
    """
    took: dict[str, list[float]] = {name: [] for name in ways}
    collecting = gc.isenabled()
    gc.disable()
    try:
        for nth in range(-warm, rounds):
            names = list(ways)
            for name in names if nth % 2 else reversed(names):
                if before and name in before:
                    before[name]()
                began = timer()
                ways[name]()
                if nth >= 0:
                    took[name].append(timer() - began)
            gc.collect(0)
    finally:
        if collecting:
            gc.enable()
    return took


def medians(ways: Mapping[str, Way], *, calls: Mapping[str, int], rounds: int) -> dict[str, float]:
    """Give the median seconds of one call of each way; `calls` is how many calls a way's batch makes."""
    took = interleaved(ways, rounds=rounds)
    return {name: statistics.median(found) / calls[name] for name, found in took.items()}


def cpu_medians(ways: Mapping[str, Way], *, rounds: int) -> dict[str, float]:
    """Give the median seconds of CPU that a batch of each way takes in this thread."""
    return {name: p50(found) for name, found in interleaved(ways, rounds=rounds, timer=thread_time).items()}


def p50(found: Sequence[float]) -> float:
    """The median."""
    return statistics.median(found)


def p99(found: Sequence[float]) -> float:
    """What 99 of 100 do not exceed."""
    return sorted(found)[max(math.ceil(len(found) * 0.99) - 1, 0)]


def scaled(full: int, part: float, *, least: int = 2) -> int:
    """A count of the full bench, or the part of it that is asked for."""
    return max(round(full * part), min(least, full))
