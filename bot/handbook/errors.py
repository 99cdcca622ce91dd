"""What is wrong with a handbook, where, and what is allowed instead?"""

from collections.abc import Iterable


class HandbookError(Exception):
    """A handbook was refused; `faults` has every reason as `file:line:column: key: what is wrong, what is allowed`."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))
