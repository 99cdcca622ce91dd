"""Which properties run at their full count? Those marked long, and only when they are asked for with `-m long`."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "long" in str(config.option.markexpr):
        return
    long = [item for item in items if item.get_closest_marker("long") and "tests/domain/" in item.nodeid]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
