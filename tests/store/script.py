"""What do several threads do to one database at the same moment?"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def all_at_once(work: Callable[[int], Result], *, threads: int = 4) -> list[Result]:
    """Start the work in every thread together and give the results in the threads' order; raises what they raise."""
    gate = threading.Barrier(threads)

    def run(number: int) -> Result:
        gate.wait(timeout=10)
        return work(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))
