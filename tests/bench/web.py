"""How long does Slack wait for a slash command's answer over HTTP, alone and in a crowd?

Both servers are processes of their own behind the same uvicorn; rounds alternate between them.
"""

import http.client
import statistics
import threading
from collections.abc import Callable
from time import perf_counter
from urllib.parse import urlsplit

from tests.bench import office
from tests.bench.goal import Goal, at_most, faster
from tests.bench.measure import p50, p99, scaled
from tests.bench.served import served

ROUNDS, ALONE, CROWD = 6, 40, 320
CONNECTIONS = 16


def goals(part: float) -> list[Goal]:
    """One connection and sixteen, ours with a committed ticket against the stock adapter with a no-op."""
    with served("web ours") as ours, served("web stock") as stock:
        urls = {"ours": str(ours.said["url"]), "stock": str(stock.said["url"])}
        alone, _ = _rounds(urls, connections=1, asked=scaled(ALONE, part), rounds=scaled(ROUNDS, part))
        crowd, rate = _rounds(urls, connections=CONNECTIONS, asked=scaled(CROWD, part), rounds=scaled(ROUNDS, part))
    return [
        at_most("the same over HTTP, 1 connection: p50", p50(alone["ours"]), p50(alone["stock"]), 0.25, unit="ms"),
        faster(
            "the same over HTTP, 16 connections: requests/s", 1e3 / rate["ours"], 1e3 / rate["stock"], 4, unit="ms"
        ),
        at_most(
            "the same over HTTP, 16 connections: our p99 to the baseline's p50", p99(crowd["ours"]),
            p50(crowd["stock"]), 1, unit="ms",
        ),
    ]  # fmt: skip


def _rounds(
    urls: dict[str, str], *, connections: int, asked: int, rounds: int
) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Give each server's answers in milliseconds, and the median of its requests a second."""
    took: dict[str, list[float]] = {name: [] for name in urls}
    rates: dict[str, list[float]] = {name: [] for name in urls}
    for nth in range(-1, rounds):
        for name in urls if nth % 2 else reversed(urls):
            began = perf_counter()
            found = _crowd(urls[name], connections=connections, asked=asked)
            if nth >= 0:
                took[name] += found
                rates[name].append(len(found) / (perf_counter() - began))
    return took, {name: statistics.median(found) for name, found in rates.items()}


def _crowd(url: str, *, connections: int, asked: int) -> list[float]:
    """Ask over so many connections at once; all of them together ask so often."""
    found: list[float] = []
    broken: list[Exception] = []
    asking = [
        threading.Thread(target=_kept(broken, lambda: found.extend(_ask(url, times=max(asked // connections, 1)))))
        for _ in range(connections)
    ]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    if broken:
        raise broken[0]
    return found


def _kept(broken: list[Exception], call: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            call()
        except (OSError, http.client.HTTPException, AssertionError) as error:
            broken.append(error)

    return run


def _ask(url: str, *, times: int) -> list[float]:
    """Ask again and again on one connection that stays open; milliseconds of each."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    took = []
    try:
        connection.connect()
        for _ in range(times):
            body, headers = office.signed_command()
            began = perf_counter()
            connection.request("POST", "/slack/events", body, headers)
            answer = connection.getresponse()
            answer.read()
            took.append((perf_counter() - began) * 1e3)
            if answer.status != 200:
                raise AssertionError(f"not answered: {answer.status}")
    finally:
        connection.close()
    return took
