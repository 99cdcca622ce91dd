"""How fast are several ways of doing the same, measured so that a busy machine disturbs all of them alike?"""

import gc
import statistics
from collections.abc import Callable, Mapping
from time import perf_counter

Way = Callable[[], object]
"""One batch of work."""


def medians(ways: Mapping[str, Way], *, calls: Mapping[str, int], rounds: int) -> dict[str, float]:
    """Give the median seconds of one call of each way: every round runs each batch once, in turns.

    `calls` is how many calls a way's batch makes.
    """
    for way in ways.values():
        way()
    took: dict[str, list[float]] = {name: [] for name in ways}
    collecting = gc.isenabled()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, way in ways.items():
                began = perf_counter()
                way()
                took[name].append((perf_counter() - began) / calls[name])
    finally:
        if collecting:
            gc.enable()
    return {name: statistics.median(found) for name, found in took.items()}
