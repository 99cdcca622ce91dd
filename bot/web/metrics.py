"""How is the desk doing, in numbers that a monitor can collect?"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Gauge:
    """One measured value: `name` without the prefix, what it means, and the labels that tell it from its like."""

    name: str
    meaning: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


Gauges = Callable[[], Iterable[Gauge]]


class Metrics:
    """What `/metrics` answers: every value is read from the database when it is asked for, none is kept here."""

    def __init__(self, gauges: Gauges) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_Desk(gauges))

    def text(self) -> bytes:
        """The values in Prometheus' text format. Raises what reading them raises."""
        return generate_latest(self._registry)


class _Desk(Collector):
    def __init__(self, gauges: Gauges) -> None:
        self._gauges = gauges

    def describe(self) -> Iterator[GaugeMetricFamily]:
        # Told nothing beforehand: registering must not need a database.
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        families: dict[str, GaugeMetricFamily] = {}
        for gauge in self._gauges():
            labels = sorted(gauge.labels)
            family = families.get(gauge.name)
            if family is None:
                family = GaugeMetricFamily(f"watchbell_{gauge.name}", gauge.meaning, labels=labels)
                families[gauge.name] = family
            family.add_metric([gauge.labels[label] for label in labels], gauge.value)
        yield from families.values()
